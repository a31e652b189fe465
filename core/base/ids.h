// Row numbers of the snapshot as types of their own: an item row can not be
// passed for a user row.
//
// Rows are dense, start at 0 and are valid within one snapshot only; what
// crosses a process or a snapshot boundary is the string id.
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
