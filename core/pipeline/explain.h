// Where a title ended in one request, and why.
#ifndef MARQUEE_CORE_PIPELINE_EXPLAIN_H_
#define MARQUEE_CORE_PIPELINE_EXPLAIN_H_

#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/pipeline/pipeline.h"

namespace marquee {

enum class End : uint8_t {
  kShown,
  kUnknownItem,
  kNotLicensed,
  kTooMature,
  kSeen,
  kExcluded,
  kFiltered,
  kBlocked,
  kNoVector,
  kNotRetrieved,
  kRankedBelow,
  kCapped,
  kNotDiverse,
  kNotSeen,
};
absl::string_view EndName(End end);

struct Fate {
  End end = End::kUnknownItem;
  size_t exact_rank =
      0;  // of retrieval, had it been exact; from 1, 0: was not eligible
  size_t ranker_rank = 0;  // from 1; 0: not ranked
  size_t position = 0;     // in the answer, from 1; 0: not shown
  std::string rule;        // that decided, if one did
  std::string detail;      // for people: the whole story in one sentence
};

// Accounts for titles, in their order, after Recommend(request, scratch,
// response, &trace), all of which are as that call left them. Scans every
// eligible vector once, for all titles together.
std::vector<Fate> AccountFor(const Pipeline& pipeline,
                             const RecommendRequest& request,
                             const PipelineScratch& scratch,
                             const RecommendResponse& response,
                             const Trace& trace,
                             std::span<const absl::string_view> item_ids);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_EXPLAIN_H_
