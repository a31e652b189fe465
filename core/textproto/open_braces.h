// Finds the blocks of braces around a place in a text, for faults of text that
// no parser could read. For messages only: it is approximate.
#ifndef MARQUEE_CORE_TEXTPROTO_OPEN_BRACES_H_
#define MARQUEE_CORE_TEXTPROTO_OPEN_BRACES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

struct OpenBrace {
  std::string field;  // before the brace
  int line = 0;       // of the brace, from 1
};

struct OpenBraces {
  std::vector<OpenBrace> braces;  // the outermost first
  // The `name` that the outermost block gives, also behind the place; empty: it
  // gives none.
  std::string name;
};

// `offset`: of a byte in protobuf's text format. Braces in comments and quoted
// texts do not count.
OpenBraces FindOpenBraces(absl::string_view text, size_t offset);

}  // namespace marquee

#endif  // MARQUEE_CORE_TEXTPROTO_OPEN_BRACES_H_
