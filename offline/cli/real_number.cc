#include "offline/cli/real_number.h"

#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace marquee {

CLI::Validator RealNumber(double least, double most) {
  const std::string range = absl::StrCat(least, " to ", most);
  const auto check = [=](const std::string& text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && stop == end && std::isfinite(value) &&
        value >= least && value <= most) {
      return std::string();
    }
    return absl::StrCat("is '", text, "', must be a number of ", range);
  };
  return CLI::Validator(check, range);
}

}  // namespace marquee
