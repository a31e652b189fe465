// Why a list is shorter than requested.
#ifndef MARQUEE_CORE_PIPELINE_SHORTFALL_H_
#define MARQUEE_CORE_PIPELINE_SHORTFALL_H_

#include <cstddef>
#include <optional>
#include <span>

#include "core/base/ids.h"
#include "core/catalog/candidate.h"
#include "core/pipeline/response.h"
#include "core/rerank/slate.h"

namespace marquee {

// The items that the sources of a row have for this part of it.
struct RowItems {
  size_t found = 0;   // not on pages before
  size_t placed = 0;  // those of them in the list
};

// `shown`: on pages before. `items`: the list.
RowItems CountRow(std::span<const Candidate> candidates,
                  std::span<const ItemRow> shown,
                  std::span<const RecommendedItem> items);

// Adds a degradation for each cause that holds; none if the list has as many
// items as were requested. `filled`: how the list was filled, before the final
// check removed `response.removed_by_final_check` items.
// `row`: present if the request asked for certain sources.
void ExplainShortfall(const SlateOutcome& filled,
                      const std::optional<RowItems>& row,
                      RecommendResponse& response);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_SHORTFALL_H_
