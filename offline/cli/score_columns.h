// Which column of a CSV file has which feature of a model.
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
  std::string note;  // what a person may not expect; empty: nothing
};

// Empty but for spaces, or NaN, NA or N/A in letters of any case.
bool IsMissing(absl::string_view cell);

// `csv` stands on the first row; `header` is "auto", "yes" or "no". By name
// when a header has any of the model's names, as they are or as trainers write
// them: one that has only some of them is a mistake that positions would hide.
// Those of an XGBoost model without names are f0, f1, …, in any order. Else by
// position, with a note when there is a header.
// Errors: DataLoss with file, line and column.
absl::StatusOr<ScoreColumns> FindColumns(const Forest& forest,
                                         const CsvReader& csv,
                                         const std::string& header);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_SCORE_COLUMNS_H_
