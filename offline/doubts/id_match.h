// Whether the ids of two files are of one system: exports turn 7 into 7.0, trim
// zeros or take another table, and then nothing of one file is found in the
// other.
#ifndef MARQUEE_OFFLINE_DOUBTS_ID_MATCH_H_
#define MARQUEE_OFFLINE_DOUBTS_ID_MATCH_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace marquee {

struct IdMatch {
  std::string file;   // whose ids were looked for
  std::string what;   // of the ids, for example "users"
  std::string where;  // the files in which they were looked for
  uint64_t count = 0;
  uint64_t unmatched = 0;
  std::string example;        // one that was not found
  std::string there_example;  // one that stands there; empty: none does
};

// Errors: FailedPrecondition, with an example of both sides, when more than
// half match nothing although there is something to match.
absl::Status CheckMatch(const IdMatch& match);

// " Ids that end with .0 …", to stand behind what is said of such an id; else
// empty.
absl::string_view HintOfId(absl::string_view id);

// "FILE: 2 of its 10 users are not in …", with an example. Requires: there are
// some.
std::string TellUnmatched(const IdMatch& match);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_ID_MATCH_H_
