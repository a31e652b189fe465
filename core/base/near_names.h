// Finds names that somebody may have meant by a misspelt one.
#ifndef MARQUEE_CORE_BASE_NEAR_NAMES_H_
#define MARQUEE_CORE_BASE_NEAR_NAMES_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

// Returns the number of edits between two names: letters or digits left out,
// added, replaced, or exchanged with the next. Ignores case and all other ASCII
// characters: 0 for "userId" and "user_id". Reads only the first 128 bytes of
// long names.
size_t NameDistance(absl::string_view a, absl::string_view b);

// Returns those of `names` that are a few letters away from `name`: the nearest
// first, ties in their order, at most `most`.
std::vector<absl::string_view> NearNames(
    absl::string_view name, std::span<const absl::string_view> names,
    size_t most = 3);

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_NEAR_NAMES_H_
