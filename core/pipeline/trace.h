// The record of a traced request's stages, for explanations.
#ifndef MARQUEE_CORE_PIPELINE_TRACE_H_
#define MARQUEE_CORE_PIPELINE_TRACE_H_

#include <cstddef>
#include <vector>

#include "core/catalog/candidate.h"
#include "core/pipeline/response.h"
#include "core/rerank/boosts.h"
#include "core/rerank/slate.h"

namespace marquee {

// Externally synchronised.
struct Trace {
  struct StageCount {
    Stage stage;
    size_t in;
    size_t out;
  };

  std::vector<StageCount> stages;
  // In the order of the merge, with inner products as scores; the rows of the
  // feature matrix.
  std::vector<Candidate> candidates;
  std::vector<CandidateOrigin> origins;  // of the candidates
  // By position in `candidates`; empty without the ranker.
  std::vector<double> ranker_scores;
  std::vector<Candidate> boosted;  // after the boosts, best first
  std::vector<HeldBack> held_back;

  void Clear() { *this = Trace{}; }
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_TRACE_H_
