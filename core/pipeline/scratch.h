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
#include "core/sources/sources.h"

namespace marquee {

// Fits one snapshot. A worker makes a new one when the snapshot changes.
// Externally synchronised.
struct PipelineScratch {
  PipelineScratch(const Snapshot& snapshot, size_t max_candidates)
      : retrieval(snapshot.item_vectors().size()),
        sources(snapshot.catalog().size()),
        scores(max_candidates) {
    candidates.reserve(max_candidates);
    origins.reserve(max_candidates);
    if (snapshot.ranker() != nullptr) {
      ranker = snapshot.ranker()->MakeScratch(max_candidates);
    }
  }

  ResolvedUser user;
  EligibleSet eligible;
  RetrievalScratch retrieval;
  std::vector<Candidate> retrieved;  // by retrieval alone
  SourceMix mix;                     // of the request
  SourceScratch sources;
  // Of the current stage: brought by the sources, then scored by the ranker,
  // then ordered by the rules.
  std::vector<Candidate> candidates;
  // Of the candidates before the rules.
  std::vector<CandidateOrigin> origins;
  RankerScratch ranker;
  std::vector<double> scores;
  std::vector<ItemRow> shown;  // on the pages before
  BoostScratch boosts;
  SlateScratch slate;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_SCRATCH_H_
