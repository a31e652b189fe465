// Why a list is shorter than requested.
#ifndef MARQUEE_CORE_PIPELINE_SHORTFALL_H_
#define MARQUEE_CORE_PIPELINE_SHORTFALL_H_

#include "core/pipeline/response.h"
#include "core/rerank/slate.h"

namespace marquee {

// Adds a degradation for each cause that holds; none if the list has as many
// items as were requested. `filled`: how the list was filled, before the final
// check removed `response.removed_by_final_check` items.
// `of_sources`: the request asked for certain sources.
void ExplainShortfall(const SlateOutcome& filled, bool of_sources,
                      RecommendResponse& response);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_SHORTFALL_H_
