#include "offline/data/row_copies.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/checksum.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

// The rows of each user, user after user, in their order.
struct RowsByUser {
  std::vector<uint64_t> begin;  // [users + 1]
  std::vector<uint32_t> rows;
};

// A counting sort, which keeps the order of a user's rows.
RowsByUser Group(size_t users, size_t rows,
                 absl::FunctionRef<uint32_t(size_t)> user_of) {
  RowsByUser grouped;
  grouped.begin.assign(users + 1, 0);
  for (size_t row = 0; row < rows; ++row) ++grouped.begin[user_of(row) + 1];
  for (size_t user = 0; user < users; ++user) {
    grouped.begin[user + 1] += grouped.begin[user];
  }
  grouped.rows.resize(rows);
  std::vector<uint64_t> next(grouped.begin.begin(), grouped.begin.end() - 1);
  for (size_t row = 0; row < rows; ++row) {
    grouped.rows[next[user_of(row)]++] = static_cast<uint32_t>(row);
  }
  return grouped;
}

}  // namespace

uint64_t DigestOf(const InteractionView& row) {
  // One hash of all fields. If one hash were the seed of the next, short texts
  // would collide.
  const uint64_t fields[] = {Checksum64(row.item_id), Checksum64(row.event),
                             static_cast<uint64_t>(row.timestamp),
                             std::bit_cast<uint32_t>(row.weight)};
  return Checksum64(std::as_bytes(std::span(fields)));
}

absl::StatusOr<std::vector<bool>> FindCopies(
    const std::string& path, size_t users, std::span<const uint64_t> digests,
    absl::FunctionRef<uint32_t(size_t)> user_of) {
  if (digests.size() > std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError(absl::StrCat(
        path, ": has ", digests.size(), " rows that count; the most is ",
        std::numeric_limits<uint32_t>::max(), ": leave out the oldest"));
  }
  const RowsByUser grouped = Group(users, digests.size(), user_of);
  std::vector<bool> copies;
  std::vector<std::pair<uint64_t, uint32_t>> rows;  // rows of one user
  for (size_t user = 0; user < users; ++user) {
    rows.clear();
    for (uint64_t i = grouped.begin[user]; i < grouped.begin[user + 1]; ++i) {
      rows.emplace_back(digests[grouped.rows[i]], grouped.rows[i]);
    }
    // Equal digests are in the order of the file, so the first is the original.
    std::sort(rows.begin(), rows.end());
    for (size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].first != rows[i - 1].first) continue;
      if (copies.empty()) copies.resize(digests.size());
      copies[rows[i].second] = true;
    }
  }
  return copies;
}

std::string TellCopies(const std::string& path, uint64_t count,
                       absl::string_view user_id, absl::string_view item_id) {
  return absl::StrCat(
      path, ": ", count,
      count == 1 ? " row is a copy of another, of user "
                 : " rows are copies of others, the first of user ",
      QuoteForError(user_id), " and item ", QuoteForError(item_id),
      count == 1 ? ": it counts once" : ": each counts once");
}

}  // namespace marquee
