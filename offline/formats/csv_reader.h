// CSV files, one row at a time (RFC 4180): quoted cells with doubled quotes and
// newlines in them, LF or CRLF, an optional UTF-8 byte order mark.
//
//   MARQUEE_ASSIGN_OR_RETURN(auto csv, CsvReader::Open("ratings.csv"));
//   MARQUEE_ASSIGN_OR_RETURN(const size_t rating, csv->Column("rating"));
//   while (true) {
//     MARQUEE_ASSIGN_OR_RETURN(const bool more, csv->Next());
//     if (!more) break;
//     MARQUEE_ASSIGN_OR_RETURN(const float value, csv->Float(rating));
//   }
//
// Stricter than spreadsheets: a quote inside an unquoted cell, text after a
// closing quote, and a row with another number of cells are errors. Empty lines
// are skipped, except in a file with one column, where they are empty cells.
#ifndef MARQUEE_OFFLINE_FORMATS_CSV_READER_H_
#define MARQUEE_OFFLINE_FORMATS_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "offline/formats/input_file.h"
#include "offline/formats/parse_number.h"

namespace marquee {

struct CsvOptions {
  char delimiter = ',';
  // Whether the first row names the columns. If not, the first row determines
  // their number.
  bool header = true;
  // False: a quote is an ordinary character (tab-separated dumps).
  bool quotes = true;
  // A longer cell, or a row of more than 16 times this, is an error. The usual
  // cause is a quote that is never closed.
  size_t max_cell_bytes = size_t{1} << 20;
};

// Externally synchronised.
class CsvReader {
 public:
  // Reads the header. Errors: those of InputFile::Open and BeginText; DataLoss
  // if the header has a fault or is missing.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(
      const std::string& path, CsvOptions options = {});

  // Moves to the next row. Returns false at the end of the file. Errors:
  // DataLoss that names file and line.
  absl::StatusOr<bool> Next();

  // The current row, unquoted. Valid until the next call of Next.
  std::span<const absl::string_view> cells() const { return cells_; }
  absl::string_view cell(size_t column) const { return cells_[column]; }
  // The line on which the row begins; the first line is 1.
  uint64_t line() const { return line_; }

  char delimiter() const { return options_.delimiter; }
  // Empty without a header.
  std::span<const std::string> header() const { return header_; }
  // Returns the number of the column. Errors: FailedPrecondition, with the
  // message of TellMissingColumn, or saying that two columns have the name.
  absl::StatusOr<size_t> Column(absl::string_view name) const;
  // As Column, but absent if there is no such column.
  absl::StatusOr<std::optional<size_t>> OptionalColumn(
      absl::string_view name) const;
  // A format allows columns of the writer's own, but a misspelt optional column
  // must not count as absent. Errors: FailedPrecondition for a column that is a
  // near miss of one of `optional`, if the file does not have that one.
  absl::Status RefuseMisspeltColumns(
      std::initializer_list<absl::string_view> optional) const;

  // Returns the cell as a number. Ignores spaces around it. Float rounds once
  // from the decimal digits. Errors: as Fault, for a cell that is empty, is not
  // a number or does not fit, and for NaN and infinities unless `policy` allows
  // them.
  absl::StatusOr<int64_t> Int64(size_t column) const;
  absl::StatusOr<float> Float(size_t column,
                              NonFinite policy = NonFinite::kRefuse) const;
  absl::StatusOr<double> Double(size_t column,
                                NonFinite policy = NonFinite::kRefuse) const;

  // As ParseMoment. Errors: as Int64.
  absl::StatusOr<int64_t> UnixSeconds(size_t column) const;

  // Returns DataLoss "FILE:LINE: column N 'NAME': WHAT"; N counts from 1. For
  // faults that only the caller can detect.
  absl::Status Fault(size_t column, absl::string_view what) const;
  // Returns DataLoss "FILE:LINE: WHAT".
  absl::Status RowFault(absl::string_view what) const;

  // For progress: the bytes of the rows so far, and of the file (0: unknown).
  uint64_t consumed_bytes() const { return file_->consumed_bytes(); }
  uint64_t size_bytes() const { return file_->size_bytes(); }
  const std::string& path() const { return file_->path(); }

 private:
  struct Extent {
    size_t begin;
    size_t length;
    bool doubled_quotes;  // still to be replaced by single quotes
  };
  // The state of a scan of the window.
  struct Scan {
    size_t position = 0;
    uint64_t newlines = 0;
    bool done = false;  // the row is complete
  };

  CsvReader(std::unique_ptr<InputFile> file, CsvOptions options)
      : options_(options), file_(std::move(file)) {}
  absl::Status RefuseJson() const;
  absl::Status RefuseExcelsLine() const;
  absl::Status ReadHeader();
  absl::StatusOr<bool> ReadRow();
  absl::StatusOr<Scan> ScanRow(std::span<const char> window, bool at_end);
  absl::StatusOr<bool> ScanQuoted(std::span<const char> window, bool at_end,
                                  Scan* scan);
  absl::StatusOr<bool> ScanPlain(std::span<const char> window, bool at_end,
                                 Scan* scan);
  void FinishCells(std::span<char> window);
  absl::Status ScanFault(const Scan& scan, absl::string_view what) const;

  const CsvOptions options_;
  const std::unique_ptr<InputFile> file_;
  std::vector<std::string> header_;
  std::optional<size_t> columns_;
  std::vector<Extent> extents_;
  std::vector<absl::string_view> cells_;
  uint64_t line_ = 0;
  uint64_t next_line_ = 1;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_CSV_READER_H_
