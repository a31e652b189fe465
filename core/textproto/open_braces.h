// Which blocks of braces a place in a text is in, for the faults of text that
// no parser could read: written for people, and good enough for them.
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
  // What the outermost block gives as its `name`, also behind the place; empty:
  // nothing.
  std::string name;
};

// Of the byte at `offset` of protobuf's text format; comments and quoted texts
// hold no braces.
OpenBraces FindOpenBraces(absl::string_view text, size_t offset);

}  // namespace marquee

#endif  // MARQUEE_CORE_TEXTPROTO_OPEN_BRACES_H_
