// What a traced request keeps of its stages, for explanations.
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
  std::vector<Candidate>
      retrieved;  // best first; the rows of the feature matrix
  std::vector<double>
      ranker_scores;  // by position in `retrieved`; empty without the ranker
  std::vector<Candidate> boosted;  // what the rules chose from, best first
  std::vector<HeldBack> held_back;

  void Clear() { *this = Trace{}; }
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_TRACE_H_
