#include "core/users/devices.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"

namespace marquee {
namespace {

// Features hold these numbers, so a new device goes at the end.
constexpr std::array<absl::string_view, 5> kDevices = {"tv", "mobile", "tablet",
                                                       "web", "console"};

}  // namespace

std::span<const absl::string_view> KnownDevices() { return kDevices; }

std::optional<size_t> FindDevice(absl::string_view device) {
  const auto found = std::find_if(
      kDevices.begin(), kDevices.end(), [device](absl::string_view known) {
        return absl::EqualsIgnoreCase(known, device);
      });
  if (found == kDevices.end()) return std::nullopt;
  return static_cast<size_t>(found - kDevices.begin());
}

}  // namespace marquee
