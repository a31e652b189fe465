// String ids as dense numbers in order of first appearance.
#ifndef MARQUEE_OFFLINE_DATA_ID_DICTIONARY_H_
#define MARQUEE_OFFLINE_DATA_ID_DICTIONARY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// DataLoss, without a place, unless the id has 1 to kMaxIdBytes bytes, is UTF-8
// and has no control characters: ids stand one a line in users.txt and
// items.txt.
absl::Status CheckId(absl::string_view id);

// About 20 bytes an id beside its text: 10 million ids of 10 bytes are 0.3 GB.
// Externally synchronised.
class IdDictionary {
 public:
  // The number of the id, which is the former size() when it is new. Requires:
  // fewer than 2^32 - 1 ids.
  uint32_t FindOrAdd(absl::string_view id);
  std::optional<uint32_t> Find(absl::string_view id) const;

  size_t size() const { return ends_.size(); }
  // Valid until the next id is added. Requires: number < size().
  absl::string_view operator[](uint32_t number) const;

 private:
  static constexpr uint32_t kEmpty = ~uint32_t{0};

  // The slot that holds the id or where it would go.
  size_t SlotOf(absl::string_view id) const;
  void Grow();

  std::string text_;            // all ids, one behind the other
  std::vector<uint64_t> ends_;  // by number, in text_
  std::vector<uint32_t> slots_ = std::vector<uint32_t>(16, kEmpty);
};

// Reads a file of one id a line, the row order of a matrix: users.txt and
// items.txt. Errors: as InputFile::Open; DataLoss that names file and line, for
// two equal ids both lines.
absl::StatusOr<IdDictionary> ReadIdList(const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_ID_DICTIONARY_H_
