// The user and the request as features and rules read them: who, from where and
// when. The same for all candidates of a request.
//
// The pipeline fills it (core/pipeline/resolved_user.h) from the request and
// the stored user; training and tests fill it by hand.
//
//   const UserContext user{.country = "DE",
//                          .maturity_limit = 12,
//                          .now = ToCalendarSecond(now),
//                          .vector = vector};
//   policy.Hide(user, eligible);
#ifndef MARQUEE_CORE_USERS_USER_CONTEXT_H_
#define MARQUEE_CORE_USERS_USER_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/licence_calendar.h"
#include "core/users/user_table.h"

namespace marquee {

// A view, valid as long as the memory that it points to.
struct UserContext {
  absl::string_view country;  // ISO 3166-1 alpha-2; empty: unknown
  absl::string_view device;
  absl::string_view language;
  absl::string_view scene;
  int maturity_limit = UserTable::kNoMaturityLimit;
  CalendarSecond now = 0;
  std::optional<int> local_hour;
  std::span<const float> vector;  // [dimension]; empty: no known vector
  TasteProfile taste;
  std::span<const ItemRow> seen;  // in any order
  // Of the stored history, Unix seconds; 0: none.
  int64_t last_play = 0;

  // Days since 1970-01-01.
  int32_t day() const {
    constexpr CalendarSecond kSecondsPerDay = 24 * 60 * 60;
    return static_cast<int32_t>(now / kSecondsPerDay);
  }
};

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_USER_CONTEXT_H_
