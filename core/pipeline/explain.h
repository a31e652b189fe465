// Explains a list: what the stages computed for each item in it, and where any
// other item ended.
//
//   Trace trace;
//   MARQUEE_RETURN_IF_ERROR(
//       pipeline.Recommend(request, scratch, response, &trace));
//   const Explanation explanation =
//       Explain({pipeline, request, scratch, response, trace}, item_ids);
#ifndef MARQUEE_CORE_PIPELINE_EXPLAIN_H_
#define MARQUEE_CORE_PIPELINE_EXPLAIN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/pipeline/pipeline.h"

namespace marquee {

// Where an item ended.
enum class Outcome : uint8_t {
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
  kShownBefore,
};
inline constexpr size_t kOutcomes = 15;
absl::string_view OutcomeName(Outcome outcome);

struct ItemOutcome {
  Outcome outcome = Outcome::kUnknownItem;
  // By inner product, as if retrieval were exact. From 1; 0: was not eligible.
  size_t exact_rank = 0;
  size_t ranker_rank = 0;  // from 1; 0: not ranked
  size_t position = 0;     // in the answer, from 1; 0: not shown
  std::string rule;        // the deciding rule; empty: none decided
  std::string detail;      // for people: one sentence with all facts
};

// The ranks, scores and features of an item of the list.
struct ExplainedItem {
  ItemRow row{};
  // All 0: no source brought it (a pin, a popular item).
  CandidateOrigin origin;
  // The inner product with the user's vector; NaN if there is none.
  float retrieval_score = 0;
  // From 1; 0: the ranker did not score it.
  size_t ranker_rank = 0;
  double ranker_score = 0;
  // [features of the ranker]; empty if the ranker did not score the item.
  std::vector<float> features;
};

struct Explanation {
  std::vector<ExplainedItem> items;   // those of the answer, in its order
  std::vector<ItemOutcome> outcomes;  // of `item_ids`, in their order
};

// A traced request, with everything as Recommend(request, scratch, response,
// &trace) left it.
struct TracedAnswer {
  const Pipeline& pipeline;
  const RecommendRequest& request;
  const PipelineScratch& scratch;
  const RecommendResponse& response;
  const Trace& trace;
};

// Explains the answer and each of `item_ids`. Scans every eligible vector once,
// for all of `item_ids` together.
Explanation Explain(const TracedAnswer& answer,
                    std::span<const absl::string_view> item_ids);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_EXPLAIN_H_
