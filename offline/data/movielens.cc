#include "offline/data/movielens.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/catalog/records.h"
#include "offline/data/csv_reader.h"
#include "offline/data/franchise.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/interactions.h"
#include "offline/data/output_file.h"
#include "offline/data/progress.h"
#include "offline/data/record_json.h"

namespace marquee {
namespace {

// Takes "(1995)" or "(2006-2007)" off the end of the title.
std::optional<int> TakeYear(std::string* title) {
  *title = std::string(absl::StripAsciiWhitespace(*title));
  const size_t open = title->rfind('(');
  if (open == std::string::npos || title->back() != ')') return std::nullopt;
  int year = 0;
  const absl::string_view digits =
      absl::string_view(*title).substr(open + 1, 4);
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &year) || year < 1870 || year > 2200) {
    return std::nullopt;
  }
  *title = std::string(
      absl::StripAsciiWhitespace(absl::string_view(*title).substr(0, open)));
  return year;
}

struct Movies {
  IdDictionary ids;
  std::vector<ItemRecord> records;
};

absl::StatusOr<Movies> ReadMovies(const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(auto csv, CsvReader::Open(path));
  MARQUEE_ASSIGN_OR_RETURN(const size_t id, csv->Column("movieId"));
  MARQUEE_ASSIGN_OR_RETURN(const size_t title, csv->Column("title"));
  MARQUEE_ASSIGN_OR_RETURN(const size_t genres, csv->Column("genres"));
  Movies movies;
  std::vector<uint64_t> line_of;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, csv->Next());
    if (!more) return movies;
    if (absl::Status status = CheckId(csv->cell(id)); !status.ok()) {
      return csv->Fault(id, status.message());
    }
    const uint32_t number = movies.ids.FindOrAdd(csv->cell(id));
    if (number < line_of.size()) {
      return csv->Fault(id, absl::StrCat("the movie ", csv->cell(id),
                                         " is also on line ", line_of[number]));
    }
    line_of.push_back(csv->line());
    ItemRecord record;
    record.id = std::string(csv->cell(id));
    record.title = std::string(csv->cell(title));
    if (const auto year = TakeYear(&record.title)) {
      record.released = absl::CivilDay(*year, 1, 1);
    }
    if (csv->cell(genres) != "(no genres listed)" &&
        !csv->cell(genres).empty()) {
      record.attributes["genre"] = absl::StrSplit(csv->cell(genres), '|');
    }
    movies.records.push_back(std::move(record));
  }
}

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
absl::StatusOr<IdDictionary> ConvertRatings(const std::string& path,
                                            const Movies& movies,
                                            float like_from,
                                            InteractionWriter* writer,
                                            uint64_t* likes) {
  MARQUEE_ASSIGN_OR_RETURN(auto csv, CsvReader::Open(path));
  MARQUEE_ASSIGN_OR_RETURN(const size_t user, csv->Column("userId"));
  MARQUEE_ASSIGN_OR_RETURN(const size_t movie, csv->Column("movieId"));
  MARQUEE_ASSIGN_OR_RETURN(const size_t rating, csv->Column("rating"));
  MARQUEE_ASSIGN_OR_RETURN(const size_t timestamp, csv->Column("timestamp"));
  Progress progress(absl::StrCat("reading ", path), csv->size_bytes(), "B");
  IdDictionary users;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, csv->Next());
    if (!more) return users;
    progress.Update(csv->consumed_bytes());
    if (absl::Status status = CheckId(csv->cell(user)); !status.ok()) {
      return csv->Fault(user, status.message());
    }
    if (!movies.ids.Find(csv->cell(movie)).has_value()) {
      return csv->Fault(
          movie, absl::StrCat("movies.csv has no movie ", csv->cell(movie)));
    }
    MARQUEE_ASSIGN_OR_RETURN(const float stars, csv->Float(rating));
    if (stars < 0.5f || stars > 5) {
      return csv->Fault(rating, absl::StrCat(stars, " is not 0.5 to 5 stars"));
    }
    MARQUEE_ASSIGN_OR_RETURN(const int64_t seconds,
                             csv->UnixSeconds(timestamp));
    const bool like = stars >= like_from;
    *likes += like;
    users.FindOrAdd(csv->cell(user));
    writer->Append({csv->cell(user), csv->cell(movie), seconds,
                    like ? "like" : "seen", like ? 1 + stars - like_from : 0});
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
  MARQUEE_ASSIGN_OR_RETURN(Movies movies,
                           ReadMovies(absl::StrCat(directory, "/movies.csv")));
  summary.franchises = AddFranchises(&movies);
  MARQUEE_RETURN_IF_ERROR(MakeDirectory(out));
  MARQUEE_ASSIGN_OR_RETURN(auto items,
                           OutputFile::Create(out + "/items.jsonl"));
  MARQUEE_RETURN_IF_ERROR(WriteItems(movies.records, items.get()));
  MARQUEE_ASSIGN_OR_RETURN(
      auto interactions, InteractionWriter::Create(out + "/interactions.csv"));
  MARQUEE_ASSIGN_OR_RETURN(
      const IdDictionary users,
      ConvertRatings(absl::StrCat(directory, "/ratings.csv"), movies,
                     options.like_from, interactions.get(), &summary.likes));
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
