#include "offline/cli/score_columns.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/features/trainer_names.h"
#include "offline/formats/csv_header.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

using Names = std::vector<std::string>;

// The features of an XGBoost model without names are f0, f1, …, as its library
// names them. `columns` limits their number, because the file may declare many
// features: with one more feature than columns, one has no column.
Names NamesOfFeatures(const Forest& forest, size_t columns) {
  Names names(forest.feature_names().begin(), forest.feature_names().end());
  if (!names.empty() || forest.arithmetic() != Arithmetic::kXgboost) {
    return names;
  }
  const size_t count = std::min(forest.num_features(), columns + 1);
  for (size_t f = 0; f < count; ++f) names.push_back(absl::StrCat("f", f));
  return names;
}

// Whether a row of numbers may be a header: 0, 1, 2, … as pandas names the
// columns of an array, or the names of all features, in any order. A row of two
// numbers is too often data.
bool MayBeNames(const Names& features, const CsvReader& csv) {
  absl::flat_hash_set<absl::string_view> cells;
  bool counts = csv.cells().size() > 2;
  for (size_t i = 0; i < csv.cells().size(); ++i) {
    const absl::string_view cell = absl::StripAsciiWhitespace(csv.cell(i));
    counts &= cell == absl::StrCat(i);
    cells.insert(cell);
  }
  return counts || (!features.empty() &&
                    std::ranges::all_of(features, [&](const std::string& name) {
                      return cells.contains(name);
                    }));
}

// Decides for --header auto about the first row. Names of the model's features,
// or a row without numbers, make a header. A row that mixes numbers with
// something else is more likely a damaged row than a header, and must not
// vanish as one. A row of numbers that may be names must not be scored
// silently.
absl::StatusOr<bool> IsHeader(const Names& features, const CsvReader& csv) {
  const absl::flat_hash_set<std::string> names(features.begin(),
                                               features.end());
  bool has_number = false;
  std::optional<size_t> other;
  for (size_t i = 0; i < csv.cells().size(); ++i) {
    const absl::string_view cell = csv.cell(i);
    if (IsMissing(cell)) continue;
    if (ParseDouble(cell, NonFinite::kAllow).ok()) {
      has_number = true;
    } else if (names.contains(cell) || names.contains(NameForTrainers(cell))) {
      return true;
    } else if (!other.has_value()) {
      other = i;
    }
  }
  if (!has_number) return other.has_value();
  if (!other.has_value()) {
    if (!MayBeNames(features, csv)) return false;
    return csv.RowFault(
        "the first row may be a header of numbers, as pandas writes for an "
        "array: --header yes takes it as names, --header no as numbers");
  }
  return csv.Fault(
      *other,
      absl::StrCat(
          ParseDouble(csv.cell(*other), NonFinite::kAllow).status().message(),
          ", but other cells of the first row are: --header yes takes the row "
          "as names, --header no as numbers"));
}

absl::StatusOr<std::vector<size_t>> ColumnsByPosition(const Forest& forest,
                                                      const CsvReader& csv) {
  const size_t count = csv.cells().size();
  if (count != forest.num_features()) {
    const std::string separated =
        count == 1 ? TellOtherDelimiter(csv.cell(0), csv.delimiter()) : "";
    if (!separated.empty()) {
      return csv.RowFault(
          absl::StrCat(separated, ": --delimiter says what separates them"));
    }
    return csv.RowFault(absl::StrCat(
        "has ", count, " columns, the model has ", forest.num_features(),
        " features; other numbers of columns need a header with the names of "
        "the features"));
  }
  std::vector<size_t> columns(count);
  std::iota(columns.begin(), columns.end(), size_t{0});
  return columns;
}

// Empty if no column has the name of a feature.
absl::StatusOr<std::vector<size_t>> ColumnsByName(const Forest& forest,
                                                  const Names& names,
                                                  const CsvReader& csv) {
  const std::vector<std::string> cells(csv.cells().begin(), csv.cells().end());
  const TrainerNames header(cells);
  absl::flat_hash_map<absl::string_view, size_t> counts;
  for (const std::string& cell : cells) ++counts[cell];
  const bool keeps_characters =
      forest.arithmetic() == Arithmetic::kXgboost || KeepsCharacters(names);
  std::vector<size_t> columns;
  std::vector<bool> used(cells.size(), false);
  std::string missing;
  for (const std::string& name : names) {
    const auto found = header.Find(name, keeps_characters);
    // A column that was taken for another name is not taken for this one.
    if (absl::IsNotFound(found.status()) ||
        (found.ok() && used[*found] && cells[*found] != name)) {
      if (missing.empty()) missing = name;
      continue;
    }
    if (!found.ok()) return csv.RowFault(found.status().message());
    if (counts[cells[*found]] > 1) {
      return csv.RowFault(
          absl::StrCat("has two columns ", QuoteForError(cells[*found])));
    }
    if (used[*found]) {
      return csv.RowFault(absl::StrCat(
          "the model has two features '", name,
          "', which names can not tell apart: give columns by position"));
    }
    used[*found] = true;
    columns.push_back(*found);
  }
  if (columns.empty() || missing.empty()) return columns;
  return csv.RowFault(absl::StrCat(
      "has no column '", missing, "', but columns of other features of the ",
      forest.feature_names().empty()
          ? "model, which has XGBoost's own names: rename the columns, or "
            "leave out the header, so that columns go by position"
          : "model"));
}

}  // namespace

bool IsMissing(absl::string_view cell) {
  const std::string word =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(cell));
  return word.empty() || word == "nan" || word == "na" || word == "n/a";
}

absl::StatusOr<ScoreColumns> FindColumns(const Forest& forest,
                                         const CsvReader& csv,
                                         const std::string& header) {
  ScoreColumns found{.has_header = header == "yes"};
  const Names names = NamesOfFeatures(forest, csv.cells().size());
  if (header == "auto") {
    MARQUEE_ASSIGN_OR_RETURN(found.has_header, IsHeader(names, csv));
  }
  if (found.has_header) {
    MARQUEE_ASSIGN_OR_RETURN(found.of_feature,
                             ColumnsByName(forest, names, csv));
    if (!found.of_feature.empty()) return found;
    // `names` is not empty: a LightGBM model must name its features, and those
    // of XGBoost get f0, f1, and so on.
    found.note = absl::StrCat(
        csv.path(),
        ": no column has the name of a feature of the model (the first is '",
        names[0], "'); columns go by position");
  }
  MARQUEE_ASSIGN_OR_RETURN(found.of_feature, ColumnsByPosition(forest, csv));
  return found;
}

}  // namespace marquee
