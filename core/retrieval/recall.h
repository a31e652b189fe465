// The parts of a measurement of recall: which items are eligible, and how many
// of the exact answer an engine found.
#ifndef MARQUEE_CORE_RETRIEVAL_RECALL_H_
#define MARQUEE_CORE_RETRIEVAL_RECALL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/retrieval/retriever.h"

namespace marquee {

// Returns a bitmap in which each item is eligible with the given probability.
// Deterministic for the same arguments.
std::vector<uint64_t> RandomEligible(size_t items, double selectivity,
                                     uint64_t seed);

// Returns how many of the rows of `truth` are in `found`.
size_t CountFound(std::span<const Candidate> truth,
                  std::span<const Candidate> found);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RECALL_H_
