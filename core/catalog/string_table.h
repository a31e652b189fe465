// Many short strings in two arrays: their bytes, and where each string begins.
#ifndef MARQUEE_CORE_CATALOG_STRING_TABLE_H_
#define MARQUEE_CORE_CATALOG_STRING_TABLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/files/array_file.h"

namespace marquee {

// A view of the arrays `NAME.bytes` and `NAME.begin` of a file, which must
// outlive it. Immutable after construction. Invariant: every string lies within
// the bytes.
class StringTable {
 public:
  StringTable() = default;
  // Errors: DataLoss that names the array.
  static absl::StatusOr<StringTable> Open(const ArrayFile& file,
                                          absl::string_view name);

  size_t size() const { return begin_.empty() ? 0 : begin_.size() - 1; }
  absl::string_view operator[](size_t i) const {
    return {bytes_.data() + begin_[i], begin_[i + 1] - begin_[i]};
  }

 private:
  std::span<const char> bytes_;
  std::span<const uint32_t> begin_;  // [size + 1], ascending
};

// Collects strings for a StringTable. Externally synchronised.
class StringTableWriter {
 public:
  void Add(absl::string_view text);
  size_t size() const { return begin_.size() - 1; }
  absl::string_view operator[](size_t i) const {
    return absl::string_view(bytes_).substr(begin_[i],
                                            begin_[i + 1] - begin_[i]);
  }
  // Errors: ResourceExhausted for more than 4 GiB of strings.
  absl::Status Write(absl::string_view name, ArrayFileWriter& out) const;

 private:
  std::string bytes_;
  std::vector<uint32_t> begin_{0};
  bool overflow_ = false;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_STRING_TABLE_H_
