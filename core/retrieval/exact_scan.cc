#include "core/retrieval/exact_scan.h"

#include "core/simd/dot.h"

namespace marquee {

size_t ExactScan::Retrieve(const RetrievalQuery& query,
                           RetrievalScratch& scratch,
                           std::span<Candidate> out) const {
  if (query.k == 0) return 0;
  scratch.results.Reset(query.k);
  const size_t dimension = vectors_.dimension();
  const float* const values = vectors_.values().data();
  ForEachBit(query.eligible, [&](uint32_t row) {
    const float score =
        simd::Dot(query.vector.data(), values + row * dimension, dimension);
    scratch.results.Push({ItemRow{row}, score});
  });
  return scratch.results.TakeSorted(out.data());
}

}  // namespace marquee
