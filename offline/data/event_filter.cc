#include "offline/data/event_filter.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

std::string Quoted(const std::vector<std::string>& events) {
  return absl::StrJoin(events, ", ", [](std::string* out, const auto& event) {
    absl::StrAppend(out, QuoteForError(event));
  });
}

}  // namespace

bool EventFilter::Passes(absl::string_view event) {
  if (passes_all_) return true;
  // A run of rows with one event needs one search.
  if (rows_ == 0 || event != last_) Find(event);
  ++rows_;
  passed_ += last_passes_;
  return last_passes_;
}

void EventFilter::Find(absl::string_view event) {
  last_ = std::string(event);
  const auto wanted = absl::c_find(wanted_.names, event);
  last_passes_ = wanted != wanted_.names.end();
  if (last_passes_) {
    found_[wanted - wanted_.names.begin()] = true;
  } else if (others_.size() < kMostOthers) {
    others_.insert(last_);
  } else {
    has_more_others_ |= !others_.contains(last_);
  }
}

absl::Status EventFilter::Check(const std::string& path) const {
  if (passes_all_ || rows_ == 0) return absl::OkStatus();
  const auto missing = absl::c_find(found_, false);
  // Events that the user named must all occur. For implied ones, one row is
  // enough.
  if (missing == found_.end() || (wanted_.implied && passed_ > 0)) {
    return absl::OkStatus();
  }
  std::vector<std::string> there;
  for (size_t i = 0; i < found_.size(); ++i) {
    if (found_[i]) there.push_back(wanted_.names[i]);
  }
  there.insert(there.end(), others_.begin(), others_.end());
  absl::c_sort(there);
  return absl::FailedPreconditionError(absl::StrCat(
      path, ": no row has the event ",
      QuoteForError(wanted_.names[missing - found_.begin()]),
      wanted_.implied ? ", which the vectors learnt from" : "", "; it has ",
      Quoted(there), has_more_others_ ? " and more" : "", ": choose with ",
      wanted_.option));
}

std::string EventFilter::Tell() const {
  if (passes_all_ || !wanted_.implied || passed_ == rows_) return "";
  return absl::StrCat(rows_ - passed_, " of its ", rows_,
                      " rows are not signs of liking: the vectors learnt "
                      "only from ",
                      Quoted(wanted_.names), " (", wanted_.option, " chooses)");
}

}  // namespace marquee
