// Turns the licence windows of items into the section `licences`.
#ifndef MARQUEE_CORE_CATALOG_LICENCE_WRITER_H_
#define MARQUEE_CORE_CATALOG_LICENCE_WRITER_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/catalog/licence_calendar.h"
#include "core/catalog/records.h"
#include "core/files/array_file.h"

namespace marquee {

// Externally synchronised.
class LicenceWriter {
 public:
  // Adds the licences of the next item, in row order. Rounds starts up and ends
  // down to whole seconds; drops a window that is empty then. Errors:
  // InvalidArgument that names the item and the window.
  absl::Status Add(const ItemRecord& item);
  absl::Status Write(ArrayFileWriter& out) const;

 private:
  struct Window {
    std::string country;
    CalendarSecond start;
    CalendarSecond end;
  };

  std::vector<std::vector<Window>> items_;
  std::set<std::string> countries_;  // without "*"
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_LICENCE_WRITER_H_
