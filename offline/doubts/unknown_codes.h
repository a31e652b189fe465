// Counts the unknown countries and languages of a file.
#ifndef MARQUEE_OFFLINE_DOUBTS_UNKNOWN_CODES_H_
#define MARQUEE_OFFLINE_DOUBTS_UNKNOWN_CODES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

// Externally synchronised.
class UnknownCodes {
 public:
  // `count` users or items have the code. Ignores known codes, an empty one and
  // '*'.
  void AddCountry(absl::string_view code, uint64_t count = 1);
  void AddLanguage(absl::string_view tag, uint64_t count = 1);

  // Returns a warning for each code, the most frequent first, at most five, and
  // a line for the others: "FILE: 12 USERS: 'UK' is not a country code …".
  std::vector<std::string> Tell(absl::string_view file,
                                absl::string_view what) const;

 private:
  std::map<std::string, uint64_t> counts_;  // by message about the code
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_UNKNOWN_CODES_H_
