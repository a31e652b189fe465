// Typed access to the fields of a JSON object that a person wrote. Errors are
// DataLoss "field 'a.b[2]': what"; the reader of the file adds file and line. A
// null counts as an absent field.
#ifndef MARQUEE_OFFLINE_FORMATS_JSON_FIELDS_H_
#define MARQUEE_OFFLINE_FORMATS_JSON_FIELDS_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace marquee {

absl::Status FieldFault(absl::string_view field, absl::string_view what);

// Returns "a string", "the number 3": what was found instead of something else.
std::string Describe(const nlohmann::json& value);

// Refuses a key that is not one of `known`; the message lists these. `path` is
// the prefix of the object's fields, for example "licences[2].".
absl::Status RefuseUnknownKeys(const nlohmann::json& object,
                               absl::string_view path,
                               std::initializer_list<absl::string_view> known);

absl::StatusOr<std::optional<std::string>> StringField(
    const nlohmann::json& object, absl::string_view path,
    absl::string_view name);

// Returns a whole number from `least` to `most`. 16.0 is a whole number, 16.5
// is not.
absl::StatusOr<std::optional<int64_t>> IntegerField(
    const nlohmann::json& object, absl::string_view path,
    absl::string_view name, int64_t least, int64_t most);

// Returns the strings of a list. None may be empty. `field` is for errors.
absl::StatusOr<std::vector<std::string>> StringsOf(const nlohmann::json& value,
                                                   absl::string_view field);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_JSON_FIELDS_H_
