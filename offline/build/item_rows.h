// The titles of a data set in the row order of a snapshot.
#ifndef MARQUEE_OFFLINE_BUILD_ITEM_ROWS_H_
#define MARQUEE_OFFLINE_BUILD_ITEM_ROWS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/catalog/records.h"
#include "core/files/array_file.h"
#include "offline/data/embedding_set.h"
#include "offline/data/id_dictionary.h"

namespace marquee {

struct ItemRows {
  std::string path;  // of the file
  // By row: those with a vector first, in the order of the embeddings until
  // Reorder, then the others in the order of the file.
  std::vector<ItemRecord> records;
  std::vector<uint64_t> lines;  // of the file, by row
  IdDictionary ids;             // number == row
  // [titles with a vector]: the number in the embeddings.
  std::vector<uint32_t> vector_number;
  // Ids of the embeddings that the catalogue does not have: nothing of theirs
  // can be shown.
  std::vector<std::string> unknown;

  // Days since 1970 or Catalog::kUnknownDay, by row.
  std::vector<int32_t> ReleasedDays() const;
  // [titles with a vector × dimension], row-major.
  std::vector<float> Vectors(const EmbeddingTable& embeddings) const;

  // Puts title order[i] of those with a vector at row i. Requires: a
  // permutation of the rows of the titles with a vector.
  void Reorder(std::span<const uint32_t> order);

  // Whether some title is licensed in countries that its record names, not
  // everywhere.
  bool NameCountries() const;

  // A warning for each country and language of the file that is none.
  std::vector<std::string> TellUnknownCodes() const;

  // `unrated_is`: as CatalogWriter. Errors: DataLoss that names file and line.
  absl::Status WriteCatalog(std::optional<int> unrated_is,
                            ArrayFileWriter& out) const;
  absl::Status WriteLicences(ArrayFileWriter& out) const;
};

// Reads items.jsonl. `embedded`: the ids of the embeddings, in order. Errors:
// as ReadItems.
absl::StatusOr<ItemRows> ReadItemRows(const std::string& path,
                                      const IdDictionary& embedded);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_ITEM_ROWS_H_
