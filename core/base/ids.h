// Row numbers of the snapshot as distinct types: an item row can not be passed
// as a user row.
//
// Rows are dense, start at 0 and are valid within one snapshot only. String ids
// identify items and users across processes and snapshots.
#ifndef MARQUEE_CORE_BASE_IDS_H_
#define MARQUEE_CORE_BASE_IDS_H_

#include <cstdint>

namespace marquee {

enum class ItemRow : uint32_t {};
enum class UserRow : uint32_t {};

constexpr uint32_t Index(ItemRow row) { return static_cast<uint32_t>(row); }
constexpr uint32_t Index(UserRow row) { return static_cast<uint32_t>(row); }

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_IDS_H_
