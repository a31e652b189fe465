// JSON that people and exports wrote, read so that nothing of it is lost: a
// field that stands twice in its object is a fault, where the library keeps the
// last one in silence.
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
  size_t byte = 0;     // where it is in the text, from 1
  std::string what;    // "is not JSON: WHAT", "NaN is no JSON: WHAT" or
                       // "field 'a.b[2].c': WHAT"; no bytes but UTF-8
  bool twice = false;  // JSON, but a field stands twice
};

// One value, which is all of the text; `value` is of no use after a fault.
std::optional<JsonFault> ParseJson(absl::string_view text,
                                   nlohmann::json& value);

// The line of that byte, from 1.
size_t LineOf(absl::string_view text, size_t byte);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_JSON_TEXT_H_
