// Vectors of people who have a history and none of training: who came after it,
// or whose vector was left out.
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
  float weight;  // more than 0
};

struct FoldedUsers {
  std::vector<uint32_t> users;  // ascending
  std::vector<float> vectors;   // [users × dimension]

  // Of the absolute values; 0 when there is nobody.
  float largest() const;
};

// The vector of each user who likes a title that has one, as FoldIn computes it
// without a prior; likes of one title are added up, as in training. `likes`: in
// any order. `threads`: 0 is all cores. Who has no finite vector is left out.
// Shows progress on the standard error.
FoldedUsers FoldInUsers(std::vector<UserLike> likes, const ItemVectors& titles,
                        size_t threads);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_FOLDED_USERS_H_
