#include "offline/formats/json_fields.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

const nlohmann::json* Find(const nlohmann::json& object,
                           absl::string_view name) {
  const auto found = object.find(std::string(name));
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

// Tables write 16.0 in a column of whole numbers that has gaps. It can only
// mean 16.
std::optional<int64_t> WholeNumber(const nlohmann::json& value) {
  constexpr double kMostExact = 9007199254740992;  // 2^53
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::trunc(number) != number || std::abs(number) > kMostExact) {
      return std::nullopt;
    }
    return static_cast<int64_t>(number);
  }
  const bool huge = value.is_number_unsigned() &&
                    value.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
  if (!value.is_number_integer() || huge) return std::nullopt;
  return value.get<int64_t>();
}

}  // namespace

absl::Status FieldFault(absl::string_view field, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("field '", field, "': ", what));
}

std::string Describe(const nlohmann::json& value) {
  if (value.is_string()) {
    return absl::StrCat("the string ",
                        QuoteForError(value.get_ref<const std::string&>()));
  }
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return absl::StrCat(value.is_number() ? "the number " : "", value.dump());
}

absl::Status RefuseUnknownKeys(const nlohmann::json& object,
                               absl::string_view path,
                               std::initializer_list<absl::string_view> known) {
  for (const auto& entry : object.items()) {
    if (std::find(known.begin(), known.end(), entry.key()) != known.end()) {
      continue;
    }
    return absl::DataLossError(absl::StrCat(
        "unknown field ", QuoteForError(absl::StrCat(path, entry.key())),
        "; the fields are '", absl::StrJoin(known, "', '"), "'"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> StringField(
    const nlohmann::json& object, absl::string_view path,
    absl::string_view name) {
  const nlohmann::json* const value = Find(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  return FieldFault(absl::StrCat(path, name),
                    absl::StrCat("is ", Describe(*value), ", not a string"));
}

absl::StatusOr<std::optional<int64_t>> IntegerField(
    const nlohmann::json& object, absl::string_view path,
    absl::string_view name, int64_t least, int64_t most) {
  const nlohmann::json* const value = Find(object, name);
  if (value == nullptr) return std::nullopt;
  const std::optional<int64_t> number = WholeNumber(*value);
  if (number && *number >= least && *number <= most) return number;
  return FieldFault(
      absl::StrCat(path, name),
      absl::StrCat("is ", Describe(*value), ", not a whole number of ", least,
                   " to ", most));
}

absl::StatusOr<std::vector<std::string>> StringsOf(const nlohmann::json& value,
                                                   absl::string_view field) {
  if (!value.is_array()) {
    return FieldFault(
        field, absl::StrCat("is ", Describe(value), ", not a list of strings"));
  }
  std::vector<std::string> strings;
  for (size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_string() ||
        value[i].get_ref<const std::string&>().empty()) {
      return FieldFault(absl::StrCat(field, "[", i, "]"),
                        absl::StrCat("is ", Describe(value[i]),
                                     ", not a string of at least one byte"));
    }
    strings.push_back(value[i].get<std::string>());
  }
  return strings;
}

}  // namespace marquee
