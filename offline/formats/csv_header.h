// Messages about a header line that is not as expected, for people who see a
// spreadsheet and not its separators.
#ifndef MARQUEE_OFFLINE_FORMATS_CSV_HEADER_H_
#define MARQUEE_OFFLINE_FORMATS_CSV_HEADER_H_

#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Whether the name is probably a misspelt `meant`: at most one edit apart by
// NameDistance.
bool IsNearMiss(absl::string_view name, absl::string_view meant);

// Returns "cells are separated by ';', not by commas" if the text, which is one
// cell, contains a usual separator other than `delimiter`; else empty.
std::string TellOtherDelimiter(absl::string_view text, char delimiter);

// Returns why there is no column `name`, and what would be right: another
// separator, a near miss, or else the columns of the file.
std::string TellMissingColumn(std::span<const std::string> header,
                              absl::string_view name, char delimiter);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_CSV_HEADER_H_
