// The vectors that a trainer wrote. `marquee build` and the ranker's trainer
// read them.
#ifndef MARQUEE_OFFLINE_DATA_EMBEDDING_SET_H_
#define MARQUEE_OFFLINE_DATA_EMBEDDING_SET_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/item_vectors.h"
#include "core/users/user_vectors.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/seen_interactions.h"
#include "offline/formats/npy.h"

namespace marquee {

// The limits of a snapshot. If all numbers are smaller than this, inner
// products are lost.
inline constexpr float kLeastLargest = 1e-18f;
inline constexpr NpyLimits kItemLimits = {.columns = ItemVectors::kMaxDimension,
                                          .value = ItemVectors::kMaxValue,
                                          .largest = kLeastLargest};
inline constexpr NpyLimits kUserLimits = {.columns = ItemVectors::kMaxDimension,
                                          .value = UserVectors::kMaxValue,
                                          .largest = kLeastLargest};

// The vectors of users or of items. A vector of zeros says nothing and counts
// as absent.
struct EmbeddingTable {
  IdDictionary ids;
  std::vector<uint32_t> rows;  // row in the matrix, by number of the id
  std::unique_ptr<const NpyMatrix> matrix;  // nullptr: no vectors
  uint64_t ids_digest = 0;  // DigestOfIds of the file, including zeros

  size_t size() const { return ids.size(); }
  size_t dim() const { return matrix ? matrix->dim() : 0; }
  // The largest absolute value.
  float largest() const { return matrix ? matrix->largest() : 0; }
  // The number of vectors that are left out.
  size_t zeros() const { return matrix ? matrix->zero_rows().size() : 0; }
  // Requires: number < size(), out.size() == dim().
  void Copy(uint32_t number, std::span<float> out) const {
    matrix->CopyRow(rows[number], out);
  }
  // Returns vectors at equal distances, [min(count, size()) × dim].
  std::vector<float> Sample(size_t count) const;
};

struct EmbeddingSet {
  EmbeddingTable users;  // empty: both of their files are absent
  EmbeddingTable items;
  // From als.json, if the vectors come from ALS. Fold-in needs them.
  std::optional<AlsParameters> als;

  // How the vectors were made. A ranker needs vectors of the same recipe. For
  // ALS: its parameters; else the line of recipe.txt, if there is one, else the
  // dimension.
  std::string recipe;
  bool names_recipe = false;  // false: the recipe is only the dimension
  // The events that the vectors learnt from; empty: every event.
  std::vector<std::string> events;
  // The interactions that the vectors learnt from, if als.json says.
  std::optional<SeenInteractions> seen;

  // Returns one line for each matrix that was converted
  // (NpyMatrix::conversion).
  std::vector<std::string> Conversions() const;
};

// Reads user_embeddings.npy, item_embeddings.npy, users.txt, items.txt and, if
// present, als.json and recipe.txt. Errors: those of the readers, with
// kItemLimits and kUserLimits; DataLoss that names als.json or recipe.txt if it
// is damaged; FailedPrecondition if the files do not fit each other.
absl::StatusOr<EmbeddingSet> ReadEmbeddings(const std::string& directory);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_EMBEDDING_SET_H_
