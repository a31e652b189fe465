#include "offline/data/interactions.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "offline/data/id_dictionary.h"
#include "offline/formats/csv_cells.h"
#include "offline/formats/parse_number.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<InteractionReader>> InteractionReader::Open(
    const std::string& path, absl::Time now) {
  MARQUEE_ASSIGN_OR_RETURN(auto csv, CsvReader::Open(path));
  std::unique_ptr<InteractionReader> reader(
      new InteractionReader(std::move(csv), now));
  const CsvReader& columns = *reader->csv_;
  MARQUEE_ASSIGN_OR_RETURN(reader->user_, columns.Column("user_id"));
  MARQUEE_ASSIGN_OR_RETURN(reader->item_, columns.Column("item_id"));
  MARQUEE_ASSIGN_OR_RETURN(reader->timestamp_, columns.Column("timestamp"));
  MARQUEE_ASSIGN_OR_RETURN(reader->event_, columns.OptionalColumn("event"));
  MARQUEE_ASSIGN_OR_RETURN(reader->weight_, columns.OptionalColumn("weight"));
  MARQUEE_RETURN_IF_ERROR(columns.RefuseMisspeltColumns({"event", "weight"}));
  return reader;
}

std::string InteractionReader::TellIgnoredColumns() const {
  constexpr absl::string_view kRead[] = {"user_id", "item_id", "timestamp",
                                         "event", "weight"};
  std::vector<std::string> ignored;
  for (const std::string& name : csv_->header()) {
    if (std::find(std::begin(kRead), std::end(kRead), name) ==
        std::end(kRead)) {
      ignored.push_back(QuoteForError(name));
    }
  }
  if (ignored.empty()) return "";
  return absl::StrCat("not read: ", absl::StrJoin(ignored, ", "),
                      "; 'weight' holds how strong a sign of liking a row is, "
                      "'event' holds what happened");
}

std::vector<std::string> InteractionReader::Remarks(
    const EventFilter* events) const {
  std::vector<std::string> remarks = remarks_.Tell();
  remarks.insert(remarks.begin(), TellIgnoredColumns());
  if (events != nullptr) {
    remarks.push_back(events->passes_all() ? remarks_.TellEvents()
                                           : events->Tell());
  }
  std::erase(remarks, "");
  for (std::string& remark : remarks) {
    remark = absl::StrCat(path(), ": ", remark);
  }
  return remarks;
}

absl::Status InteractionReader::ReadRow(InteractionView* row) const {
  row->user_id = csv_->cell(user_);
  row->item_id = csv_->cell(item_);
  for (const size_t column : {user_, item_}) {
    if (absl::Status status = CheckId(csv_->cell(column)); !status.ok()) {
      return csv_->Fault(column, status.message());
    }
  }
  MARQUEE_ASSIGN_OR_RETURN(row->timestamp, csv_->UnixSeconds(timestamp_));
  row->event = event_.has_value() ? csv_->cell(*event_) : "";
  row->weight = 1;
  if (!weight_.has_value()) return absl::OkStatus();
  MARQUEE_ASSIGN_OR_RETURN(row->weight, csv_->Float(*weight_));
  if (row->weight >= 0) return absl::OkStatus();
  return csv_->Fault(*weight_,
                     absl::StrCat(row->weight, " is negative; 0 is the least"));
}

absl::StatusOr<bool> InteractionReader::Next(InteractionView* row) {
  MARQUEE_ASSIGN_OR_RETURN(const bool more, csv_->Next());
  if (!more) return false;
  MARQUEE_RETURN_IF_ERROR(ReadRow(row));
  remarks_.Add(*row, line());
  return true;
}

absl::StatusOr<std::unique_ptr<InteractionWriter>> InteractionWriter::Create(
    const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, OutputFile::Create(path));
  file->Append("user_id,item_id,timestamp,event,weight\n");
  return std::unique_ptr<InteractionWriter>(
      new InteractionWriter(std::move(file)));
}

void InteractionWriter::Append(const InteractionView& row) {
  row_.clear();
  AppendCell(row.user_id, &row_);
  row_.push_back(',');
  AppendCell(row.item_id, &row_);
  row_.push_back(',');
  AppendNumber(row.timestamp, &row_);
  row_.push_back(',');
  AppendCell(row.event, &row_);
  row_.push_back(',');
  AppendNumber(row.weight, &row_);
  row_.push_back('\n');
  file_->Append(row_);
  ++rows_;
}

}  // namespace marquee
