#include "offline/cli/whole_number.h"

#include <charconv>
#include <limits>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/ranking/forest.h"

namespace marquee {

CLI::Validator WholeNumber(uint64_t least, uint64_t most) {
  const std::string range = absl::StrCat(least, " to ", most);
  const auto check = [=](const std::string& text) {
    uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    // The parser takes 010 for 8.
    const bool octal = text.size() > 1 && text.front() == '0';
    if (error == std::errc() && stop == end && !octal && value >= least &&
        value <= most) {
      return std::string();
    }
    return absl::StrCat("is '", text, "', must be a whole number of ", range);
  };
  return CLI::Validator(check, range);
}

CLI::Validator Iterations() {
  const CLI::Validator number =
      WholeNumber(1, std::numeric_limits<int32_t>::max());
  return CLI::Validator(
      [number](std::string& text) {
        if (text != "best") {
          const std::string fault = number(text);
          return fault.empty() ? fault : absl::StrCat(fault, ", or 'best'");
        }
        text = absl::StrCat(Forest::kBestIteration);
        return std::string();
      },
      "best or 1 to 2147483647");
}

}  // namespace marquee
