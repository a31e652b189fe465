// Computes vectors of users who have a history but no trained vector: users who
// came after the training, or whose vector was left out.
#ifndef MARQUEE_OFFLINE_BUILD_FOLDED_USERS_H_
#define MARQUEE_OFFLINE_BUILD_FOLDED_USERS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/catalog/item_vectors.h"

namespace marquee {

// One sign of liking.
struct UserLike {
  uint32_t user;
  ItemRow item;
  float weight;  // > 0
};

struct FoldedUsers {
  std::vector<uint32_t> users;  // ascending
  std::vector<float> vectors;   // [users × dimension]

  // The largest absolute value; 0 without users.
  float largest() const;
};

// Returns the vector of each user who likes an item that has one, computed by
// FoldIn without a prior. Adds up several likes of one item, as training does.
// Leaves out users without a finite vector. `likes`: in any order. `threads`: 0
// is all cores. Shows progress on the standard error.
FoldedUsers FoldInUsers(std::vector<UserLike> likes, const ItemVectors& items,
                        size_t threads);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_FOLDED_USERS_H_
