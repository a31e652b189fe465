// Reads JSON that people and exports wrote, without losing any of it. A field
// that an object has twice is a fault; the library would silently keep the last
// one.
//
//   json value;
//   if (const auto fault = ParseJson(text, value)) return Tell(*fault);
#ifndef MARQUEE_OFFLINE_FORMATS_JSON_TEXT_H_
#define MARQUEE_OFFLINE_FORMATS_JSON_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace marquee {

struct JsonFault {
  size_t byte = 0;     // its place in the text, from 1
  std::string what;    // "is not JSON: WHAT", "NaN is not JSON: WHAT" or
                       // "field 'a.b[2].c': WHAT"; no bytes but UTF-8
  bool twice = false;  // valid JSON, but an object has a field twice
};

// Parses one value, which must be the whole text. After a fault, `value` is
// unspecified.
std::optional<JsonFault> ParseJson(absl::string_view text,
                                   nlohmann::json& value);

// Returns the line of that byte, from 1.
size_t LineOf(absl::string_view text, size_t byte);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_JSON_TEXT_H_
