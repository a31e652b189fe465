// Vectors that fit each other in shape and in nothing else.
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

// Where the titles that people like stand among the others by the products of
// vectors: the share of others that are below, in the mean of a sample.
struct OwnTitles {
  size_t people = 0;          // who like some titles with a vector, and not all
  double place = 0;           // by their own vectors
  double stranger_place = 0;  // the same titles, by those of some others
  // Of the difference of both.
  double standard_error = 0;
};

// `likes(person)`: rows of titles, by the number of the person in `people`.
OwnTitles PlaceOwnTitles(
    const EmbeddingTable& people, const ItemVectors& titles,
    absl::FunctionRef<std::vector<ItemRow>(uint32_t)> likes);

// A warning where the own vectors of a hundred people or more tell their titles
// hardly better than those of strangers, who know what is popular; else empty.
// `directory`: of the vectors.
std::string TellOwnTitles(const OwnTitles& own, const std::string& directory);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_VECTOR_DOUBTS_H_
