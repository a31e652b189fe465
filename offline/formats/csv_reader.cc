#include "offline/formats/csv_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "offline/formats/csv_header.h"
#include "offline/formats/moment.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr size_t kRowCells = 16;  // limit of a row, in largest cells

}  // namespace

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(
    const std::string& path, CsvOptions options) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, InputFile::Open(path));
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(file), options));
  MARQUEE_RETURN_IF_ERROR(reader->file_->BeginText());
  if (options.header) {
    MARQUEE_RETURN_IF_ERROR(reader->RefuseJson());
    MARQUEE_RETURN_IF_ERROR(reader->ReadHeader());
  }
  return reader;
}

absl::Status CsvReader::RefuseJson() const {
  const std::span<const char> window = file_->window();
  if (!absl::StartsWith(absl::string_view(window.data(), window.size()),
                        "{\"")) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat(path(),
                   ":1: is JSON, not a table; the first line must name the "
                   "columns, with commas between them"));
}

absl::Status CsvReader::RefuseExcelsLine() const {
  // The character after "sep=" ends the cell if it is our delimiter.
  const bool is_excels =
      absl::StartsWith(cells_[0], "sep=") && cells_[0].size() <= 5 &&
      (cells_.size() == 1 || (cells_.size() == 2 && cells_[1].empty()));
  if (!is_excels) return absl::OkStatus();
  return RowFault(
      "tells Excel what separates the cells, and is not a row: delete the "
      "line");
}

absl::Status CsvReader::ReadHeader() {
  MARQUEE_ASSIGN_OR_RETURN(const bool more, Next());
  if (!more) {
    return absl::DataLossError(absl::StrCat(
        path(), ": is empty; the first line must name the columns"));
  }
  for (const absl::string_view cell : cells_) header_.emplace_back(cell);
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::Next() {
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, ReadRow());
    if (!more) return false;
    const bool empty_line = cells_.size() == 1 && cells_[0].empty();
    if (empty_line && columns_ != size_t{1}) continue;
    break;
  }
  if (!columns_.has_value()) {
    MARQUEE_RETURN_IF_ERROR(RefuseExcelsLine());
    columns_ = cells_.size();
  }
  if (cells_.size() != *columns_) {
    return RowFault(absl::StrCat("has ", cells_.size(), " cells where the ",
                                 options_.header ? "header" : "first row",
                                 " has ", *columns_));
  }
  return true;
}

absl::StatusOr<bool> CsvReader::ReadRow() {
  bool at_end = false;
  while (true) {
    const std::span<char> window = file_->window();
    if (at_end && window.empty()) return false;
    MARQUEE_ASSIGN_OR_RETURN(const Scan scan, ScanRow(window, at_end));
    if (scan.done) {
      line_ = next_line_;
      next_line_ += scan.newlines;
      FinishCells(window);
      file_->Consume(scan.position);
      return true;
    }
    if (window.size() > options_.max_cell_bytes * kRowCells) {
      return ScanFault(
          {}, absl::StrCat("the row is longer than ",
                           options_.max_cell_bytes * kRowCells, " bytes"));
    }
    MARQUEE_ASSIGN_OR_RETURN(const bool more, file_->Extend());
    at_end = !more;
  }
}

// Finds the cells of one row. If the window holds only part of a row, the row
// is scanned again from its start when there is more: at most once per buffer.
absl::StatusOr<CsvReader::Scan> CsvReader::ScanRow(std::span<const char> window,
                                                   bool at_end) {
  extents_.clear();
  Scan scan;
  while (!scan.done) {
    const bool quoted = options_.quotes && scan.position < window.size() &&
                        window[scan.position] == '"';
    const Scan before = scan;
    MARQUEE_ASSIGN_OR_RETURN(const bool complete,
                             quoted ? ScanQuoted(window, at_end, &scan)
                                    : ScanPlain(window, at_end, &scan));
    if (!complete) break;
    if (extents_.back().length > options_.max_cell_bytes) {
      return ScanFault(
          before, absl::StrCat("cell ", extents_.size(), " is longer than ",
                               options_.max_cell_bytes, " bytes"));
    }
  }
  return scan;
}

// Reads one cell and what ends it. Returns false if the window ends first.
absl::StatusOr<bool> CsvReader::ScanPlain(std::span<const char> window,
                                          bool at_end, Scan* scan) {
  const size_t begin = scan->position;
  size_t i = begin;
  while (i < window.size() && window[i] != options_.delimiter &&
         window[i] != '\n') {
    if (window[i] == '"' && options_.quotes) {
      return ScanFault(*scan, absl::StrCat("a quote inside the unquoted cell ",
                                           extents_.size() + 1,
                                           "; quote the whole cell and double "
                                           "the quotes in it"));
    }
    ++i;
  }
  if (i == window.size() && !at_end) return false;
  size_t end = i;
  if (i == window.size() || window[i] == '\n') {
    scan->done = true;
    scan->newlines += i < window.size();
    if (end > begin && window[end - 1] == '\r') --end;
  }
  extents_.push_back({begin, end - begin, false});
  scan->position = std::min(i + 1, window.size());
  return true;
}

absl::StatusOr<bool> CsvReader::ScanQuoted(std::span<const char> window,
                                           bool at_end, Scan* scan) {
  const Scan before = *scan;
  const size_t begin = scan->position + 1;
  bool doubled = false;
  size_t i = begin;
  for (;; ++i) {
    // A quote at the end of the window may be the first of two, so it ends the
    // cell only at the end of the file.
    if (i == window.size() ||
        (i + 1 == window.size() && window[i] == '"' && !at_end)) {
      if (i - begin > options_.max_cell_bytes || at_end) {
        return ScanFault(
            before,
            absl::StrCat("the quote that opens here, of cell ",
                         extents_.size() + 1, ", is never closed",
                         at_end
                             ? std::string()
                             : absl::StrCat(" within ", options_.max_cell_bytes,
                                            " bytes, the largest cell")));
      }
      return false;
    }
    if (window[i] == '\n') ++scan->newlines;
    if (window[i] != '"') continue;
    if (i + 1 == window.size() || window[i + 1] != '"') break;
    doubled = true;
    ++i;
  }
  extents_.push_back({begin, i - begin, doubled});
  ++i;
  if (i < window.size() && window[i] == '\r') {
    // A return ends the row only before a newline.
    if (i + 1 == window.size() && !at_end) return false;
    if (i + 1 == window.size() || window[i + 1] == '\n') ++i;
  }
  scan->done = i == window.size() || window[i] == '\n';
  if (i == window.size() && !at_end) return false;
  if (!scan->done && window[i] != options_.delimiter) {
    const std::string separated = TellOtherDelimiter(
        absl::string_view(&window[i], 1), options_.delimiter);
    if (!separated.empty()) return ScanFault(*scan, separated);
    return ScanFault(
        *scan, absl::StrCat("text after the closing quote of cell ",
                            extents_.size(), "; quotes in a cell are doubled"));
  }
  scan->newlines += i < window.size() && window[i] == '\n';
  scan->position = std::min(i + 1, window.size());
  return true;
}

void CsvReader::FinishCells(std::span<char> window) {
  cells_.clear();
  for (const Extent& extent : extents_) {
    char* const first = window.data() + extent.begin;
    size_t length = extent.length;
    if (extent.doubled_quotes) {
      size_t to = 0;
      for (size_t from = 0; from < extent.length; ++from, ++to) {
        first[to] = first[from];
        if (first[from] == '"') ++from;
      }
      length = to;
    }
    cells_.emplace_back(first, length);
  }
}

absl::StatusOr<std::optional<size_t>> CsvReader::OptionalColumn(
    absl::string_view name) const {
  std::optional<size_t> found;
  for (size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] != name) continue;
    if (found.has_value()) {
      return absl::FailedPreconditionError(
          absl::StrCat(path(), ": columns ", *found + 1, " and ", i + 1,
                       " are both named '", name, "'"));
    }
    found = i;
  }
  return found;
}

absl::StatusOr<size_t> CsvReader::Column(absl::string_view name) const {
  MARQUEE_ASSIGN_OR_RETURN(const std::optional<size_t> found,
                           OptionalColumn(name));
  if (found.has_value()) return *found;
  return absl::FailedPreconditionError(absl::StrCat(
      path(), ": ", TellMissingColumn(header_, name, options_.delimiter)));
}

absl::Status CsvReader::RefuseMisspeltColumns(
    std::initializer_list<absl::string_view> optional) const {
  for (const std::string& name : header_) {
    if (std::find(optional.begin(), optional.end(), name) != optional.end()) {
      continue;
    }
    for (const absl::string_view meant : optional) {
      if (!IsNearMiss(name, meant) || absl::c_linear_search(header_, meant)) {
        continue;
      }
      return absl::FailedPreconditionError(absl::StrCat(
          path(), ": the column ", QuoteForError(name), " is probably '", meant,
          "': rename it, or give it a name less like it"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> CsvReader::Int64(size_t column) const {
  auto value = ParseInt64(cells_[column]);
  if (!value.ok()) return Fault(column, value.status().message());
  return value;
}

absl::StatusOr<float> CsvReader::Float(size_t column, NonFinite policy) const {
  auto value = ParseFloat(cells_[column], policy);
  if (!value.ok()) return Fault(column, value.status().message());
  return value;
}

absl::StatusOr<double> CsvReader::Double(size_t column,
                                         NonFinite policy) const {
  auto value = ParseDouble(cells_[column], policy);
  if (!value.ok()) return Fault(column, value.status().message());
  return value;
}

absl::StatusOr<int64_t> CsvReader::UnixSeconds(size_t column) const {
  auto value = ParseMoment(cells_[column]);
  if (!value.ok()) return Fault(column, value.status().message());
  return value;
}

absl::Status CsvReader::Fault(size_t column, absl::string_view what) const {
  const std::string name =
      column < header_.size()
          ? absl::StrCat(" ", QuoteForError(header_[column]))
          : "";
  return RowFault(absl::StrCat("column ", column + 1, name, ": ", what));
}

absl::Status CsvReader::RowFault(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(path(), ":", line_, ": ", what));
}

absl::Status CsvReader::ScanFault(const Scan& scan,
                                  absl::string_view what) const {
  return absl::DataLossError(
      absl::StrCat(path(), ":", next_line_ + scan.newlines, ": ", what));
}

}  // namespace marquee
