// Finds repeated rows of interactions: an event that was sent twice happened
// once.
#ifndef MARQUEE_OFFLINE_DATA_ROW_COPIES_H_
#define MARQUEE_OFFLINE_DATA_ROW_COPIES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "offline/data/interactions.h"

namespace marquee {

// Returns a digest of all fields but the user.
uint64_t DigestOf(const InteractionView& row);

// Returns, by row, whether an earlier row of the same user has the same digest;
// empty if there is no such row. `user_of(row)` must be below `users`. Takes 4
// bytes per row besides the digests. Errors: ResourceExhausted from 2^32 rows
// on; `path` is for the error.
absl::StatusOr<std::vector<bool>> FindCopies(
    const std::string& path, size_t users, std::span<const uint64_t> digests,
    absl::FunctionRef<uint32_t(size_t)> user_of);

// Removes the copies from a column. Keeps the order of the other rows.
template <typename T>
void LeaveOut(const std::vector<bool>& copies, std::vector<T>& column) {
  size_t kept = 0;
  for (size_t row = 0; row < column.size(); ++row) {
    if (!copies[row]) column[kept++] = column[row];
  }
  column.resize(kept);
}

// Returns "FILE: 6 rows are copies of others, …", with one of them.
std::string TellCopies(const std::string& path, uint64_t count,
                       absl::string_view user_id, absl::string_view item_id);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_ROW_COPIES_H_
