// interactions.csv: who did what with which title and when.
//
//   user_id,item_id,timestamp[,event][,weight]
//
// The header is required, the order of the columns is free. Other columns are
// not read, which is told; those that are misspelt ones, as "wieght", are
// errors. A row that is in the file again counts once (row_copies.h).
// `timestamp` is in whole Unix seconds, or a day, or RFC 3339: see moment.h.
// `weight` says how strong a sign of liking it is: 1 when there is no such
// column; 0 for a title that was seen without any sign of liking, which
// excludes it from recommendations and teaches nothing.
#ifndef MARQUEE_OFFLINE_DATA_INTERACTIONS_H_
#define MARQUEE_OFFLINE_DATA_INTERACTIONS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/files/output_file.h"
#include "offline/data/event_filter.h"
#include "offline/data/interaction_remarks.h"
#include "offline/formats/csv_reader.h"

namespace marquee {

// One row; the texts belong to the reader.
struct InteractionView {
  absl::string_view user_id;
  absl::string_view item_id;
  int64_t timestamp = 0;    // Unix seconds, of the years 1970 to 9999
  absl::string_view event;  // empty without such a column
  float weight = 1;         // >= 0, finite
};

// Externally synchronised.
class InteractionReader {
 public:
  // What is later than `now` is told. Errors: as CsvReader::Open, Column and
  // RefuseMisspeltColumns.
  static absl::StatusOr<std::unique_ptr<InteractionReader>> Open(
      const std::string& path, absl::Time now = absl::Now());

  // False at the end. The row is valid until the next call. Errors: DataLoss
  // that names file, line and column.
  absl::StatusOr<bool> Next(InteractionView* row);

  uint64_t consumed_bytes() const { return csv_->consumed_bytes(); }
  uint64_t size_bytes() const { return csv_->size_bytes(); }
  uint64_t line() const { return csv_->line(); }
  const std::string& path() const { return csv_->path(); }
  bool has_events() const { return event_.has_value(); }
  // Whether it is later than `now`, though clocks differ.
  bool IsToCome(int64_t timestamp) const {
    return remarks_.IsToCome(timestamp);
  }
  // "FILE: WHAT": columns that are not read, InteractionRemarks of the rows so
  // far, and which events count as signs of liking where that is doubtful.
  // `events` was asked of each row; nullptr: nothing is a sign.
  std::vector<std::string> Remarks(const EventFilter* events) const;

 private:
  InteractionReader(std::unique_ptr<CsvReader> csv, absl::Time now)
      : csv_(std::move(csv)), remarks_(absl::ToUnixSeconds(now)) {}
  std::string TellIgnoredColumns() const;
  absl::Status ReadRow(InteractionView* row) const;

  const std::unique_ptr<CsvReader> csv_;
  size_t user_ = 0;
  size_t item_ = 0;
  size_t timestamp_ = 0;
  std::optional<size_t> event_;
  std::optional<size_t> weight_;
  InteractionRemarks remarks_;
};

// Writes all five columns, cells quoted where they must be. Externally
// synchronised.
class InteractionWriter {
 public:
  static absl::StatusOr<std::unique_ptr<InteractionWriter>> Create(
      const std::string& path);

  void Append(const InteractionView& row);
  uint64_t rows() const { return rows_; }
  // Disk errors so far.
  const absl::Status& status() const { return file_->status(); }
  // For PublishAll.
  OutputFile* Finish() { return file_.get(); }

 private:
  explicit InteractionWriter(std::unique_ptr<OutputFile> file)
      : file_(std::move(file)) {}

  const std::unique_ptr<OutputFile> file_;
  std::string row_;
  uint64_t rows_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_INTERACTIONS_H_
