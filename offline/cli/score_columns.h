// Finds the column of a CSV file for each feature of a model.
#ifndef MARQUEE_OFFLINE_CLI_SCORE_COLUMNS_H_
#define MARQUEE_OFFLINE_CLI_SCORE_COLUMNS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"
#include "offline/formats/csv_reader.h"

namespace marquee {

struct ScoreColumns {
  bool has_header = false;
  std::vector<size_t> of_feature;
  std::string note;  // what may be unexpected; empty: nothing
};

// Whether a cell is empty but for spaces, or NaN, NA or N/A in any case.
bool IsMissing(absl::string_view cell);

// `csv` must be on the first row. `header`: "auto", "yes" or "no". Columns are
// found by name if a header has any of the model's names, as they are or as
// trainers write them. A header that has only some of them is an error, because
// positions would hide the mistake. The features of an XGBoost model without
// names are f0, f1, …, in any order. Without such a header, columns are found
// by position, with a note if there is a header. Errors: DataLoss with file,
// line and column.
absl::StatusOr<ScoreColumns> FindColumns(const Forest& forest,
                                         const CsvReader& csv,
                                         const std::string& header);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_SCORE_COLUMNS_H_
