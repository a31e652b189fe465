#include "offline/build/history_rows.h"

#include <algorithm>
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "core/base/ids.h"
#include "core/base/status_macros.h"
#include "offline/data/interactions.h"
#include "offline/data/row_copies.h"
#include "offline/formats/progress.h"

namespace marquee {
namespace {

class HistoryReader {
 public:
  HistoryReader(const std::string& path, const HistoryOptions& options,
                size_t with_vector, IdDictionary& users,
                const IdDictionary& items)
      : path_(path),
        options_(options),
        with_vector_(with_vector),
        users_(users),
        items_(items) {}

  absl::StatusOr<HistoryRows> Read() {
    MARQUEE_ASSIGN_OR_RETURN(const auto reader,
                             InteractionReader::Open(path_, options_.now));
    EventFilter filter(options_.events, reader->has_events());
    Progress progress(absl::StrCat("reading ", path_), reader->size_bytes(),
                      "B");
    InteractionView view;
    while (true) {
      MARQUEE_ASSIGN_OR_RETURN(const bool more, reader->Next(&view));
      if (!more) break;
      progress.Update(reader->consumed_bytes());
      Add(view, filter.Passes(view.event));
    }
    MARQUEE_RETURN_IF_ERROR(filter.Check(path_));
    rows_.remarks = reader->Remarks(&filter);
    MARQUEE_RETURN_IF_ERROR(LeaveOutCopies());
    SettleMoments(*reader);
    return std::move(rows_);
  }

 private:
  // The weight of a like of a user without a vector.
  struct Weight {
    uint32_t row;
    float weight;
  };

  void Add(const InteractionView& view, bool wanted) {
    ++rows_.rows_read;
    if (view.timestamp >= options_.until) return;
    rows_.likes.Add(view);
    const auto item = items_.Find(view.item_id);
    if (!item) {
      if (++rows_.unknown_items == 1) {
        rows_.unknown_item = std::string(view.item_id);
      }
      return;
    }
    const uint32_t user = users_.FindOrAdd(view.user_id);
    const bool liked = wanted && view.weight > 0;
    if (liked && user >= with_vector_) {
      weights_.push_back(
          {static_cast<uint32_t>(rows_.events.size()), view.weight});
    }
    rows_.events.push_back({user, *item, liked});
    rows_.moments.push_back(static_cast<uint32_t>(std::min<int64_t>(
        view.timestamp, std::numeric_limits<uint32_t>::max())));
    digests_.push_back(DigestOf(view));
  }

  absl::Status LeaveOutCopies() {
    std::vector<HistoryRows::Event>& events = rows_.events;
    MARQUEE_ASSIGN_OR_RETURN(
        const std::vector<bool> copies,
        FindCopies(path_, users_.size(), digests_,
                   [&events](size_t row) { return events[row].user; }));
    digests_ = std::vector<uint64_t>();  // frees their memory, too
    // Before the copies are removed, because these rows count them.
    for (const auto& [row, weight] : weights_) {
      if (!copies.empty() && copies[row]) continue;
      rows_.likes_without_vector.push_back(
          {events[row].user, ItemRow{events[row].item}, weight});
    }
    if (copies.empty()) return absl::OkStatus();
    const auto first = events[absl::c_find(copies, true) - copies.begin()];
    rows_.remarks.push_back(
        TellCopies(path_, static_cast<uint64_t>(absl::c_count(copies, true)),
                   users_[first.user], items_[first.item]));
    LeaveOut(copies, events);
    LeaveOut(copies, rows_.moments);
    return absl::OkStatus();
  }

  // A clock that is ahead must not make all other rows old. Rows in the future
  // get the moment of the newest like that is not, if there is one.
  void SettleMoments(const InteractionReader& reader) {
    uint32_t newest = 0;
    for (size_t row = 0; row < rows_.events.size(); ++row) {
      const uint32_t moment = rows_.moments[row];
      if (rows_.events[row].liked && !reader.IsToCome(moment)) {
        newest = std::max(newest, moment);
      }
    }
    if (newest == 0) return;
    for (uint32_t& moment : rows_.moments) {
      if (reader.IsToCome(moment)) moment = newest;
    }
  }

  const std::string& path_;
  const HistoryOptions& options_;
  const size_t with_vector_;
  IdDictionary& users_;
  const IdDictionary& items_;
  HistoryRows rows_;
  std::vector<uint64_t> digests_;
  std::vector<Weight> weights_;
};

}  // namespace

absl::StatusOr<HistoryRows> ReadHistoryRows(const std::string& path,
                                            const HistoryOptions& options,
                                            size_t with_vector,
                                            IdDictionary& users,
                                            const IdDictionary& items) {
  return HistoryReader(path, options, with_vector, users, items).Read();
}

}  // namespace marquee
