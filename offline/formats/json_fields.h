// Typed access to the fields of one JSON object that a person wrote. Errors are
// DataLoss "field 'a.b[2]': what"; the reader of the file adds file and line.
// A null is an absent field.
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

// "a string", "the number 3": what stands where something else was wanted.
std::string Describe(const nlohmann::json& value);

// Errors: a key that is not one of `known`, which the message lists. `path` is
// the prefix of the object's fields, for example "licences[2].".
absl::Status RefuseUnknownKeys(const nlohmann::json& object,
                               absl::string_view path,
                               std::initializer_list<absl::string_view> known);

absl::StatusOr<std::optional<std::string>> StringField(
    const nlohmann::json& object, absl::string_view path,
    absl::string_view name);

// A whole number of `least` to `most`; 16.0 is one, 16.5 is none.
absl::StatusOr<std::optional<int64_t>> IntegerField(
    const nlohmann::json& object, absl::string_view path,
    absl::string_view name, int64_t least, int64_t most);

// The strings of a list, none of them empty; `field` is for errors.
absl::StatusOr<std::vector<std::string>> StringsOf(const nlohmann::json& value,
                                                   absl::string_view field);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_JSON_FIELDS_H_
