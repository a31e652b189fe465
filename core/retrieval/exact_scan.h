// The exact engine: computes the inner product of every eligible item in float.
#ifndef MARQUEE_CORE_RETRIEVAL_EXACT_SCAN_H_
#define MARQUEE_CORE_RETRIEVAL_EXACT_SCAN_H_

#include "core/catalog/item_vectors.h"
#include "core/retrieval/retriever.h"

namespace marquee {

// The oracle of every other engine. Time is proportional to the eligible items.
// The vectors must outlive the engine. Immutable after construction.
class ExactScan final : public Retriever {
 public:
  explicit ExactScan(const ItemVectors& vectors) : vectors_(vectors) {}

  size_t Retrieve(const RetrievalQuery& query, RetrievalScratch& scratch,
                  std::span<Candidate> out) const override;
  absl::string_view name() const override { return "exact"; }

 private:
  const ItemVectors& vectors_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_EXACT_SCAN_H_
