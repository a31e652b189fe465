// Inner products for candidates of every source.
#ifndef MARQUEE_CORE_SOURCES_VECTOR_SCORES_H_
#define MARQUEE_CORE_SOURCES_VECTOR_SCORES_H_

#include <span>

#include "core/catalog/candidate.h"
#include "core/catalog/item_vectors.h"
#include "core/sources/source_list.h"

namespace marquee {

// Sets the score of each candidate to its inner product with `query`, NaN if it
// has no vector, or if `query` is empty. `personal`: the list of kPersonal,
// whose scores are such products already. `origins`: of the candidates.
void ScoreByVector(const ItemVectors& vectors, std::span<const float> query,
                   const SourceList& personal,
                   std::span<const CandidateOrigin> origins,
                   std::span<Candidate> candidates);

}  // namespace marquee

#endif  // MARQUEE_CORE_SOURCES_VECTOR_SCORES_H_
