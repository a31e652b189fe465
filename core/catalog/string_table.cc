#include "core/catalog/string_table.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {

absl::StatusOr<StringTable> StringTable::Open(const ArrayFile& file,
                                              absl::string_view name) {
  StringTable table;
  MARQUEE_ASSIGN_OR_RETURN(table.bytes_,
                           file.Array<char>(absl::StrCat(name, ".bytes")));
  MARQUEE_ASSIGN_OR_RETURN(table.begin_,
                           file.Array<uint32_t>(absl::StrCat(name, ".begin")));
  if (table.begin_.empty() || table.begin_.front() != 0 ||
      table.begin_.back() != table.bytes_.size() ||
      !std::is_sorted(table.begin_.begin(), table.begin_.end())) {
    return absl::DataLossError(absl::StrCat(file.name(), ": array '", name,
                                            ".begin' does not partition '",
                                            name, ".bytes'"));
  }
  return table;
}

void StringTableWriter::Add(absl::string_view text) {
  bytes_.append(text.data(), text.size());
  overflow_ |= bytes_.size() > std::numeric_limits<uint32_t>::max();
  begin_.push_back(static_cast<uint32_t>(bytes_.size()));
}

absl::Status StringTableWriter::Write(absl::string_view name,
                                      ArrayFileWriter& out) const {
  if (overflow_) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the strings of '", name, "' are more than 4 GiB together"));
  }
  out.AddText(absl::StrCat(name, ".bytes"), bytes_);
  out.Add<uint32_t>(absl::StrCat(name, ".begin"), begin_);
  return absl::OkStatus();
}

}  // namespace marquee
