// One attribute of every item ("genre", "franchise", "language", …): zero or
// more values per item, each a code into a dictionary.
#ifndef MARQUEE_CORE_CATALOG_ATTRIBUTE_H_
#define MARQUEE_CORE_CATALOG_ATTRIBUTE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"

namespace marquee {

// A view of a file, which must outlive it. Immutable after construction.
// Invariant: every code is below values().
class Attribute {
 public:
  // Reads the arrays whose names begin with `prefix`. Errors: DataLoss.
  static absl::StatusOr<Attribute> Open(const ArrayFile& file,
                                        absl::string_view prefix, size_t rows);

  // Returns the codes of an item, ascending, without repetition.
  std::span<const uint32_t> Codes(ItemRow row) const {
    return codes_.subspan(begin_[Index(row)],
                          begin_[Index(row) + 1] - begin_[Index(row)]);
  }
  bool Has(ItemRow row, uint32_t code) const;
  // Returns the rows of the items that have a value, ascending.
  std::span<const uint32_t> Items(uint32_t code) const {
    return std::span(items_).subspan(
        items_begin_[code], items_begin_[code + 1] - items_begin_[code]);
  }
  size_t values() const { return dictionary_.size(); }
  absl::string_view Value(uint32_t code) const { return dictionary_[code]; }
  std::optional<uint32_t> Find(absl::string_view value) const;

 private:
  void IndexItems();

  StringTable dictionary_;
  std::span<const uint32_t> begin_;  // [rows + 1]
  std::span<const uint32_t> codes_;
  absl::flat_hash_map<absl::string_view, uint32_t> by_value_;
  // The same pairs by value; computed by Open.
  std::vector<uint32_t> items_begin_;  // [values + 1]
  std::vector<uint32_t> items_;
};

// Returns the message that no item has `value` as its `name`, and which values
// there are: the one that differs only in case, else all of them if they are
// few enough.
std::string TellUnknownValue(const Attribute& attribute, absl::string_view name,
                             absl::string_view value);

// Collects one attribute, row by row. Externally synchronised.
class AttributeWriter {
 public:
  // Adds the values of row `row`. Rows that are left out have none. Requires:
  // rows are added in ascending order.
  void Add(size_t row, const std::vector<std::string>& values);
  absl::Status Write(absl::string_view prefix, size_t rows,
                     ArrayFileWriter& out);

 private:
  void FillTo(size_t row);

  absl::flat_hash_map<std::string, uint32_t> dictionary_;
  StringTableWriter values_;
  std::vector<uint32_t> begin_{0};
  std::vector<uint32_t> codes_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_ATTRIBUTE_H_
