#include "offline/import/movielens_table.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "offline/formats/moment.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr size_t kMaxLineBytes = size_t{1} << 20;

constexpr MovieLensRelease kReleases[] = {
    {.name = "ml-latest",
     .movies = "movies.csv",
     .ratings = "ratings.csv",
     .not_read = "tags.csv and links.csv are not read."},
    {.name = "ml-1m",
     .movies = "movies.dat",
     .ratings = "ratings.dat",
     .movie_separator = "::",
     .rating_separator = "::",
     .not_read = "users.dat is not read: genders, ages, occupations and zip "
                 "codes."},
    {.name = "ml-100k",
     .movies = "u.item",
     .ratings = "u.data",
     .movie_separator = "|",
     .rating_separator = "\t",
     .genre_flags = true,
     .not_read = "u.user is not read: ages, genders, occupations and zip "
                 "codes; nor are the release dates and links of u.item."},
};

std::string Latin1ToUtf8(absl::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8.push_back(c);
      continue;
    }
    // Latin-1 has the first 256 characters of Unicode, which take at most two
    // bytes.
    utf8.push_back(static_cast<char>(0xc0 | byte >> 6));
    utf8.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
  }
  return utf8;
}

bool IsUtf8(absl::string_view text) {
  return FindInvalidUtf8(text) == absl::string_view::npos;
}

bool Exists(const std::string& directory, absl::string_view name) {
  std::error_code none;
  return std::filesystem::exists(absl::StrCat(directory, "/", name), none);
}

}  // namespace

absl::StatusOr<MovieLensRelease> FindMovieLensRelease(
    const std::string& directory) {
  std::optional<MovieLensRelease> found;
  std::vector<std::string> files;
  for (const MovieLensRelease& release : kReleases) {
    files.push_back(absl::StrCat(release.movies, " and ", release.ratings, " (",
                                 release.name, ")"));
    if (!Exists(directory, release.movies) &&
        !Exists(directory, release.ratings)) {
      continue;
    }
    if (found) {
      return absl::FailedPreconditionError(
          absl::StrCat(directory, ": has files of ", found->name, " and of ",
                       release.name, "; must be a folder of one release"));
    }
    found = release;
  }
  if (found) return *found;
  return absl::NotFoundError(
      absl::StrCat(directory, ": is not a folder of MovieLens; must have ",
                   absl::StrJoin(files, " or ")));
}

absl::StatusOr<std::unique_ptr<MovieLensTable>> MovieLensTable::Open(
    const std::string& path, absl::string_view separator,
    std::vector<std::string> columns) {
  std::unique_ptr<MovieLensTable> table(
      new MovieLensTable(separator, std::move(columns)));
  if (!separator.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(table->lines_,
                             LineReader::Open(path, kMaxLineBytes));
    return table;
  }
  MARQUEE_ASSIGN_OR_RETURN(table->csv_, CsvReader::Open(path));
  for (const std::string& column : table->columns_) {
    MARQUEE_ASSIGN_OR_RETURN(const size_t place, table->csv_->Column(column));
    table->places_.push_back(place);
  }
  return table;
}

absl::StatusOr<bool> MovieLensTable::Next() {
  return csv_ ? NextOfCsv() : NextLine();
}

absl::StatusOr<bool> MovieLensTable::NextOfCsv() {
  MARQUEE_ASSIGN_OR_RETURN(const bool more, csv_->Next());
  if (!more) return false;
  for (size_t i = 0; i < cells_.size(); ++i) {
    cells_[i] = csv_->cell(places_[i]);
    if (IsUtf8(cells_[i])) continue;
    return Fault(i,
                 "is not UTF-8; the file is Latin-1, it seems, which iconv -f "
                 "latin1 -t utf-8 converts");
  }
  return true;
}

absl::StatusOr<bool> MovieLensTable::NextLine() {
  do {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, lines_->Next());
    if (!more) return false;
  } while (lines_->text().empty());
  // Text in Latin-1 is hardly ever valid UTF-8, so the check tells the two
  // apart.
  text_ = IsUtf8(lines_->text()) ? std::string(lines_->text())
                                 : Latin1ToUtf8(lines_->text());
  cells_ = absl::StrSplit(text_, separator_);
  if (cells_.size() == columns_.size()) return true;
  return lines_->Fault(absl::StrCat(
      "has ", cells_.size(), " fields between ", QuoteForError(separator_),
      "; must have ", columns_.size(), ": ", absl::StrJoin(columns_, ", ")));
}

absl::StatusOr<float> MovieLensTable::Float(size_t column) const {
  auto value = ParseFloat(cells_[column], NonFinite::kRefuse);
  if (!value.ok()) return Fault(column, value.status().message());
  return value;
}

absl::StatusOr<int64_t> MovieLensTable::UnixSeconds(size_t column) const {
  auto value = ParseMoment(cells_[column]);
  if (!value.ok()) return Fault(column, value.status().message());
  return value;
}

absl::Status MovieLensTable::Fault(size_t column,
                                   absl::string_view what) const {
  if (csv_) return csv_->Fault(places_[column], what);
  return lines_->Fault(
      absl::StrCat("column ", column + 1, " '", columns_[column], "': ", what));
}

uint64_t MovieLensTable::consumed_bytes() const {
  return csv_ ? csv_->consumed_bytes() : lines_->consumed_bytes();
}

uint64_t MovieLensTable::size_bytes() const {
  return csv_ ? csv_->size_bytes() : lines_->size_bytes();
}

}  // namespace marquee
