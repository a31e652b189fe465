// What the stages of a request pass on.
#ifndef MARQUEE_CORE_RETRIEVAL_CANDIDATE_H_
#define MARQUEE_CORE_RETRIEVAL_CANDIDATE_H_

#include "core/base/ids.h"

namespace marquee {

struct Candidate {
  ItemRow row;
  float score;  // inner product with the query after retrieval
};

// The order of every candidate list: higher score first, then lower row, so
// that equal scores give the same list on every run. An object, which a sort
// compiles in, not a function, which it calls.
inline constexpr auto Better = [](const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_CANDIDATE_H_
