// Finds the parameters with which an engine reaches the wanted recall.
#ifndef MARQUEE_OFFLINE_BUILD_TUNING_H_
#define MARQUEE_OFFLINE_BUILD_TUNING_H_

#include "core/retrieval/retrieval_index.h"
#include "offline/build/recall_sample.h"

namespace marquee {

struct Tuned {
  float parameter = 0;
  double recall = 1;  // RecallSample::Lowest with it
};

// Returns the largest of a list of stop shares (CellScan) with which the lowest
// recall is at least `target`; 0, all cells, if there is none. Does not read
// the index's own parameters.
Tuned TuneStopShare(const RetrievalIndex& index, const RecallSample& sample,
                    double target);

// Returns the smallest of a list of widths per k (GraphSearch) with which the
// lowest recall is at least `target`; the largest if there is none. Requires:
// the index has a graph.
Tuned TuneWidth(const RetrievalIndex& index, const RecallSample& sample,
                double target);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_TUNING_H_
