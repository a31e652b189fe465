// The vectors that a trainer wrote: what `marquee build` and the ranker's
// trainer read.
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

// What a snapshot can hold. Inner products of smaller numbers would be lost.
inline constexpr float kLeastLargest = 1e-18f;
inline constexpr NpyLimits kItemLimits = {.columns = ItemVectors::kMaxDimension,
                                          .value = ItemVectors::kMaxValue,
                                          .largest = kLeastLargest};
inline constexpr NpyLimits kUserLimits = {.columns = ItemVectors::kMaxDimension,
                                          .value = UserVectors::kMaxValue,
                                          .largest = kLeastLargest};

// The vectors of people or of titles. A vector of zeros says nothing of whom it
// is of and counts as none.
struct EmbeddingTable {
  IdDictionary ids;
  std::vector<uint32_t> rows;  // by number of the id: its row in the matrix
  std::unique_ptr<const NpyMatrix> matrix;  // nullptr: there are none
  uint64_t ids_digest = 0;  // DigestOfIds of the file, those of zeros too

  size_t size() const { return ids.size(); }
  size_t dim() const { return matrix ? matrix->dim() : 0; }
  // Of the absolute values.
  float largest() const { return matrix ? matrix->largest() : 0; }
  // How many are left out.
  size_t zeros() const { return matrix ? matrix->zero_rows().size() : 0; }
  // Requires: number < size(), out of dim().
  void Copy(uint32_t number, std::span<float> out) const {
    matrix->CopyRow(rows[number], out);
  }
  // [min(count, size()) × dim]: at equal distances.
  std::vector<float> Sample(size_t count) const;
};

struct EmbeddingSet {
  EmbeddingTable users;  // empty when both of their files are absent
  EmbeddingTable items;
  // From als.json, when the vectors come from ALS: fold-in needs them.
  std::optional<AlsParameters> als;

  // How the vectors were made, so far as their features must be alike for one
  // ranker: of ALS its parameters; else the line of recipe.txt, if it is there,
  // else their length.
  std::string recipe;
  bool names_recipe = false;  // not by their length alone
  // The events that the vectors learnt from; empty: every one.
  std::vector<std::string> events;
  // What the vectors know, when als.json tells.
  std::optional<SeenInteractions> seen;

  // A line for each matrix that was converted (NpyMatrix::conversion).
  std::vector<std::string> Conversions() const;
};

// Reads user_embeddings.npy, item_embeddings.npy, users.txt, items.txt and, if
// they are there, als.json and recipe.txt. Errors: those of the readers, with
// kItemLimits and kUserLimits; DataLoss that names als.json or recipe.txt when
// it is damaged; FailedPrecondition when the files do not fit each other.
absl::StatusOr<EmbeddingSet> ReadEmbeddings(const std::string& directory);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_EMBEDDING_SET_H_
