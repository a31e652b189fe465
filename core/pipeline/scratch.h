// The working memory of one worker: made once, used for every request.
#ifndef MARQUEE_CORE_PIPELINE_SCRATCH_H_
#define MARQUEE_CORE_PIPELINE_SCRATCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/aligned_buffer.h"
#include "core/base/feature_matrix.h"
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
        features(max_candidates, snapshot.ranker()
                                     ? snapshot.ranker()->extractor().features()
                                     : 0),
        scores(max_candidates),
        scorer(snapshot.ranker() ? snapshot.ranker()->scorer().scratch_bytes()
                                 : 0) {}

  ViewerContext viewer;
  EligibleSet eligible;
  RetrievalScratch retrieval;
  std::vector<Candidate> retrieved;
  std::vector<FeatureCandidate> feature_candidates;
  FeatureScratch feature_scratch;
  FeatureMatrix features;
  std::vector<double> scores;
  AlignedBuffer<std::byte> scorer;
  std::vector<SlateCandidate> slate_candidates;
  std::vector<uint64_t> taken;
  SlateScratch slate;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_SCRATCH_H_
