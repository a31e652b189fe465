// Computes a user's vector from events that the trained model has not seen.
#ifndef MARQUEE_CORE_USERS_FOLD_IN_H_
#define MARQUEE_CORE_USERS_FOLD_IN_H_

#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/catalog/item_vectors.h"

namespace marquee {

struct FoldInEvent {
  ItemRow row;
  float weight = 1;
};

// Working memory of one worker. Externally synchronised.
struct FoldInScratch {
  std::vector<double> matrix;  // [dimension × dimension]
  std::vector<double> right;   // [dimension]
};

// Computes a vector from events and, if there is one, the stored vector x₀ of
// the user.
//
// With ALS vectors, it solves the normal equation of one user in closed form,
// with x₀ as the prior: (G + λI + Σ αw yyᵀ) x = (G + λI) x₀ + Σ (1 + αw) y.
// Without a stored vector (x₀ = 0) this is one step of ALS on the events;
// without events the solution would be x₀. Source: Hu, Koren, Volinsky,
// "Collaborative filtering for implicit feedback datasets", ICDM 2008.
//
// With other vectors, it computes the weighted mean of the items' vectors, and
// if there is an x₀, the mean of that and x₀.
//
// `prior`: empty or [dimension]. Returns false, with unspecified `out`, if
// there are no events or the equation has no finite solution. Requires: every
// event's item has a vector; weights > 0.
bool FoldIn(const ItemVectors& vectors, std::span<const FoldInEvent> events,
            std::span<const float> prior, FoldInScratch& scratch,
            std::span<float> out);

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_FOLD_IN_H_
