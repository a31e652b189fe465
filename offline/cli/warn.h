// Warnings: for what is valid but probably not meant.
#ifndef MARQUEE_OFFLINE_CLI_WARN_H_
#define MARQUEE_OFFLINE_CLI_WARN_H_

#include <cstdio>
#include <string>

namespace marquee {

// Prints to the standard error; prints nothing if `what` is empty.
inline void Warn(const std::string& what) {
  if (what.empty()) return;
  std::fprintf(stderr, "marquee: warning: %s\n", what.c_str());
}

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_WARN_H_
