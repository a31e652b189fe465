#include "core/pipeline/shortfall.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace marquee {

RowItems CountRow(std::span<const Candidate> candidates,
                  std::span<const ItemRow> shown,
                  std::span<const RecommendedItem> items) {
  RowItems row;
  for (const Candidate& candidate : candidates) {
    if (std::find(shown.begin(), shown.end(), candidate.row) != shown.end()) {
      continue;
    }
    ++row.found;
    row.placed += std::any_of(
        items.begin(), items.end(),
        [&](const RecommendedItem& item) { return item.row == candidate.row; });
  }
  return row;
}

void ExplainShortfall(const SlateOutcome& filled,
                      const std::optional<RowItems>& row,
                      RecommendResponse& response) {
  if (response.items.size() >= response.requested) return;
  const auto degrade = [&](Degradation::Cause cause, std::string detail) {
    response.degradations.push_back({cause, std::move(detail)});
  };
  // A later page speaks of what is left.
  const absl::string_view more = response.is_first_page ? "" : " more";
  if (response.removed_by_final_check > 0) {
    degrade(Degradation::Cause::kFinalCheck,
            absl::StrCat("the final check took out ",
                         response.removed_by_final_check,
                         " items that may not be shown: a fault of the "
                         "server"));
  }
  if (response.eligible < response.requested) {
    std::string detail = absl::StrCat(response.eligible, more,
                                      " items may be shown to this user");
    if (response.left_out > 0) {
      absl::StrAppend(&detail, "; ", response.left_out,
                      " are left out as seen, which include_seen changes");
    }
    degrade(Degradation::Cause::kTooFewEligible, std::move(detail));
  }
  const size_t found = response.items.size() + response.removed_by_final_check;
  if (found >= std::min(response.requested, response.eligible)) return;
  if (filled.late) {
    degrade(Degradation::Cause::kDeadline,
            absl::StrCat("the deadline passed while items were looked for "
                         "that caps allow: ",
                         found, " were found"));
  } else if (row &&
             row->placed + response.removed_by_final_check >= row->found) {
    degrade(Degradation::Cause::kSources,
            absl::StrCat("the requested sources have ", row->found, more,
                         " items"));
  } else if (filled.cut_off) {
    degrade(Degradation::Cause::kCaps,
            absl::StrCat("the search for items that caps allow is bounded: ",
                         found, " were found"));
  } else {
    degrade(Degradation::Cause::kCaps,
            absl::StrCat("strict caps allow ", found, more, " items"));
  }
}

}  // namespace marquee
