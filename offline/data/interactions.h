// interactions.csv: who did what with which item and when.
//
//   user_id,item_id,timestamp[,event][,weight]
//
// The header is required; the order of the columns is free. Other columns are
// ignored and reported (InteractionReader::Remarks). But a column that is one
// letter away from `event` or `weight`, such as "wieght", is an error if the
// file does not have that column. A repeated row counts once (row_copies.h).
//
// `timestamp` is in whole Unix seconds, or a day, or RFC 3339: see moment.h.
// `weight` says how strong a sign of liking the row is. It is 1 if there is no
// such column. 0 means that the user saw the item without any sign of liking:
// the item is excluded from the user's recommendations, and training ignores
// the row.
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

// One row. The reader owns the texts.
struct InteractionView {
  absl::string_view user_id;
  absl::string_view item_id;
  int64_t timestamp = 0;    // Unix seconds, in the years 1970 to 9999
  absl::string_view event;  // empty if there is no such column
  float weight = 1;         // >= 0, finite
};

// Externally synchronised.
class InteractionReader {
 public:
  // Rows later than `now` are reported by Remarks. Errors: those of
  // CsvReader::Open, Column and RefuseMisspeltColumns.
  static absl::StatusOr<std::unique_ptr<InteractionReader>> Open(
      const std::string& path, absl::Time now = absl::Now());

  // Reads the next row. Returns false at the end. The row is valid until the
  // next call. Errors: DataLoss that names file, line and column.
  absl::StatusOr<bool> Next(InteractionView* row);

  uint64_t consumed_bytes() const { return csv_->consumed_bytes(); }
  uint64_t size_bytes() const { return csv_->size_bytes(); }
  uint64_t line() const { return csv_->line(); }
  const std::string& path() const { return csv_->path(); }
  bool has_events() const { return event_.has_value(); }
  // Whether the moment is more than a day later than `now`: clocks differ.
  bool IsToCome(int64_t timestamp) const {
    return remarks_.IsToCome(timestamp);
  }
  // Returns remarks, "FILE: WHAT": ignored columns, InteractionRemarks of the
  // rows so far, and which events count as signs of liking if that is doubtful.
  // `events` must have seen each row; nullptr: no events count as signs of
  // liking.
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

// Writes all five columns. Quotes cells if necessary. Externally synchronised.
class InteractionWriter {
 public:
  static absl::StatusOr<std::unique_ptr<InteractionWriter>> Create(
      const std::string& path);

  void Append(const InteractionView& row);
  uint64_t rows() const { return rows_; }
  // Errors of the disk so far.
  const absl::Status& status() const { return file_->status(); }
  // Returns the file for PublishAll.
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
