// Rows that try a forest where engines could differ: features on its
// thresholds and categories, on the numbers next to them, missing, infinite,
// about zero, and in between.
#ifndef MARQUEE_CORE_SCORING_PROBE_ROWS_H_
#define MARQUEE_CORE_SCORING_PROBE_ROWS_H_

#include <cstddef>

#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"

namespace marquee {

// The same for the same forest and count.
FeatureMatrix MakeProbeRows(const Forest& forest, size_t count);

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_PROBE_ROWS_H_
