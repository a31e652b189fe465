// The working memory of one worker: made once, used for every request.
#ifndef MARQUEE_CORE_PIPELINE_SCRATCH_H_
#define MARQUEE_CORE_PIPELINE_SCRATCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/features/extractor.h"
#include "core/pipeline/eligible_set.h"
#include "core/pipeline/viewer_context.h"
#include "core/rerank/slate.h"
#include "core/retrieval/retriever.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Fits one snapshot: a worker makes a new one when the snapshot changes.
// Externally synchronised.
struct PipelineScratch {
  PipelineScratch(const Snapshot& snapshot, size_t max_candidates)
      : retrieval(snapshot.item_vectors().size()),
        retrieved(max_candidates),
        scores(max_candidates) {
    if (snapshot.ranker() != nullptr) {
      ranker = snapshot.ranker()->MakeScratch(max_candidates);
    }
  }

  ViewerContext viewer;
  EligibleSet eligible;
  RetrievalScratch retrieval;
  std::vector<Candidate> retrieved;
  std::vector<FeatureCandidate> feature_candidates;
  RankerScratch ranker;
  std::vector<double> scores;
  std::vector<SlateCandidate> slate_candidates;
  std::vector<uint64_t> taken;  // of the newcomers' list
  BoostScratch boosts;
  SlateScratch slate;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_SCRATCH_H_
