// Detects vectors of users and items that fit each other only in shape.
#ifndef MARQUEE_OFFLINE_DOUBTS_VECTOR_DOUBTS_H_
#define MARQUEE_OFFLINE_DOUBTS_VECTOR_DOUBTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/base/ids.h"
#include "core/catalog/item_vectors.h"
#include "offline/data/embedding_set.h"

namespace marquee {

// How high the items that a user likes rank among other items by inner product:
// the share of the other items that are below, averaged over a sample of users.
struct OwnItems {
  size_t users = 0;           // who like some items with a vector, but not all
  double place = 0;           // by the users' own vectors
  double stranger_place = 0;  // the same items, by vectors of some other users
  // Standard error of the difference of both.
  double standard_error = 0;
};

// `likes(user)`: rows of items, by the number of the user in `users`.
OwnItems PlaceOwnItems(const EmbeddingTable& users, const ItemVectors& items,
                       absl::FunctionRef<std::vector<ItemRow>(uint32_t)> likes);

// Returns a warning if a hundred users or more rank their items hardly better
// by their own vectors than by those of strangers, which know what is popular;
// else empty. `directory`: that of the vectors.
std::string TellOwnItems(const OwnItems& own, const std::string& directory);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_VECTOR_DOUBTS_H_
