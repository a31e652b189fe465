// The vectors that a trainer wrote: what `marquee build` and the ranker's
// trainer read.
#ifndef MARQUEE_OFFLINE_DATA_EMBEDDING_SET_H_
#define MARQUEE_OFFLINE_DATA_EMBEDDING_SET_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/retrieval/item_vectors.h"
#include "core/retrieval/user_vectors.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/npy.h"

namespace marquee {

// What a snapshot can hold. Inner products of smaller numbers would be lost.
inline constexpr float kLeastLargest = 1e-18f;
inline constexpr NpyLimits kItemLimits = {.columns = ItemVectors::kMaxDimension,
                                          .value = ItemVectors::kMaxValue,
                                          .largest = kLeastLargest};
inline constexpr NpyLimits kUserLimits = {.columns = ItemVectors::kMaxDimension,
                                          .value = UserVectors::kMaxValue,
                                          .largest = kLeastLargest};

struct EmbeddingSet {
  IdDictionary users;  // by row of user_vectors
  IdDictionary items;
  std::unique_ptr<const NpyMatrix> user_vectors;
  std::unique_ptr<const NpyMatrix> item_vectors;
  // From als.json, when the vectors come from ALS: fold-in needs them.
  std::optional<AlsParameters> als;
};

// Reads user_embeddings.npy, item_embeddings.npy, users.txt, items.txt and, if
// it is there, als.json. Errors: those of the readers, with kItemLimits and
// kUserLimits; DataLoss that names als.json when it is damaged;
// FailedPrecondition when the files do not fit each other.
absl::StatusOr<EmbeddingSet> ReadEmbeddings(const std::string& directory);

// Until when the vectors have seen interactions, as als.json quotes the call of
// the trainer; empty when the directory does not tell. Errors: those of the
// file; DataLoss when it is damaged.
absl::StatusOr<std::string> ReadTrainedUntil(const std::string& directory);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_EMBEDDING_SET_H_
