// Converts a MovieLens folder to a dataset: items.jsonl, users.jsonl and
// interactions.csv.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const MovieLensSummary summary,
//       ImportMovieLens("ml-latest-small", "data", {.like_from = 4}));
//
// The files in the folder determine the release:
//
//   ml-latest, -20m, -25m, -32m  movies.csv, ratings.csv
//   ml-1m, ml-10m                movies.dat, ratings.dat  (fields between ::)
//   ml-100k                      u.item, u.data, u.genre  (| and tabs)
//
// - Nothing else is read: no tags, links, release dates, ages and genders.
// - Files of the second and third may be in Latin-1, which is converted to
//   UTF-8; those of the first must be in UTF-8.
// - Titles lose the year in parentheses, which becomes `released`. The rest is
//   kept as MovieLens spells it. "(no genres listed)" and "unknown" are not
//   genres.
// - Franchises are derived from the titles: see franchise.h.
// - MovieLens has no age ratings, licences, countries or languages. Items are
//   unrated and licensed everywhere; users have an id only.
// - Every rating is an item that was seen, and so must not be recommended
//   again. Ratings of at least `like_from` stars are the event "like" with the
//   weight 1 + (stars - like_from). The others are the event "seen" with the
//   weight 0, which teaches a trainer nothing.
#ifndef MARQUEE_OFFLINE_IMPORT_MOVIELENS_H_
#define MARQUEE_OFFLINE_IMPORT_MOVIELENS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace marquee {

struct MovieLensOptions {
  // In stars, 0.5 to 5. Larger: fewer, surer likes.
  float like_from = 3.5f;
};

struct Franchise {
  std::string name;
  std::vector<std::string> titles;  // in the order of the movies
};

struct MovieLensSummary {
  std::string release;   // "ml-1m"
  std::string not_read;  // a sentence about its other files
  uint64_t items = 0;
  uint64_t users = 0;
  uint64_t interactions = 0;
  uint64_t likes = 0;
  uint64_t without_year = 0;
  uint64_t without_genre = 0;
  std::vector<Franchise> franchises;  // largest first
};

// Writes the three files to the directory `out`. Creates it if it is missing.
// The files appear together after all is read. Errors: as FindMovieLensRelease;
// FailedPrecondition for missing columns; DataLoss that names file, line and
// column of a fault, for example a rating of an unknown movie.
absl::StatusOr<MovieLensSummary> ImportMovieLens(
    const std::string& directory, const std::string& out,
    const MovieLensOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_IMPORT_MOVIELENS_H_
