// Reads the movies of a release of MovieLens.
#ifndef MARQUEE_OFFLINE_IMPORT_MOVIELENS_MOVIES_H_
#define MARQUEE_OFFLINE_IMPORT_MOVIELENS_MOVIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/records.h"
#include "offline/data/id_dictionary.h"
#include "offline/import/movielens_table.h"

namespace marquee {

struct Movies {
  IdDictionary ids;
  std::vector<ItemRecord> records;  // by number of the id
};

// Reads titles, years and genres. The genres of ml-100k have the names in
// u.genre; without that file, the published names. Errors: as MovieLensTable;
// DataLoss that names file, line and column.
absl::StatusOr<Movies> ReadMovies(const std::string& directory,
                                  const MovieLensRelease& release);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_IMPORT_MOVIELENS_MOVIES_H_
