// Computes a TasteProfile from the items that a user has seen. Stored users,
// when a snapshot is built, and the events of a request share this one
// implementation.
#ifndef MARQUEE_CORE_USERS_TASTE_H_
#define MARQUEE_CORE_USERS_TASTE_H_

#include <array>
#include <cstdint>
#include <span>

#include "core/base/ids.h"
#include "core/catalog/catalog.h"
#include "core/users/user_table.h"

namespace marquee {

// Returns the number of genres that profiles count: the first kMaxGenres values
// of the attribute "genre".
size_t CountedGenres(const Catalog& catalog);

// `watches`: the watches of each item by all users, by row. `genre_share`
// receives the result's genre shares and must live as long as the result is
// used.
TasteProfile ComputeTaste(
    const Catalog& catalog, std::span<const uint64_t> watches,
    std::span<const ItemRow> seen,
    std::array<uint8_t, TasteProfile::kMaxGenres>& genre_share);

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_TASTE_H_
