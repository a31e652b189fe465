// Warnings of one kind about a file. Few are shown, the others are counted.
//
//   DoubtList doubts;
//   doubts.Add(uses, "genres: 'drama' is probably 'Drama'");
//   doubts.Tell("items.jsonl", "spellings of genres", warnings);
#ifndef MARQUEE_OFFLINE_DOUBTS_DOUBT_LIST_H_
#define MARQUEE_OFFLINE_DOUBTS_DOUBT_LIST_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

// The number of items that have something, and the first line of them.
struct Uses {
  uint64_t items = 0;
  uint64_t line = ~uint64_t{0};

  void Add(uint64_t at) {
    ++items;
    line = std::min(line, at);
  }
};

// Externally synchronised.
class DoubtList {
 public:
  void Add(const Uses& uses, std::string what);

  // Adds to `out` "PATH:LINE: WHAT" for the three doubts with the most items,
  // and "PATH: and 12 more: KIND" for the others.
  void Tell(absl::string_view path, absl::string_view kind,
            std::vector<std::string>& out);

 private:
  struct Doubt {
    Uses uses;
    std::string what;
  };
  std::vector<Doubt> doubts_;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_DOUBT_LIST_H_
