// Rows on which engines could differ. Their values are thresholds and
// categories of the forest, the neighbours of these, missing, infinite, near
// zero, and in between.
#ifndef MARQUEE_CORE_SCORING_PROBE_ROWS_H_
#define MARQUEE_CORE_SCORING_PROBE_ROWS_H_

#include <cstddef>

#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"

namespace marquee {

// The rows depend on the forest and the count only.
FeatureMatrix MakeProbeRows(const Forest& forest, size_t count);

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_PROBE_ROWS_H_
