#include "offline/data/licence_json.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/catalog/locale_codes.h"
#include "nlohmann/json.hpp"
#include "offline/formats/json_fields.h"
#include "offline/formats/moment.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

using nlohmann::json;

// The first second of the year 1 and the last of the year 9999.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kLastSecond = 253402300799;
// Licences of a streaming service end in these years.
constexpr int64_t kFirstEnd = 631152000;    // 1990-01-01
constexpr int64_t kBeyondEnd = 4133980800;  // 2101-01-01

// Returns a hint for people if the number is a year, or counts days, hours or
// minutes: as seconds it would be in 1970 to 1972. Empty for other numbers.
std::string OtherUnit(int64_t number) {
  constexpr std::pair<absl::string_view, int64_t> kUnits[] = {
      {"days", 86400}, {"hours", 3600}, {"minutes", 60}};
  if (number >= 1990 && number <= 2100) {
    return absl::StrCat("which as a year would be \"", number,
                        "-01-01T00:00:00Z\"; write that, or Unix seconds");
  }
  for (const auto& [name, seconds] : kUnits) {
    if (number < kFirstEnd / seconds || number >= kBeyondEnd / seconds) {
      continue;
    }
    return absl::StrCat("which counted in ", name, " would be ",
                        number * seconds, " seconds; write Unix seconds");
  }
  return "";
}

// Returns the moment, or `absent` if there is no such field.
absl::StatusOr<absl::Time> TimeField(const json& object, absl::string_view path,
                                     absl::string_view name,
                                     absl::Time absent) {
  const auto found = object.find(std::string(name));
  if (found == object.end() || found->is_null()) return absent;
  if (found->is_number()) {
    const auto seconds =
        IntegerField(object, path, name, kFirstSecond, kLastSecond);
    if (seconds.ok() && CompactDay(**seconds).empty()) {
      const std::string other = OtherUnit(**seconds);
      if (other.empty()) return absl::FromUnixSeconds(**seconds);
      return FieldFault(absl::StrCat(path, name),
                        absl::StrCat("is ", Describe(*found), ", ", other));
    }
  }
  absl::Time time;
  std::string error;
  if (found->is_string() &&
      absl::ParseTime(absl::RFC3339_full, found->get<std::string>(), &time,
                      &error) &&
      time != absl::InfinitePast() && time != absl::InfiniteFuture()) {
    return time;
  }
  return FieldFault(absl::StrCat(path, name),
                    absl::StrCat("is ", Describe(*found),
                                 ", not a time such as "
                                 "\"2026-05-01T00:00:00Z\" or whole Unix "
                                 "seconds such as 1777593600, of the years 1 "
                                 "to 9999"));
}

absl::StatusOr<LicenceWindow> LicenceFromJson(const json& value,
                                              const std::string& field) {
  if (!value.is_object()) {
    return FieldFault(field,
                      absl::StrCat("is ", Describe(value), ", not an object"));
  }
  const std::string path = absl::StrCat(field, ".");
  MARQUEE_RETURN_IF_ERROR(
      RefuseUnknownKeys(value, path, {"country", "start", "end"}));
  MARQUEE_ASSIGN_OR_RETURN(auto country, StringField(value, path, "country"));
  if (!country.has_value() ||
      (*country != "*" && !LooksLikeCountry(*country))) {
    return FieldFault(
        absl::StrCat(path, "country"),
        absl::StrCat(country.has_value() ? QuoteForError(*country) : "nothing",
                     " is not a country: two capital letters such as DE, or * "
                     "for every country"));
  }
  LicenceWindow window;
  window.country = *std::move(country);
  MARQUEE_ASSIGN_OR_RETURN(
      window.start, TimeField(value, path, "start", absl::InfinitePast()));
  MARQUEE_ASSIGN_OR_RETURN(
      window.end, TimeField(value, path, "end", absl::InfiniteFuture()));
  if (window.end < absl::FromUnixSeconds(kFirstEnd)) {
    return FieldFault(
        absl::StrCat(path, "end"),
        absl::StrCat("is ", Describe(value["end"]),
                     ", a moment of before 1990; a licence that has no end has "
                     "no 'end'"));
  }
  if (window.start >= window.end) {
    return FieldFault(absl::StrCat(path, "end"),
                      "is not after start; the window is start <= t < end");
  }
  return window;
}

}  // namespace

absl::StatusOr<std::optional<std::vector<LicenceWindow>>> LicencesField(
    const json& object) {
  const auto found = object.find("licences");
  if (found == object.end()) return std::nullopt;
  // Elsewhere null counts as an absent field. Here that would license the item
  // everywhere, which an export without contracts hardly means.
  if (!found->is_array()) {
    return FieldFault("licences", absl::StrCat("is ", Describe(*found),
                                               ", not a list of windows"));
  }
  std::vector<LicenceWindow> windows;
  for (size_t i = 0; i < found->size(); ++i) {
    MARQUEE_ASSIGN_OR_RETURN(
        LicenceWindow window,
        LicenceFromJson((*found)[i], absl::StrCat("licences[", i, "]")));
    windows.push_back(std::move(window));
  }
  return windows;
}

}  // namespace marquee
