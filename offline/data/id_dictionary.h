// String ids as dense numbers, in the order of first appearance.
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

// Checks that the id has 1 to kMaxIdBytes bytes, is UTF-8 and has no control
// characters: users.txt and items.txt have one id per line. Errors: DataLoss
// without a place.
absl::Status CheckId(absl::string_view id);

// Takes about 20 bytes per id besides its text: 10 million ids of 10 bytes are
// 0.3 GB. Externally synchronised.
class IdDictionary {
 public:
  // Returns the number of the id. A new id gets the former size(). Requires:
  // fewer than 2^32 - 1 ids.
  uint32_t FindOrAdd(absl::string_view id);
  std::optional<uint32_t> Find(absl::string_view id) const;

  size_t size() const { return ends_.size(); }
  // Valid until the next id is added. Requires: number < size().
  absl::string_view operator[](uint32_t number) const;

 private:
  static constexpr uint32_t kEmpty = ~uint32_t{0};

  // Returns the slot that holds the id or where it would go.
  size_t SlotOf(absl::string_view id) const;
  void Grow();

  std::string text_;            // all ids, one after another
  std::vector<uint64_t> ends_;  // ends in text_, by number
  std::vector<uint32_t> slots_ = std::vector<uint32_t>(16, kEmpty);
};

// Reads a file with one id per line, in the row order of a matrix: users.txt
// and items.txt. Errors: those of InputFile::Open; DataLoss that names file and
// line, for two equal ids both lines.
absl::StatusOr<IdDictionary> ReadIdList(const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_ID_DICTIONARY_H_
