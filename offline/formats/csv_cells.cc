#include "offline/formats/csv_cells.h"

namespace marquee {

void AppendCell(absl::string_view cell, std::string* row) {
  if (cell.find_first_of("\",\r\n") == absl::string_view::npos) {
    row->append(cell.data(), cell.size());
    return;
  }
  row->push_back('"');
  for (const char c : cell) {
    if (c == '"') row->push_back('"');
    row->push_back(c);
  }
  row->push_back('"');
}

}  // namespace marquee
