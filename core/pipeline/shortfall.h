// Why a list is shorter than it was asked for.
#ifndef MARQUEE_CORE_PIPELINE_SHORTFALL_H_
#define MARQUEE_CORE_PIPELINE_SHORTFALL_H_

#include "core/pipeline/response.h"
#include "core/rerank/slate.h"

namespace marquee {

// Adds a degradation for each cause that holds; none when the list has as many
// titles as were requested. `filled`: how the list came about, before the last
// guard took out `response.removed_by_final_check` titles.
void ExplainShortfall(const SlateOutcome& filled, RecommendResponse& response);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_SHORTFALL_H_
