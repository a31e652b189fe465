#include "offline/import/movielens.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/records.h"
#include "core/files/output_file.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/interactions.h"
#include "offline/data/record_json.h"
#include "offline/formats/progress.h"
#include "offline/import/franchise.h"
#include "offline/import/movielens_movies.h"
#include "offline/import/movielens_table.h"

namespace marquee {
namespace {

// Columns of ratings.
constexpr size_t kUser = 0;
constexpr size_t kMovie = 1;
constexpr size_t kRating = 2;
constexpr size_t kTimestamp = 3;

std::vector<Franchise> AddFranchises(Movies* movies) {
  std::vector<std::string> titles;
  for (const ItemRecord& record : movies->records) {
    titles.push_back(record.title);
  }
  const std::vector<std::string> names = DeriveFranchises(titles);
  std::map<std::string, Franchise> by_name;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    movies->records[i].attributes["franchise"] = {names[i]};
    Franchise& franchise = by_name[names[i]];
    franchise.name = names[i];
    franchise.titles.push_back(titles[i]);
  }
  std::vector<Franchise> franchises;
  for (auto& [name, franchise] : by_name) {
    franchises.push_back(std::move(franchise));
  }
  std::stable_sort(franchises.begin(), franchises.end(),
                   [](const Franchise& a, const Franchise& b) {
                     return a.titles.size() > b.titles.size();
                   });
  return franchises;
}

// Copies the ratings as events; returns the users by first appearance.
absl::StatusOr<IdDictionary> ConvertRatings(const std::string& directory,
                                            const MovieLensRelease& release,
                                            const Movies& movies,
                                            float like_from,
                                            InteractionWriter* writer,
                                            uint64_t* likes) {
  const std::string path = absl::StrCat(directory, "/", release.ratings);
  MARQUEE_ASSIGN_OR_RETURN(
      const auto table,
      MovieLensTable::Open(path, release.rating_separator,
                           {"userId", "movieId", "rating", "timestamp"}));
  Progress progress(absl::StrCat("reading ", path), table->size_bytes(), "B");
  IdDictionary users;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, table->Next());
    if (!more) return users;
    progress.Update(table->consumed_bytes());
    const absl::string_view user = table->cell(kUser);
    const absl::string_view movie = table->cell(kMovie);
    if (absl::Status status = CheckId(user); !status.ok()) {
      return table->Fault(kUser, status.message());
    }
    if (!movies.ids.Find(movie).has_value()) {
      return table->Fault(
          kMovie, absl::StrCat(release.movies, " has no movie ", movie));
    }
    MARQUEE_ASSIGN_OR_RETURN(const float stars, table->Float(kRating));
    if (stars < 0.5f || stars > 5) {
      return table->Fault(kRating,
                          absl::StrCat(stars, " is not 0.5 to 5 stars"));
    }
    MARQUEE_ASSIGN_OR_RETURN(const int64_t seconds,
                             table->UnixSeconds(kTimestamp));
    const bool like = stars >= like_from;
    *likes += like;
    users.FindOrAdd(user);
    writer->Append({user, movie, seconds, like ? "like" : "seen",
                    like ? 1 + stars - like_from : 0});
  }
}

absl::Status WriteItems(const std::vector<ItemRecord>& records,
                        OutputFile* file) {
  for (const ItemRecord& record : records) {
    MARQUEE_ASSIGN_OR_RETURN(const std::string line, JsonFromItem(record));
    file->Append(absl::StrCat(line, "\n"));
  }
  return absl::OkStatus();
}

absl::Status WriteUsers(const IdDictionary& users, OutputFile* file) {
  UserRecord record;
  for (uint32_t i = 0; i < users.size(); ++i) {
    record.id = std::string(users[i]);
    MARQUEE_ASSIGN_OR_RETURN(const std::string line, JsonFromUser(record));
    file->Append(absl::StrCat(line, "\n"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MovieLensSummary> ImportMovieLens(
    const std::string& directory, const std::string& out,
    const MovieLensOptions& options) {
  MovieLensSummary summary;
  MARQUEE_ASSIGN_OR_RETURN(const MovieLensRelease release,
                           FindMovieLensRelease(directory));
  summary.release = std::string(release.name);
  summary.not_read = std::string(release.not_read);
  MARQUEE_ASSIGN_OR_RETURN(Movies movies, ReadMovies(directory, release));
  summary.franchises = AddFranchises(&movies);
  MARQUEE_RETURN_IF_ERROR(MakeDirectory(out));
  MARQUEE_ASSIGN_OR_RETURN(auto items,
                           OutputFile::Create(out + "/items.jsonl"));
  MARQUEE_RETURN_IF_ERROR(WriteItems(movies.records, items.get()));
  MARQUEE_ASSIGN_OR_RETURN(
      auto interactions, InteractionWriter::Create(out + "/interactions.csv"));
  MARQUEE_ASSIGN_OR_RETURN(
      const IdDictionary users,
      ConvertRatings(directory, release, movies, options.like_from,
                     interactions.get(), &summary.likes));
  MARQUEE_ASSIGN_OR_RETURN(auto user_file,
                           OutputFile::Create(out + "/users.jsonl"));
  MARQUEE_RETURN_IF_ERROR(WriteUsers(users, user_file.get()));
  MARQUEE_RETURN_IF_ERROR(
      PublishAll({items.get(), user_file.get(), interactions->Finish()}));
  summary.items = movies.records.size();
  summary.users = users.size();
  summary.interactions = interactions->rows();
  for (const ItemRecord& record : movies.records) {
    summary.without_year += !record.released.has_value();
    summary.without_genre += !record.attributes.contains("genre");
  }
  return summary;
}

}  // namespace marquee
