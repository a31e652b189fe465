// Places a person by events that the model has not seen.
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

// Computes a vector from events and, where there is one, the stored vector of
// the person.
//
// With vectors of ALS, the closed form of one user's normal equation with the
// stored vector x₀ as the prior: (G + λI + Σ αw yyᵀ) x = (G + λI) x₀ + Σ (1 +
// αw) y. Without a stored vector (x₀ = 0) that is one step of ALS on the
// events; without events it is x₀. (Hu, Koren, Volinsky, "Collaborative
// filtering for implicit feedback datasets", ICDM 2008.)
//
// With other vectors, the weighted mean of the titles' vectors, and the mean of
// that and x₀.
//
// `prior`: empty or [dimension]. Returns false, and nothing usable, when there
// is no event or the equation has no finite solution. Requires: every event's
// title has a vector; weights > 0.
bool FoldIn(const ItemVectors& vectors, std::span<const FoldInEvent> events,
            std::span<const float> prior, FoldInScratch& scratch,
            std::span<float> out);

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_FOLD_IN_H_
