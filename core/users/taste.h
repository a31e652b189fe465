// Computes a TasteProfile from the titles that somebody has seen: the one place
// that does, for stored users when a snapshot is built and for the events of a
// request.
#ifndef MARQUEE_CORE_USERS_TASTE_H_
#define MARQUEE_CORE_USERS_TASTE_H_

#include <array>
#include <cstdint>
#include <span>

#include "core/base/ids.h"
#include "core/catalog/catalog.h"
#include "core/users/user_table.h"

namespace marquee {

// The genres that profiles count: the first kMaxGenres values of the attribute
// "genre".
size_t CountedGenres(const Catalog& catalog);

// `watches`: how often each title is watched by all, by row. `genre_share` is
// where the result's genre shares are put; it must live as long as the result
// is used.
TasteProfile ComputeTaste(
    const Catalog& catalog, std::span<const uint64_t> watches,
    std::span<const ItemRow> seen,
    std::array<uint8_t, TasteProfile::kMaxGenres>& genre_share);

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_TASTE_H_
