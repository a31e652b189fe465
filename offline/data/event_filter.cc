#include "offline/data/event_filter.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace marquee {

bool EventFilter::Passes(absl::string_view event) {
  if (passes_all_) return true;
  if (last_ == seen_.end() || last_->first != event) {
    last_ = seen_.try_emplace(std::string(event), false).first;
    last_->second = absl::c_linear_search(wanted_.names, last_->first);
  }
  return last_->second;
}

absl::Status EventFilter::Check(const std::string& path) const {
  if (passes_all_ || seen_.empty()) return absl::OkStatus();
  const auto missing = absl::c_find_if(
      wanted_.names,
      [this](const std::string& event) { return !seen_.contains(event); });
  const bool any =
      absl::c_any_of(seen_, [](const auto& entry) { return entry.second; });
  if (missing == wanted_.names.end() || (wanted_.implied && any)) {
    return absl::OkStatus();
  }
  const auto name = [](std::string* out, const auto& entry) {
    absl::StrAppend(out, "'", entry.first, "'");
  };
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": no row has the event '", *missing, "'",
                   wanted_.implied ? ", which the vectors learnt from" : "",
                   "; it has ", absl::StrJoin(seen_, ", ", name),
                   wanted_.implied ? ": choose with --events" : ""));
}

}  // namespace marquee
