#include "offline/build/tuning.h"

#include "core/retrieval/cell_scan.h"
#include "core/retrieval/graph_search.h"

namespace marquee {
namespace {

// From cheap to costly.
constexpr float kStopShares[] = {0.08f,  0.04f,   0.02f,   0.01f, 0.005f,
                                 0.002f, 0.0005f, 0.0001f, 0};
constexpr float kWidths[] = {1.0f, 1.2f, 1.4f, 1.7f, 2.0f, 2.5f, 3.0f, 4.0f};

// Returns the first parameter that reaches the target, or the last one.
template <size_t kCount, typename Measure>
Tuned First(const float (&parameters)[kCount], double target, Measure measure) {
  Tuned tuned;
  for (const float parameter : parameters) {
    tuned = {.parameter = parameter, .recall = measure(parameter)};
    if (tuned.recall >= target) break;
  }
  return tuned;
}

}  // namespace

Tuned TuneStopShare(const RetrievalIndex& index, const RecallSample& sample,
                    double target) {
  return First(kStopShares, target, [&](float stop_share) {
    return sample.Lowest(CellScan(index.vectors, index.codes, index.cells,
                                  {.stop_share = stop_share}));
  });
}

Tuned TuneWidth(const RetrievalIndex& index, const RecallSample& sample,
                double target) {
  const CellScan exact(index.vectors, index.codes, index.cells, {});
  return First(kWidths, target, [&](float width) {
    return sample.Lowest(GraphSearch(index.graph, index.vectors, index.codes,
                                     exact, {.width_per_k = width}));
  });
}

}  // namespace marquee
