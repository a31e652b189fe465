// Counts the items that each kind of user may be shown, now and in the days to
// come, before any request. A snapshot that can show no user anything is valid
// in every byte.
//
//   const auto kinds = MeasureAvailability(snapshot, now, kAvailabilityAhead);
//
// availability_report.h says what is wrong with them.
//
// Only licences, age limits and blocks count, not what a user has seen. The
// licences of a country flip single items, so the count of a kind changes by ±1
// from flip to flip. Where a block begins or ends, the items are counted anew.
#ifndef MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_H_
#define MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/catalog/licence_calendar.h"
#include "core/rerank/policy.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// How far ahead a snapshot is checked. The next snapshot comes sooner.
inline constexpr absl::Duration kAvailabilityAhead = absl::Hours(14 * 24);

// Users for whom the same items may be shown.
struct UserKind {
  std::string country;  // empty: unknown
  int maturity_limit = UserTable::kNoMaturityLimit;
  // As blocks name them; empty: any that no block names.
  std::string device, language, scene;
  // Whether the snapshot has such users, or the kind is a country of its users
  // without an age limit, because new users have none.
  bool expected = false;

  bool is_plain() const {
    return device.empty() && language.empty() && scene.empty();
  }
  UserContext At(CalendarSecond moment) const;
};

// "in DE with age limit 6 on device 'tv'"
std::string Describe(const UserKind& kind);

struct Availability {
  UserKind kind;
  size_t now = 0;
  size_t least = 0;               // now or later
  CalendarSecond least_from = 0;  // the first moment of that
  // The end of that; absent: not within the time that was checked.
  std::optional<CalendarSecond> least_until;
};

// Measures every combination of
// - the countries of the users and the unknown one,
// - the age limits of the users and none,
// - the devices, languages and scenes that blocks tell apart,
//
// from `now` to `ahead` later. One device represents all devices that the same
// blocks name, and an empty one for all that no block names.
std::vector<Availability> MeasureAvailability(const Snapshot& snapshot,
                                              CalendarSecond now,
                                              absl::Duration ahead);

// Returns the number of combinations of devices, languages and scenes beyond
// the first five hundred. Those are not measured. The first include each
// device, language and scene by itself, and each audience of a block.
size_t ContextsLeftOut(const Policy& policy);

}  // namespace marquee

#endif  // MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_H_
