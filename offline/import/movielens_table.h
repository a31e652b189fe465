// The tables of the releases of MovieLens, row by row.
#ifndef MARQUEE_OFFLINE_IMPORT_MOVIELENS_TABLE_H_
#define MARQUEE_OFFLINE_IMPORT_MOVIELENS_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "offline/formats/csv_reader.h"
#include "offline/formats/line_reader.h"

namespace marquee {

// The file format of a release. An empty separator means CSV with a header.
struct MovieLensRelease {
  absl::string_view name;
  absl::string_view movies;  // file names
  absl::string_view ratings;
  absl::string_view movie_separator;
  absl::string_view rating_separator;
  bool genre_flags = false;    // a column of 0 and 1 for each genre
  absl::string_view not_read;  // a sentence
};

// Returns the release whose files are in the directory: ml-latest, ml-1m
// (ml-10m has the same files) or ml-100k. Errors: NotFound if there are files
// of none; FailedPrecondition if there are files of two.
absl::StatusOr<MovieLensRelease> FindMovieLensRelease(
    const std::string& directory);

// A file of a release. Externally synchronised.
class MovieLensTable {
 public:
  // `columns`: found in the header of a CSV; other files have exactly these, in
  // this order. Errors: as CsvReader::Open and Column, or LineReader::Open.
  static absl::StatusOr<std::unique_ptr<MovieLensTable>> Open(
      const std::string& path, absl::string_view separator,
      std::vector<std::string> columns);

  // Moves to the next row. Returns false at the end. In files with a separator,
  // lines that are not UTF-8 are read as Latin-1, the encoding of these
  // releases. Errors: DataLoss that names file and line, also for a CSV that is
  // not UTF-8.
  absl::StatusOr<bool> Next();

  // The text in UTF-8, by the index of the column in `columns`. Valid until the
  // next call of Next.
  absl::string_view cell(size_t column) const { return cells_[column]; }
  // Errors: as Fault.
  absl::StatusOr<float> Float(size_t column) const;
  absl::StatusOr<int64_t> UnixSeconds(size_t column) const;

  // Returns DataLoss "FILE:LINE: column N 'NAME': WHAT".
  absl::Status Fault(size_t column, absl::string_view what) const;

  uint64_t line() const { return csv_ ? csv_->line() : lines_->line(); }
  uint64_t consumed_bytes() const;
  uint64_t size_bytes() const;

 private:
  MovieLensTable(absl::string_view separator, std::vector<std::string> columns)
      : separator_(separator),
        columns_(std::move(columns)),
        cells_(columns_.size()) {}
  absl::StatusOr<bool> NextOfCsv();
  absl::StatusOr<bool> NextLine();

  const std::string separator_;
  const std::vector<std::string> columns_;
  std::unique_ptr<CsvReader> csv_;  // exactly one of these is set
  std::unique_ptr<LineReader> lines_;
  std::vector<size_t> places_;  // of the columns in the CSV
  std::string text_;            // the line in UTF-8
  std::vector<absl::string_view> cells_;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_IMPORT_MOVIELENS_TABLE_H_
