// The last step of every engine over codes: computes exact inner products of
// the best items by code.
#ifndef MARQUEE_CORE_RETRIEVAL_RESCORE_H_
#define MARQUEE_CORE_RETRIEVAL_RESCORE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/catalog/candidate.h"
#include "core/catalog/item_vectors.h"

namespace marquee {

// Computes the items of `keys` (keys of CodeTopK; each item once) with their
// float vectors. Writes the best k, best first, and returns their number.
// `scratch` is working memory. Requires: `out` has room for min(k,
// keys.size()).
size_t Rescore(const ItemVectors& vectors, std::span<const float> query,
               std::span<const uint64_t> keys, size_t k,
               std::vector<uint64_t>& scratch, std::span<Candidate> out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RESCORE_H_
