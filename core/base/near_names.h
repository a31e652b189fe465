// Names that somebody may have meant who wrote another one.
#ifndef MARQUEE_CORE_BASE_NEAR_NAMES_H_
#define MARQUEE_CORE_BASE_NEAR_NAMES_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

// Those of `names` that differ from `name` by a few letters, whatever their
// case and what stands between the letters; the nearest first, ties in their
// order, `most` of them.
std::vector<absl::string_view> NearNames(
    absl::string_view name, std::span<const absl::string_view> names,
    size_t most = 3);

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_NEAR_NAMES_H_
