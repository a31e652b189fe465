#include "offline/data/interaction_remarks.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "offline/data/interactions.h"
#include "offline/data/spelling.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr int64_t kYear1990 = 631152000;
// A column of events may hold any text, so the names that are kept are limited.
constexpr size_t kMostEvents = 16;

std::string TellMoment(int64_t seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(seconds),
                          absl::UTCTimeZone());
}

}  // namespace

void InteractionRemarks::CountEvent(absl::string_view event) {
  if (last_event_ == events_.end() || last_event_->first != event) {
    const auto found = events_.find(event);
    // One name above the limit is kept: it tells that there are more.
    if (found == events_.end() && events_.size() > kMostEvents) return;
    last_event_ = found != events_.end()
                      ? found
                      : events_.try_emplace(std::string(event), 0).first;
  }
  ++last_event_->second;
}

void InteractionRemarks::Add(const InteractionView& row, uint64_t line) {
  ++rows_;
  if (row.weight > 0) {
    ++likes_;
    CountEvent(row.event);
  }
  earliest_ = std::min(earliest_, row.timestamp);
  latest_ = std::max(latest_, row.timestamp);
  if (row.timestamp < kYear1990) early_.Add(line);
  if (IsToCome(row.timestamp)) future_.Add(line);
  for (const absl::string_view id : {row.user_id, row.item_id}) {
    if (!IsForNothing(id)) continue;
    if (nameless_.count == 0) nameless_id_ = std::string(id);
    nameless_.Add(line);
  }
}

void InteractionRemarks::TellMoments(std::vector<std::string>& remarks) const {
  if (early_.count > 0) {
    remarks.push_back(absl::StrCat(
        early_.count, " of its ", rows_,
        " moments are before 1990, the first "
        "on line ",
        early_.first, "; they reach from ", TellMoment(earliest_), " to ",
        TellMoment(latest_), ": are they seconds since 1970?"));
  }
  if (rows_ > 1 && earliest_ == latest_) {
    remarks.push_back(absl::StrCat("all moments are ", TellMoment(latest_),
                                   ": their order is unknown"));
  }
  if (future_.count > 0) {
    remarks.push_back(
        absl::StrCat(future_.count, " of its ", rows_,
                     " moments are later than now, the first on line ",
                     future_.first, ", the latest ", TellMoment(latest_)));
  }
}

std::vector<std::string> InteractionRemarks::Tell() const {
  std::vector<std::string> remarks;
  if (nameless_.count > 0) {
    remarks.push_back(absl::StrCat(nameless_.count, " ids are ",
                                   QuoteForError(nameless_id_),
                                   " or the like, which tables write for a "
                                   "missing value, the first on line ",
                                   nameless_.first));
  }
  if (rows_ > 0 && likes_ == 0) {
    remarks.push_back(absl::StrCat("the weight of all its ", rows_,
                                   " rows is 0: none is a sign of liking"));
  }
  TellMoments(remarks);
  return remarks;
}

std::string InteractionRemarks::TellEvents() const {
  if (events_.size() < 2) return "";
  if (events_.size() > kMostEvents) {
    return absl::StrCat(
        "it has more than ", kMostEvents,
        " events, which all count as signs of liking (--events chooses)");
  }
  const auto count = [](std::string* out, const auto& event) {
    absl::StrAppend(out, event.second, " ", QuoteForError(event.first));
  };
  return absl::StrCat("its events ", absl::StrJoin(events_, ", ", count),
                      " all count as signs of liking (--events chooses)");
}

}  // namespace marquee
