// Vectors that fit each other in shape and in nothing else.
#ifndef MARQUEE_OFFLINE_DATA_VECTOR_DOUBTS_H_
#define MARQUEE_OFFLINE_DATA_VECTOR_DOUBTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/base/ids.h"
#include "core/retrieval/item_vectors.h"
#include "offline/data/embedding_set.h"

namespace marquee {

// Where the titles that people like stand among all by the products of their
// vectors, of a sample.
struct OwnTitles {
  size_t people = 0;  // of which some title was looked at
  // The share of other titles that are below, in the mean: 0.5 is chance.
  double place = 0;
};

// `likes(person)`: rows of titles, by the number of the person in `people`.
OwnTitles PlaceOwnTitles(
    const Embeddings& people, const ItemVectors& titles,
    absl::FunctionRef<std::vector<ItemRow>(uint32_t)> likes);

// A warning where that is hardly better than chance; else empty. `directory`:
// of the vectors.
std::string TellOwnTitles(const OwnTitles& own, const std::string& directory);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_VECTOR_DOUBTS_H_
