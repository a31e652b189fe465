#include "core/catalog/candidate.h"

#include <array>

namespace marquee {

absl::string_view SourceName(Source source) {
  static constexpr std::array<absl::string_view, kSources> kNames = {
      "personal", "trending", "new",    "because",
      "genre",    "popular",  "pinned", "similar"};
  return kNames[static_cast<size_t>(source)];
}

}  // namespace marquee
