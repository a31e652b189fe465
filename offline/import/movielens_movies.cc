#include "offline/import/movielens_movies.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "offline/data/record_json.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

// Columns of movies: of every release, then of each.
constexpr size_t kId = 0;
constexpr size_t kTitle = 1;
constexpr size_t kGenres = 2;
constexpr size_t kFirstFlag = 5;

// For ml-100k without u.genre. The first flag means that the genre is unknown.
constexpr const char* kPublishedGenres[] = {
    "unknown",   "Action",   "Adventure",   "Animation", "Children's",
    "Comedy",    "Crime",    "Documentary", "Drama",     "Fantasy",
    "Film-Noir", "Horror",   "Musical",     "Mystery",   "Romance",
    "Sci-Fi",    "Thriller", "War",         "Western"};
constexpr absl::string_view kUnknown = "unknown";

// Takes "(1995)" or "(2006-2007)" off the end of the title, with the mark of a
// video or of television behind it.
std::optional<int> TakeYear(std::string* title) {
  absl::string_view text = absl::StripAsciiWhitespace(*title);
  for (const absl::string_view mark : {" (V)", " (TV)"}) {
    if (absl::ConsumeSuffix(&text, mark)) break;
  }
  *title = std::string(text);
  const size_t open = title->rfind('(');
  if (open == std::string::npos || title->back() != ')') return std::nullopt;
  int year = 0;
  // The first of two years, as in (2006-2007), is the year of release.
  const absl::string_view digits =
      absl::string_view(*title).substr(open + 1, 4);
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &year) || year < kFirstReleaseYear ||
      year > kLastReleaseYear) {
    return std::nullopt;
  }
  *title = std::string(
      absl::StripAsciiWhitespace(absl::string_view(*title).substr(0, open)));
  return year;
}

// Returns the names of the flags, in their order.
absl::StatusOr<std::vector<std::string>> ReadGenres(
    const std::string& directory) {
  auto table = MovieLensTable::Open(absl::StrCat(directory, "/u.genre"), "|",
                                    {"genre", "number"});
  if (absl::IsNotFound(table.status())) {
    return std::vector<std::string>(std::begin(kPublishedGenres),
                                    std::end(kPublishedGenres));
  }
  if (!table.ok()) return table.status();
  std::vector<std::string> genres;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, (*table)->Next());
    if (!more) return genres;
    if ((*table)->cell(1) != absl::StrCat(genres.size())) {
      return (*table)->Fault(
          1, absl::StrCat(QuoteForError((*table)->cell(1)), " must be ",
                          genres.size(), ", as the genres before it"));
    }
    genres.emplace_back((*table)->cell(0));
  }
}

std::vector<std::string> GenresOfList(const MovieLensTable& table) {
  const absl::string_view genres = table.cell(kGenres);
  if (genres.empty() || genres == "(no genres listed)") return {};
  return absl::StrSplit(genres, '|');
}

absl::StatusOr<std::vector<std::string>> GenresOfFlags(
    const MovieLensTable& table, const std::vector<std::string>& names) {
  std::vector<std::string> genres;
  for (size_t i = 0; i < names.size(); ++i) {
    const absl::string_view flag = table.cell(kFirstFlag + i);
    if (flag != "0" && flag != "1") {
      return table.Fault(kFirstFlag + i,
                         absl::StrCat(QuoteForError(flag), " must be 0 or 1"));
    }
    if (flag == "1" && names[i] != kUnknown) genres.push_back(names[i]);
  }
  return genres;
}

ItemRecord RecordOf(const MovieLensTable& table,
                    std::vector<std::string> genres) {
  ItemRecord record;
  record.id = std::string(table.cell(kId));
  record.title = std::string(table.cell(kTitle));
  if (const auto year = TakeYear(&record.title)) {
    record.released = absl::CivilDay(*year, 1, 1);
  }
  if (!genres.empty()) record.attributes["genre"] = std::move(genres);
  return record;
}

// Empty except for ml-100k.
absl::StatusOr<std::vector<std::string>> FlagsOf(
    const std::string& directory, const MovieLensRelease& release) {
  if (!release.genre_flags) return std::vector<std::string>();
  return ReadGenres(directory);
}

std::vector<std::string> ColumnsOf(const MovieLensRelease& release,
                                   const std::vector<std::string>& flags) {
  if (!release.genre_flags) return {"movieId", "title", "genres"};
  std::vector<std::string> columns = {"movieId", "title", "release date",
                                      "video release date", "IMDb URL"};
  columns.insert(columns.end(), flags.begin(), flags.end());
  return columns;
}

}  // namespace

absl::StatusOr<Movies> ReadMovies(const std::string& directory,
                                  const MovieLensRelease& release) {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<std::string> flags,
                           FlagsOf(directory, release));
  MARQUEE_ASSIGN_OR_RETURN(
      const auto table,
      MovieLensTable::Open(absl::StrCat(directory, "/", release.movies),
                           release.movie_separator, ColumnsOf(release, flags)));
  Movies movies;
  std::vector<uint64_t> line_of;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, table->Next());
    if (!more) return movies;
    if (absl::Status status = CheckId(table->cell(kId)); !status.ok()) {
      return table->Fault(kId, status.message());
    }
    const uint32_t number = movies.ids.FindOrAdd(table->cell(kId));
    if (number < line_of.size()) {
      return table->Fault(
          kId, absl::StrCat("the movie ", table->cell(kId), " is also on line ",
                            line_of[number]));
    }
    line_of.push_back(table->line());
    std::vector<std::string> genres;
    if (release.genre_flags) {
      MARQUEE_ASSIGN_OR_RETURN(genres, GenresOfFlags(*table, flags));
    } else {
      genres = GenresOfList(*table);
    }
    movies.records.push_back(RecordOf(*table, std::move(genres)));
  }
}

}  // namespace marquee
