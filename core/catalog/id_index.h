// Maps string ids to rows and rows to ids. It consists of a string table in row
// order and an open-addressing hash table of rows, both in mapped memory. Ten
// million ids of ten bytes take 200 MB.
#ifndef MARQUEE_CORE_CATALOG_ID_INDEX_H_
#define MARQUEE_CORE_CATALOG_ID_INDEX_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"

namespace marquee {

// A view of a file, which must outlive it. Immutable after construction.
class IdIndex {
 public:
  IdIndex() = default;
  // Errors: DataLoss. A damaged table may miss an id, but a lookup never reads
  // out of bounds and never loops.
  static absl::StatusOr<IdIndex> Open(const ArrayFile& file);

  size_t size() const { return ids_.size(); }
  absl::string_view Id(uint32_t row) const { return ids_[row]; }
  std::optional<uint32_t> Find(absl::string_view id) const;

 private:
  StringTable ids_;
  std::span<const uint32_t> slots_;  // [power of two]: a row or kEmptySlot
};

// Collects ids in row order. Externally synchronised.
class IdIndexWriter {
 public:
  // Errors: InvalidArgument if the id is empty or too long.
  absl::Status Add(absl::string_view id);
  size_t size() const { return ids_.size(); }
  // Errors: AlreadyExists that names an id that was added twice.
  absl::Status Write(ArrayFileWriter& out) const;

 private:
  StringTableWriter ids_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_ID_INDEX_H_
