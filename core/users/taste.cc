#include "core/users/taste.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/catalog/attribute.h"

namespace marquee {

size_t CountedGenres(const Catalog& catalog) {
  const Attribute* const genre = catalog.FindAttribute("genre");
  return genre == nullptr ? 0
                          : std::min(genre->values(), TasteProfile::kMaxGenres);
}

TasteProfile ComputeTaste(
    const Catalog& catalog, std::span<const uint64_t> watches,
    std::span<const ItemRow> seen,
    std::array<uint8_t, TasteProfile::kMaxGenres>& genre_share) {
  const Attribute* const genre = catalog.FindAttribute("genre");
  const size_t genres = CountedGenres(catalog);
  std::array<uint32_t, TasteProfile::kMaxGenres> with_genre{};
  double days = 0;
  size_t dated = 0;
  double log_watches = 0;
  for (const ItemRow row : seen) {
    // In float, as the feature item.log_watches is, from which this mean is
    // subtracted.
    log_watches += std::log1p(static_cast<float>(watches[Index(row)]));
    if (const int32_t day = catalog.ReleasedDay(row);
        day != Catalog::kUnknownDay) {
      days += day;
      ++dated;
    }
    if (genre == nullptr) continue;
    for (const uint32_t code : genre->Codes(row)) {
      if (code < genres) ++with_genre[code];
    }
  }
  const double count = static_cast<double>(std::max<size_t>(seen.size(), 1));
  for (size_t g = 0; g < genres; ++g) {
    genre_share[g] =
        static_cast<uint8_t>(std::lround(255.0 * with_genre[g] / count));
  }
  return {.watches = static_cast<float>(seen.size()),
          .mean_released_day =
              dated == 0
                  ? std::numeric_limits<float>::quiet_NaN()
                  : static_cast<float>(days / static_cast<double>(dated)),
          .mean_log_watches = static_cast<float>(log_watches / count),
          .genre_share = std::span<const uint8_t>(genre_share.data(), genres)};
}

}  // namespace marquee
