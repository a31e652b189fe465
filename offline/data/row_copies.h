// Rows of interactions that are in the file again: what is sent twice was done
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

// Of all fields but the user.
uint64_t DigestOf(const InteractionView& row);

// By row: whether an earlier one of that user has its digest; empty when none
// has. `user_of(row)` is below `users`. Takes 4 bytes a row beside the digests.
// Errors: ResourceExhausted from 2^32 rows on; `path` is for it.
absl::StatusOr<std::vector<bool>> FindCopies(
    const std::string& path, size_t users, std::span<const uint64_t> digests,
    absl::FunctionRef<uint32_t(size_t)> user_of);

// The column of the rows that are no copies, in their order.
template <typename T>
void LeaveOut(const std::vector<bool>& copies, std::vector<T>& column) {
  size_t kept = 0;
  for (size_t row = 0; row < column.size(); ++row) {
    if (!copies[row]) column[kept++] = column[row];
  }
  column.resize(kept);
}

// "FILE: 6 rows are copies of others, …", with one of them.
std::string TellCopies(const std::string& path, uint64_t count,
                       absl::string_view user_id, absl::string_view item_id);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_ROW_COPIES_H_
