// Finds the parameters with which an engine finds as much as is asked for.
#ifndef MARQUEE_OFFLINE_BUILD_TUNING_H_
#define MARQUEE_OFFLINE_BUILD_TUNING_H_

#include "core/retrieval/recall.h"
#include "core/retrieval/retrieval_index.h"

namespace marquee {

struct Tuned {
  float parameter = 0;
  double recall = 1;  // RecallSample::Lowest with it
};

// The largest of some stop shares (CellScan) with which the lowest recall is at
// least `target`; 0, all cells, when there is none. Reads neither of the index'
// own parameters.
Tuned TuneStopShare(const RetrievalIndex& index, const RecallSample& sample,
                    double target);

// The smallest of some widths per k (GraphSearch) likewise; the largest when
// none is enough. Requires: the index has a graph.
Tuned TuneWidth(const RetrievalIndex& index, const RecallSample& sample,
                double target);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_TUNING_H_
