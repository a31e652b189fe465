// A MovieLens folder (ml-latest format) as a dataset: items.jsonl, users.jsonl
// and interactions.csv. Reads movies.csv and ratings.csv; tags.csv and
// links.csv are not used.
//
// - Titles lose the year in parentheses, which becomes `released`; the rest is
//   kept as MovieLens spells it. "(no genres listed)" is no genre.
// - Franchises are derived from the titles: see franchise.h.
// - MovieLens has no age ratings, licences, countries or languages: titles are
//   unrated and licensed everywhere, users have an id only.
// - Every rating is a title that was seen, and so not to be recommended again.
//   Ratings of at least `like_from` stars are the event "like" with the weight
//   1 + (stars - like_from); the others are the event "seen" with the weight 0,
//   which teaches a trainer nothing.
#ifndef MARQUEE_OFFLINE_DATA_MOVIELENS_H_
#define MARQUEE_OFFLINE_DATA_MOVIELENS_H_

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
  std::vector<std::string> titles;  // in the order of movies.csv
};

struct MovieLensSummary {
  uint64_t items = 0;
  uint64_t users = 0;
  uint64_t interactions = 0;
  uint64_t likes = 0;
  uint64_t without_year = 0;
  uint64_t without_genre = 0;
  std::vector<Franchise> franchises;  // largest first
};

// Writes the three files to the directory `out`, which is made when missing;
// they appear together when all is read. Errors: FailedPrecondition for missing
// columns; DataLoss that names file, line and column of a fault, such as a
// rating of a movie that movies.csv does not have.
absl::StatusOr<MovieLensSummary> ImportMovieLens(
    const std::string& directory, const std::string& out,
    const MovieLensOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_MOVIELENS_H_
