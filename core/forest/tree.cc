#include "core/forest/tree.h"

namespace marquee {

uint32_t EndOfKnownCategories(std::span<const uint32_t> categories) {
  constexpr uint32_t kWordBits = 32;
  if (categories.empty()) return 0;
  return (categories.back() / kWordBits + 1) * kWordBits;
}

}  // namespace marquee
