// What is lawful, and yet is hardly ever meant.
#ifndef MARQUEE_OFFLINE_CLI_WARN_H_
#define MARQUEE_OFFLINE_CLI_WARN_H_

#include <cstdio>
#include <string>

namespace marquee {

// On the standard error; nothing when there is nothing to say.
inline void Warn(const std::string& what) {
  if (what.empty()) return;
  std::fprintf(stderr, "marquee: warning: %s\n", what.c_str());
}

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_WARN_H_
