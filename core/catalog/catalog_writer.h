// Turns item records into the section `catalog`.
#ifndef MARQUEE_CORE_CATALOG_CATALOG_WRITER_H_
#define MARQUEE_CORE_CATALOG_CATALOG_WRITER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/catalog/attribute.h"
#include "core/catalog/id_index.h"
#include "core/catalog/records.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"

namespace marquee {

// Rows are numbered in the order of Add. Does not keep licences: see
// LicenceWriter. Externally synchronised.
class CatalogWriter {
 public:
  // `unrated_is`: the age, 0 to 99, that items without a rating count as when
  // eligibility compares ages. Absent: they are above every limit.
  explicit CatalogWriter(std::optional<int> unrated_is = std::nullopt)
      : unrated_is_(unrated_is) {}

  // Errors: InvalidArgument that names the field.
  absl::Status Add(const ItemRecord& item);
  size_t size() const { return ids_.size(); }
  // Errors: AlreadyExists if an id was added twice.
  absl::Status Write(ArrayFileWriter& out);

 private:
  const std::optional<int> unrated_is_;
  IdIndexWriter ids_;
  StringTableWriter titles_;
  std::vector<int32_t> released_;
  std::vector<uint8_t> maturity_;
  std::map<std::string, AttributeWriter> attributes_;
  std::map<std::string, std::vector<float>> numbers_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_CATALOG_WRITER_H_
