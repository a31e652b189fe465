// How many titles each kind of user may be shown, now and in the days to
// come, before anybody asks: a snapshot that can show nobody anything is sound
// in every byte.
//
//   const auto kinds = MeasureAvailability(snapshot, now, kAvailabilityAhead);
//
// availability_report.h says what is wrong with them.
//
// Only licences, age limits and blocks count, not what a person has seen. The
// licences of a country flip single titles, so the count of a kind is kept by
// ±1 from flip to flip; where a block begins or ends it is counted anew.
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

// How far ahead a snapshot is looked at; the next one comes sooner.
inline constexpr absl::Duration kAvailabilityAhead = absl::Hours(14 * 24);

// People for whom the same titles may be shown.
struct UserKind {
  std::string country;  // empty: unknown
  int maturity_limit = UserTable::kNoMaturityLimit;
  // As blocks name them; empty: another one.
  std::string device, language, scene;
  // Whether the snapshot has such users, or it is a country of its users
  // without an age limit: new users have none.
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
  // When it is over; absent: not within what was looked at.
  std::optional<CalendarSecond> least_until;
};

// Every country of the users and the unknown one × every age limit of the users
// and none × every combination of the devices, languages and scenes that blocks
// tell apart; from `now` to `ahead` later. One device stands for all that the
// same blocks name, and none for all that no block names.
std::vector<Availability> MeasureAvailability(const Snapshot& snapshot,
                                              CalendarSecond now,
                                              absl::Duration ahead);

// Combinations of devices, languages and scenes beyond the first five hundred:
// those are not measured. Each device, language and scene by itself is among
// the first, and whom a block means.
size_t ContextsLeftOut(const Policy& policy);

}  // namespace marquee

#endif  // MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_H_
