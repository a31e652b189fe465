// The devices that features distinguish.
#ifndef MARQUEE_CORE_USERS_DEVICES_H_
#define MARQUEE_CORE_USERS_DEVICES_H_

#include <cstddef>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"

namespace marquee {

std::span<const absl::string_view> KnownDevices();

// Returns the number of a device in KnownDevices, ignoring the case of letters.
std::optional<size_t> FindDevice(absl::string_view device);

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_DEVICES_H_
