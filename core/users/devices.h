// The devices that features tell apart.
#ifndef MARQUEE_CORE_USERS_DEVICES_H_
#define MARQUEE_CORE_USERS_DEVICES_H_

#include <cstddef>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"

namespace marquee {

std::span<const absl::string_view> KnownDevices();

// The number of a device among KnownDevices, whatever the case of its letters.
std::optional<size_t> FindDevice(absl::string_view device);

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_DEVICES_H_
