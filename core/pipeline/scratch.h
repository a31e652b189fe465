// The working memory of one worker, made once and reused for every request.
#ifndef MARQUEE_CORE_PIPELINE_SCRATCH_H_
#define MARQUEE_CORE_PIPELINE_SCRATCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/features/extractor.h"
#include "core/pipeline/eligible_set.h"
#include "core/pipeline/resolved_user.h"
#include "core/rerank/slate.h"
#include "core/retrieval/retriever.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Fits one snapshot. A worker makes a new one when the snapshot changes.
// Externally synchronised.
struct PipelineScratch {
  PipelineScratch(const Snapshot& snapshot, size_t max_candidates)
      : retrieval(snapshot.item_vectors().size()), scores(max_candidates) {
    candidates.reserve(max_candidates);
    if (snapshot.ranker() != nullptr) {
      ranker = snapshot.ranker()->MakeScratch(max_candidates);
    }
  }

  ResolvedUser user;
  EligibleSet eligible;
  RetrievalScratch retrieval;
  // Of the current stage: found by retrieval, then scored by the ranker, then
  // ordered by the rules.
  std::vector<Candidate> candidates;
  RankerScratch ranker;
  std::vector<double> scores;
  std::vector<ItemRow> shown;   // on the pages before
  std::vector<uint64_t> taken;  // of the cold-start list
  BoostScratch boosts;
  SlateScratch slate;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_SCRATCH_H_
