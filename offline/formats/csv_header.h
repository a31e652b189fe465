// The line that names the columns of a table, where it is not as wanted: words
// for people, who see a spreadsheet and no separators.
#ifndef MARQUEE_OFFLINE_FORMATS_CSV_HEADER_H_
#define MARQUEE_OFFLINE_FORMATS_CSV_HEADER_H_

#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Whether the name is probably to be `meant`: the same but for one slip, and
// for what NameDistance does not count.
bool IsNearMiss(absl::string_view name, absl::string_view meant);

// "cells are separated by ';', not by commas": for a text that holds a usual
// separator other than `delimiter`, and is one cell. Empty: it holds none.
std::string TellOtherDelimiter(absl::string_view text, char delimiter);

// Why there is no column `name` among them, and what would be right: another
// separator, a near miss, or else the columns that there are.
std::string TellMissingColumn(std::span<const std::string> header,
                              absl::string_view name, char delimiter);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_CSV_HEADER_H_
