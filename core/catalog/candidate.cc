#include "core/catalog/candidate.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace marquee {

absl::string_view SourceName(Source source) {
  static constexpr std::array<absl::string_view, kSources> kNames = {
      "personal", "trending", "new",    "because",
      "genre",    "popular",  "pinned", "similar"};
  return kNames[static_cast<size_t>(source)];
}

std::optional<Source> FindCandidateSource(absl::string_view name) {
  for (size_t s = 0; s < kCandidateSources; ++s) {
    const Source source = static_cast<Source>(s);
    if (name == SourceName(source)) return source;
  }
  return std::nullopt;
}

std::string CandidateSourceNames() {
  std::string names(SourceName(Source::kPersonal));
  for (size_t s = 1; s < kCandidateSources; ++s) {
    absl::StrAppend(&names, ", ", SourceName(static_cast<Source>(s)));
  }
  return names;
}

}  // namespace marquee
