#include "offline/data/seen_json.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace marquee {

nlohmann::ordered_json SeenAsJson(const SeenInteractions& seen) {
  return {{"rows", seen.rows},
          {"last", seen.last},
          {"digest", absl::StrFormat("%016x", seen.digest)}};
}

absl::StatusOr<SeenInteractions> SeenFromJson(const nlohmann::json& seen,
                                              absl::string_view name) {
  SeenInteractions read;
  if (!seen.is_object() || !seen.contains("rows") ||
      !seen["rows"].is_number_unsigned() || !seen.contains("last") ||
      !seen["last"].is_number_unsigned() || !seen.contains("digest") ||
      !seen["digest"].is_string() ||
      !absl::SimpleHexAtoi(seen["digest"].get<std::string>(), &read.digest)) {
    return absl::DataLossError(absl::StrCat(
        name,
        " must have the numbers 'rows' and 'last' and the 'digest' that "
        "marquee wrote"));
  }
  read.rows = seen["rows"].get<uint64_t>();
  read.last = seen["last"].get<int64_t>();
  return read;
}

}  // namespace marquee
