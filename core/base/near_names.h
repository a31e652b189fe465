// Names that somebody may have meant who wrote another one.
#ifndef MARQUEE_CORE_BASE_NEAR_NAMES_H_
#define MARQUEE_CORE_BASE_NEAR_NAMES_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

// How many letters and digits are left out, added, replaced, or exchanged with
// the next between two names, whatever their case and what stands between them:
// 0 of "userId" and "user_id". Of long names the first 128 bytes count.
size_t NameDistance(absl::string_view a, absl::string_view b);

// Those of `names` that are a few letters away from `name`; the nearest first,
// ties in their order, `most` of them.
std::vector<absl::string_view> NearNames(
    absl::string_view name, std::span<const absl::string_view> names,
    size_t most = 3);

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_NEAR_NAMES_H_
