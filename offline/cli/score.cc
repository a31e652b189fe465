// marquee score: predictions of a tree model for the rows of a CSV file.
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/aligned_buffer.h"
#include "core/base/status_macros.h"
#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"
#include "core/forest/reference_scorer.h"
#include "core/forest/transform.h"
#include "core/model_import/import.h"
#include "core/scoring/compile_scorer.h"
#include "offline/build/ranker_sections.h"
#include "offline/cli/commands.h"
#include "offline/cli/iterations.h"
#include "offline/cli/score_columns.h"
#include "offline/cli/warn.h"
#include "offline/command_line/value_check.h"
#include "offline/formats/csv_reader.h"

namespace marquee {
namespace {

constexpr const char* kHeaders[] = {"auto", "yes", "no"};

constexpr size_t kOutputBufferBytes = size_t{1} << 16;

struct ScoreOptions {
  std::string model;
  std::string input;
  std::string delimiter = ",";
  std::string header = "auto";
  std::string engine;  // empty: the reference, in double
  std::optional<size_t> iterations;
  bool raw = false;
  bool json = false;
};

// Writes rows to standard output. Keeps errors for Finish.
class RowWriter {
 public:
  RowWriter(bool json, bool is_float) : json_(json), is_float_(is_float) {}

  void Write(std::span<const double> values) {
    if (json_) buffer_ += rows_ == 0 ? "{\"predictions\": [\n" : ",\n";
    const bool is_list = json_ && values.size() > 1;
    if (is_list) buffer_ += '[';
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) buffer_ += ',';
      Append(values[i]);
    }
    if (is_list) buffer_ += ']';
    if (!json_) buffer_ += '\n';
    ++rows_;
    if (buffer_.size() >= kOutputBufferBytes) Flush();
  }

  absl::Status Finish() {
    if (json_) buffer_ += rows_ == 0 ? "{\"predictions\": []}\n" : "\n]}\n";
    Flush();
    if (failed_ || std::fflush(stdout) != 0) {
      return absl::DataLossError("standard output can not be written");
    }
    return absl::OkStatus();
  }

 private:
  // The shortest digits that give the same number when read back in the type of
  // the model's sums.
  void Append(double value) {
    if (json_ && !std::isfinite(value)) {
      buffer_ += "null";
      return;
    }
    char digits[64];
    const auto end =
        is_float_ ? std::to_chars(digits, digits + sizeof(digits),
                                  static_cast<float>(value))
                  : std::to_chars(digits, digits + sizeof(digits), value);
    buffer_.append(digits, end.ptr);
  }

  void Flush() {
    failed_ |= std::fwrite(buffer_.data(), 1, buffer_.size(), stdout) !=
               buffer_.size();
    buffer_.clear();
  }

  const bool json_;
  const bool is_float_;
  std::string buffer_;
  size_t rows_ = 0;
  bool failed_ = false;
};

absl::StatusOr<char> ParseDelimiter(const std::string& text) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && text[0] != '"' && text[0] != '\n' &&
      text[0] != '\r') {
    return text[0];
  }
  return absl::InvalidArgumentError(
      "--delimiter must be one character, or 'tab'");
}

absl::Status ReadRow(const CsvReader& csv, std::span<const size_t> columns,
                     std::vector<double>* row) {
  for (size_t f = 0; f < columns.size(); ++f) {
    if (IsMissing(csv.cell(columns[f]))) {
      (*row)[f] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const auto value = csv.Double(columns[f]);
    if (!value.ok()) {
      return absl::Status(value.status().code(),
                          absl::StrCat(value.status().message(),
                                       "; an empty cell, NaN, NA and N/A are "
                                       "missing values"));
    }
    (*row)[f] = *value;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Forest>> LoadForest(
    const ScoreOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(std::shared_ptr<const Forest> forest,
                           ImportForestFile(options.model));
  if (!options.iterations.has_value()) {
    Warn(TellUnusedBest(options.model, *forest, "--iterations"));
    return forest;
  }
  auto first = forest->FirstIterations(*options.iterations);
  if (!first.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--iterations: ", first.status().message()));
  }
  return std::shared_ptr<const Forest>(*std::move(first));
}

// Writes the raw scores of a row.
using RowScorer =
    std::function<void(std::span<const double> row, std::span<double> outputs)>;

absl::StatusOr<RowScorer> MakeScorer(const ScoreOptions& options,
                                     std::shared_ptr<const Forest> forest) {
  if (options.engine.empty()) {
    std::shared_ptr<const ReferenceScorer> reference =
        ReferenceScorer::Create(std::move(forest));
    return [reference](std::span<const double> row, std::span<double> outputs) {
      reference->ScoreRow(row, outputs);
    };
  }
  const size_t features = forest->num_features();
  auto compiled = CompileScorer(std::move(forest), options.engine);
  if (!compiled.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--engine: ", compiled.status().message()));
  }
  std::shared_ptr<const Scorer> scorer = *std::move(compiled);
  auto scratch =
      std::make_shared<AlignedBuffer<std::byte>>(scorer->scratch_bytes());
  auto matrix = std::make_shared<FeatureMatrix>(1, features);
  matrix->SetRows(1);
  return [=](std::span<const double> row, std::span<double> outputs) {
    for (size_t f = 0; f < features; ++f) {
      matrix->At(0, f) = static_cast<float>(row[f]);
    }
    scorer->Score(*matrix, scratch->span(), outputs);
  };
}

// Warns of features whose categories are numbers in the model, because a table
// holds the values of categories.
void WarnOfCategories(const std::string& model, const Forest& forest) {
  const auto warn = [&](std::span<const uint32_t> features, const char* what) {
    if (features.empty()) return;
    std::fprintf(stderr,
                 "marquee: %s: the trainer has, or may have, numbered the "
                 "categories of %s: %s\n",
                 model.c_str(), forest.NamesOf(features).c_str(), what);
  };
  warn(forest.numbered_categories(),
       "cells must be these numbers, from 0 in the order of the model's "
       "list");
  warn(forest.untold_categories(),
       "cells must be what XGBoost was given; for a column of categories of "
       "a table, the numbers that it gave them, which this file does not have");
}

// From the row of `csv`, if it is on one, to the last.
absl::Status ScoreRows(const ScoreOptions& options,
                       const std::shared_ptr<const Forest>& forest,
                       std::span<const size_t> columns, CsvReader& csv,
                       bool more) {
  RowWriter writer(options.json, forest->arithmetic() == Arithmetic::kXgboost);
  MARQUEE_ASSIGN_OR_RETURN(const RowScorer score, MakeScorer(options, forest));
  std::vector<double> row(columns.size());
  std::vector<double> outputs(forest->num_outputs());
  const size_t predictions =
      options.raw ? outputs.size() : NumPredictions(*forest);
  while (more) {
    MARQUEE_RETURN_IF_ERROR(ReadRow(csv, columns, &row));
    score(row, outputs);
    if (!options.raw) ApplyTransform(*forest, outputs);
    writer.Write(std::span<const double>(outputs).first(predictions));
    MARQUEE_ASSIGN_OR_RETURN(more, csv.Next());
  }
  return writer.Finish();
}

absl::Status Score(const ScoreOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const char delimiter,
                           ParseDelimiter(options.delimiter));
  MARQUEE_ASSIGN_OR_RETURN(const std::shared_ptr<const Forest> forest,
                           LoadForest(options));
  WarnOfCategories(options.model, *forest);
  MARQUEE_ASSIGN_OR_RETURN(
      const std::unique_ptr<CsvReader> csv,
      CsvReader::Open(options.input,
                      {.delimiter = delimiter, .header = false}));
  MARQUEE_ASSIGN_OR_RETURN(bool more, csv->Next());
  if (!more) {
    return absl::DataLossError(
        absl::StrCat(csv->path(),
                     ": has no row: a row of features to score, "
                     "or at least a header, is wanted"));
  }
  MARQUEE_ASSIGN_OR_RETURN(const ScoreColumns found,
                           FindColumns(*forest, *csv, options.header));
  if (!found.note.empty()) {
    std::fprintf(stderr, "marquee: %s\n", found.note.c_str());
  }
  if (found.has_header) {
    MARQUEE_ASSIGN_OR_RETURN(more, csv->Next());
  }
  if (!more) {
    std::fprintf(stderr, "marquee: %s: has a header and no rows\n",
                 csv->path().c_str());
  }
  return ScoreRows(options, forest, found.of_feature, *csv, more);
}

}  // namespace

void RegisterScore(Command program) {
  const auto options = std::make_shared<ScoreOptions>();
  Command command = program.Add(
      "score", "Print the predictions of a tree model, one row a line");
  command
      .AddOption("--model", options->model,
                 "LightGBM text, XGBoost JSON or UBJSON file")
      .Required();
  command
      .AddOption("--input", options->input,
                 "CSV file, a row to score on each line; an empty cell, "
                 "NaN, NA and N/A are missing values. Columns go by name "
                 "when the header has the model's feature names, which are "
                 "f0, f1 and so on of an XGBoost model without names; else by "
                 "position")
      .Required();
  command
      .AddOption("--header", options->header,
                 "whether the first row is a header; auto: when it has "
                 "names of the model's features, or no number; one that "
                 "mixes numbers and other texts, and one of numbers that may "
                 "be names, as 0, 1, 2 are, is an error")
      .Check(OneOf(kHeaders))
      .ShowDefault();
  command
      .AddOption("--delimiter", options->delimiter,
                 "between cells: one character, or 'tab'")
      .ShowDefault();
  command
      .AddOption("--iterations", options->iterations,
                 "use only the first so many iterations of the model; best: "
                 "those up to the best of early stopping, which the model "
                 "must name")
      .Check(Iterations());
  command.AddOption(
      "--engine", options->engine,
      absl::StrCat("score by the engine of this name, of ",
                   absl::StrJoin(ScorerNames(), ", "),
                   ", whose features are float32, as in a server, for a model "
                   "of one output; without it, "
                   "by the reference on the numbers of the file"));
  command.AddFlag("--raw", options->raw,
                  "the sums of the trees (margins), not predictions");
  command.AddFlag("--json", options->json,
                  "one JSON object with the list 'predictions'");
  command.Does([options] { return Score(*options); });
}

}  // namespace marquee
