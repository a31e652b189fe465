// One play of each of these items, all at one moment.
#ifndef MARQUEE_TESTS_USERS_PLAYS_H_
#define MARQUEE_TESTS_USERS_PLAYS_H_

#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/users/user_table_writer.h"

namespace marquee {

inline std::vector<Play> PlaysOf(std::span<const ItemRow> rows) {
  std::vector<Play> plays;
  for (const ItemRow row : rows) plays.push_back({.row = row, .moment = 600});
  return plays;
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_USERS_PLAYS_H_
