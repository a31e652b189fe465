// The items of a data set in the row order of a snapshot.
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
  // By row. Items with a vector come first, until Reorder in the order of the
  // embeddings; the others follow in the order of the file.
  std::vector<ItemRecord> records;
  std::vector<uint64_t> lines;  // line numbers in the file, by row
  IdDictionary ids;             // number == row
  // [items with a vector]: the number in the embeddings.
  std::vector<uint32_t> vector_number;
  // Ids of the embeddings that the catalogue does not have. These items can not
  // be shown.
  std::vector<std::string> unknown;

  // Returns days since 1970 or Catalog::kUnknownDay, by row.
  std::vector<int32_t> ReleasedDays() const;
  // Returns [items with a vector × dimension], row-major.
  std::vector<float> Vectors(const EmbeddingTable& embeddings) const;

  // Moves item order[i] of those with a vector to row i. Requires: a
  // permutation of the rows of the items with a vector.
  void Reorder(std::span<const uint32_t> order);

  // Whether an item is licensed in countries that its record names, not
  // everywhere.
  bool NameCountries() const;

  // Returns a warning for each unknown country or language of the file.
  std::vector<std::string> TellUnknownCodes() const;

  // `unrated_is`: as for CatalogWriter. Errors: DataLoss that names file and
  // line.
  absl::Status WriteCatalog(std::optional<int> unrated_is,
                            ArrayFileWriter& out) const;
  absl::Status WriteLicences(ArrayFileWriter& out) const;
};

// Reads items.jsonl. `embedded`: the ids of the embeddings, in order. Errors:
// those of ReadItems.
absl::StatusOr<ItemRows> ReadItemRows(const std::string& path,
                                      const IdDictionary& embedded);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_ITEM_ROWS_H_
