#include "core/users/fold_in.h"

#include <algorithm>
#include <cmath>

namespace marquee {
namespace {

// Solves A x = b for a symmetric positive definite A, in place: A becomes its
// lower Cholesky factor, b becomes x. Returns false if A is not positive
// definite.
bool SolveCholesky(size_t n, double* a, double* b) {
  for (size_t j = 0; j < n; ++j) {
    for (size_t i = j; i < n; ++i) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      if (i == j) {
        if (!(sum > 0)) return false;
        a[j * n + j] = std::sqrt(sum);
      } else {
        a[i * n + j] = sum / a[j * n + j];
      }
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return true;
}

bool SolveAls(const ItemVectors& vectors, std::span<const FoldInEvent> events,
              std::span<const float> prior, FoldInScratch& scratch,
              std::span<float> out) {
  const size_t n = vectors.dimension();
  const std::span<const float> gram = vectors.gram();
  scratch.matrix.assign(gram.begin(), gram.end());
  for (size_t i = 0; i < n; ++i)
    scratch.matrix[i * n + i] += vectors.als().regularization;
  scratch.right.assign(n, 0);
  // Before the events: they are added to the lower triangle alone, which is all
  // that Cholesky reads.
  for (size_t i = 0; i < n && !prior.empty(); ++i) {
    for (size_t j = 0; j < n; ++j)
      scratch.right[i] += scratch.matrix[i * n + j] * prior[j];
  }
  for (const FoldInEvent& event : events) {
    const std::span<const float> y = vectors[event.row];
    const double extra =
        static_cast<double>(vectors.als().alpha) * event.weight;
    for (size_t i = 0; i < n; ++i) {
      scratch.right[i] += (1 + extra) * y[i];
      for (size_t j = 0; j <= i; ++j)
        scratch.matrix[i * n + j] += extra * y[i] * y[j];
    }
  }
  if (!SolveCholesky(n, scratch.matrix.data(), scratch.right.data()))
    return false;
  std::copy(scratch.right.begin(), scratch.right.end(), out.begin());
  return true;
}

void Mean(const ItemVectors& vectors, std::span<const FoldInEvent> events,
          std::span<const float> prior, std::span<float> out) {
  std::fill(out.begin(), out.end(), 0.0f);
  float total = 0;
  for (const FoldInEvent& event : events) {
    const std::span<const float> y = vectors[event.row];
    for (size_t i = 0; i < out.size(); ++i) out[i] += event.weight * y[i];
    total += event.weight;
  }
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] /= total;
    if (!prior.empty()) out[i] = 0.5f * (out[i] + prior[i]);
  }
}

}  // namespace

bool FoldIn(const ItemVectors& vectors, std::span<const FoldInEvent> events,
            std::span<const float> prior, FoldInScratch& scratch,
            std::span<float> out) {
  if (events.empty()) return false;
  if (vectors.gram().empty()) {
    Mean(vectors, events, prior, out);
  } else if (!SolveAls(vectors, events, prior, scratch, out)) {
    return false;
  }
  return std::all_of(out.begin(), out.end(),
                     [](float v) { return std::isfinite(v); });
}

}  // namespace marquee
