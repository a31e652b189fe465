#include "offline/doubts/id_doubts.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "offline/data/spelling.h"
#include "offline/doubts/doubt_list.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

class IdDoubts {
 public:
  IdDoubts(std::span<const ItemRecord> records,
           std::span<const uint64_t> lines) {
    MARQUEE_CHECK(records.size() == lines.size());
    DoubtIds(records, lines);
  }

  std::vector<std::string> Tell(const std::string& path) {
    std::vector<std::string> out;
    doubts_.Tell(path, "ids that look like another, or like nothing", out);
    return out;
  }

 private:
  // Compares an id with others only if it has invisible characters or spaces at
  // its ends.
  void DoubtIds(std::span<const ItemRecord> records,
                std::span<const uint64_t> lines) {
    absl::flat_hash_map<std::string, std::vector<size_t>>
        odd;  // by VisibleText
    for (size_t i = 0; i < records.size(); ++i) {
      const std::string& id = records[i].id;
      if (IsForNothing(id)) {
        doubts_.Add({1, lines[i]},
                    absl::StrCat("the id ", QuoteForError(id),
                                 " is what tables write for a missing value"));
      } else if (std::string seen = VisibleText(id); seen != id) {
        odd[std::move(seen)].push_back(i);
      }
    }
    if (odd.empty()) return;
    absl::flat_hash_map<std::string, size_t> plain;
    for (size_t i = 0; i < records.size(); ++i) {
      if (odd.contains(records[i].id)) plain[records[i].id] = i;
    }
    for (const auto& [seen, rows] : odd) {
      const auto found = plain.find(seen);
      const size_t other = found == plain.end() ? rows.front() : found->second;
      for (const size_t row : rows) {
        DoubtId({records[row], lines[row]}, {records[other], lines[other]});
      }
    }
  }

  using Placed = std::pair<const ItemRecord&, uint64_t>;

  void DoubtId(const Placed& item, const Placed& other) {
    const std::string& id = item.first.id;
    const std::string invisible = FirstInvisible(id);
    std::string what = absl::StrCat("the id ", QuoteForError(id));
    if (!invisible.empty()) {
      absl::StrAppend(&what, " has the character ", invisible,
                      " in it, which is not seen");
    }
    if (id != other.first.id) {
      absl::StrAppend(&what, invisible.empty() ? "" : ", and", " differs from ",
                      QuoteForError(other.first.id), " on line ", other.second,
                      " by ", Difference(id, other.first.id),
                      " alone: two items");
    } else if (invisible.empty()) {
      return;
    }
    doubts_.Add({1, item.second}, std::move(what));
  }

  DoubtList doubts_;
};

}  // namespace

std::vector<std::string> TellIdDoubts(const std::string& path,
                                      std::span<const ItemRecord> records,
                                      std::span<const uint64_t> lines) {
  return IdDoubts(records, lines).Tell(path);
}

}  // namespace marquee
