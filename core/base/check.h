// MARQUEE_CHECK(condition) ends the process if one of our own invariants is
// broken. Never use it for the contents of a file, a request or a peer: those
// get a Status.
#ifndef MARQUEE_CORE_BASE_CHECK_H_
#define MARQUEE_CORE_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

#define MARQUEE_CHECK(condition)                                      \
  do {                                                                \
    if (!(condition)) [[unlikely]] {                                  \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, \
                   __LINE__, #condition);                             \
      std::abort();                                                   \
    }                                                                 \
  } while (false)

#endif  // MARQUEE_CORE_BASE_CHECK_H_
