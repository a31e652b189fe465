// The last step of every engine over codes: exact inner products of the titles
// that look best.
#ifndef MARQUEE_CORE_RETRIEVAL_RESCORE_H_
#define MARQUEE_CORE_RETRIEVAL_RESCORE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/catalog/candidate.h"
#include "core/catalog/item_vectors.h"

namespace marquee {

// Of the titles in `keys` (CodeTopK; each title once), writes the best k by
// their float vectors, best first, and returns how many. `scratch` is working
// memory. Requires: room for min(k, keys.size()).
size_t Rescore(const ItemVectors& vectors, std::span<const float> query,
               std::span<const uint64_t> keys, size_t k,
               std::vector<Candidate>& scratch, std::span<Candidate> out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RESCORE_H_
