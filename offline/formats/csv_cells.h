// Formats cells for CSV files.
#ifndef MARQUEE_OFFLINE_FORMATS_CSV_CELLS_H_
#define MARQUEE_OFFLINE_FORMATS_CSV_CELLS_H_

#include <charconv>
#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Appends a cell, quoted if CsvReader needs it.
void AppendCell(absl::string_view cell, std::string* row);

// Appends the shortest digits that give the same number in its type.
template <typename T>
void AppendNumber(T value, std::string* row) {
  char digits[32];
  const auto [end, error] =
      std::to_chars(digits, digits + sizeof(digits), value);
  row->append(digits, end);
}

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_CSV_CELLS_H_
