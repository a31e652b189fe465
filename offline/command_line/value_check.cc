#include "offline/command_line/value_check.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace marquee {
namespace {

// Returns no number unless the whole of `word` is one.
template <typename Number>
std::optional<Number> NumberOf(const std::string& word) {
  Number value = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

ValueCheck WholeNumber(uint64_t least, uint64_t most) {
  const std::string range = absl::StrCat(least, " to ", most);
  const auto fault = [=](const std::string& word) {
    const std::optional<uint64_t> value = NumberOf<uint64_t>(word);
    const bool octal = word.size() > 1 && word.front() == '0';
    if (value && !octal && *value >= least && *value <= most) {
      return std::string();
    }
    return absl::StrCat("is '", word, "', must be a whole number of ", range);
  };
  return {fault, range};
}

ValueCheck RealNumber(double least, double most) {
  const std::string range = absl::StrCat(least, " to ", most);
  const auto fault = [=](const std::string& word) {
    const std::optional<double> value = NumberOf<double>(word);
    // NaN is in no range.
    if (value && *value >= least && *value <= most) return std::string();
    return absl::StrCat("is '", word, "', must be a number of ", range);
  };
  return {fault, range};
}

ValueCheck OneOf(std::span<const char* const> words) {
  const std::vector<std::string> known(words.begin(), words.end());
  const std::string list = absl::StrJoin(known, ", ");
  const auto fault = [=](const std::string& word) {
    if (std::find(known.begin(), known.end(), word) != known.end()) {
      return std::string();
    }
    return absl::StrCat("is '", word, "', must be of ", list);
  };
  return {fault, list};
}

}  // namespace marquee
