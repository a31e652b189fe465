// Checks whether the ids of two files are of one system. Exports turn 7 into
// 7.0, trim zeros or take another table; then no id of one file is found in the
// other.
#ifndef MARQUEE_OFFLINE_DOUBTS_ID_MATCH_H_
#define MARQUEE_OFFLINE_DOUBTS_ID_MATCH_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace marquee {

struct IdMatch {
  std::string file;   // file whose ids were searched
  std::string what;   // what the ids are, for example "users"
  std::string where;  // files in which they were searched
  uint64_t count = 0;
  uint64_t unmatched = 0;
  std::string example;        // an id that was not found
  std::string there_example;  // an id of the other side; empty: it has none
};

// Errors: FailedPrecondition, with an example of both sides, if more than half
// of the ids match nothing although the other side has ids.
absl::Status CheckMatch(const IdMatch& match);

// Returns a hint such as " Ids that end with .0 …" to append to a message about
// the id; empty if there is none.
absl::string_view HintOfId(absl::string_view id);

// Returns "FILE: 2 of its 10 users are not in …", with an example. Requires:
// match.unmatched > 0.
std::string TellUnmatched(const IdMatch& match);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_ID_MATCH_H_
