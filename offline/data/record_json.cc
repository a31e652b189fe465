#include "offline/data/record_json.h"

#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/locale_codes.h"
#include "nlohmann/json.hpp"
#include "offline/data/id_dictionary.h"
#include "offline/data/json_fields.h"
#include "offline/data/moment.h"
#include "offline/data/parse_number.h"

namespace marquee {
namespace {

using nlohmann::json;

// Of the years 1 and 9999.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kLastSecond = 253402300799;

absl::StatusOr<std::string> IdField(const json& object,
                                    absl::string_view name) {
  MARQUEE_ASSIGN_OR_RETURN(auto id, StringField(object, "", name));
  if (!id.has_value()) return FieldFault(name, "is missing");
  if (absl::Status status = CheckId(*id); !status.ok()) {
    return FieldFault(name, status.message());
  }
  return *std::move(id);
}

absl::StatusOr<std::optional<absl::CivilDay>> ReleasedField(
    const json& object) {
  MARQUEE_ASSIGN_OR_RETURN(const auto text,
                           StringField(object, "", "released"));
  if (!text.has_value()) return std::nullopt;
  absl::CivilDay day;
  absl::CivilYear year;
  if (text->size() == 10 && absl::ParseCivilTime(*text, &day) &&
      absl::FormatCivilTime(day) == *text) {
    return day;
  }
  if (text->size() == 4 && absl::ParseCivilTime(*text, &year) &&
      absl::FormatCivilTime(year) == *text) {
    return absl::CivilDay(year);
  }
  return FieldFault("released",
                    absl::StrCat(QuoteForError(*text),
                                 " is not a day such as 1995-11-22, nor a "
                                 "year such as 1995"));
}

// The moment, or `absent` when there is no such field.
absl::StatusOr<absl::Time> TimeField(const json& object, absl::string_view path,
                                     absl::string_view name,
                                     absl::Time absent) {
  const auto found = object.find(std::string(name));
  if (found == object.end() || found->is_null()) return absent;
  if (found->is_number_integer()) {
    const auto seconds =
        IntegerField(object, path, name, kFirstSecond, kLastSecond);
    if (seconds.ok() && CompactDay(**seconds).empty()) {
      return absl::FromUnixSeconds(**seconds);
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
  if (window.start >= window.end) {
    return FieldFault(absl::StrCat(path, "end"),
                      "is not after start; the window is start <= t < end");
  }
  return window;
}

absl::Status ReadLicences(const json& object, ItemRecord* item) {
  const auto found = object.find("licences");
  if (found == object.end()) return absl::OkStatus();
  // Elsewhere null is an absent field. Here that would license the title
  // everywhere, which is hardly what an export without contracts means.
  if (!found->is_array()) {
    return FieldFault("licences", absl::StrCat("is ", Describe(*found),
                                               ", not a list of windows"));
  }
  item->licences.emplace();
  for (size_t i = 0; i < found->size(); ++i) {
    MARQUEE_ASSIGN_OR_RETURN(
        LicenceWindow window,
        LicenceFromJson((*found)[i], absl::StrCat("licences[", i, "]")));
    item->licences->push_back(std::move(window));
  }
  return absl::OkStatus();
}

// language, franchise and genres, which are attributes with a place of their
// own.
absl::Status ReadNamedAttributes(const json& object, ItemRecord* item) {
  for (const char* name : {"language", "franchise"}) {
    MARQUEE_ASSIGN_OR_RETURN(auto value, StringField(object, "", name));
    if (!value.has_value()) continue;
    if (value->empty()) return FieldFault(name, "is empty; leave it out");
    item->attributes[name] = {*std::move(value)};
  }
  const auto genres = object.find("genres");
  if (genres == object.end() || genres->is_null()) return absl::OkStatus();
  MARQUEE_ASSIGN_OR_RETURN(auto values, StringsOf(*genres, "genres"));
  if (!values.empty()) item->attributes["genre"] = std::move(values);
  return absl::OkStatus();
}

absl::Status ReadAttribute(const std::string& name, const json& value,
                           ItemRecord* item) {
  const std::string field = absl::StrCat("attributes.", name);
  if (value.is_null()) return absl::OkStatus();
  if (value.is_number()) {
    item->numbers[name] = value.get<double>();
    return absl::OkStatus();
  }
  if (!value.is_string() && !value.is_array()) {
    return FieldFault(
        field, absl::StrCat("is ", Describe(value),
                            "; a string, a list of strings or a number is "
                            "wanted"));
  }
  if (item->attributes.contains(name)) {
    return FieldFault(field, "is given twice: as a field of the title, too");
  }
  const json list = value.is_array() ? value : json::array({value});
  MARQUEE_ASSIGN_OR_RETURN(auto values, StringsOf(list, field));
  if (!values.empty()) item->attributes[name] = std::move(values);
  return absl::OkStatus();
}

absl::Status ReadAttributes(const json& object, ItemRecord* item) {
  const auto found = object.find("attributes");
  if (found == object.end() || found->is_null()) return absl::OkStatus();
  if (!found->is_object()) {
    return FieldFault("attributes",
                      absl::StrCat("is ", Describe(*found), ", not an object"));
  }
  for (const auto& entry : found->items()) {
    MARQUEE_RETURN_IF_ERROR(ReadAttribute(entry.key(), entry.value(), item));
  }
  return absl::OkStatus();
}

absl::Status CheckObject(const json& value) {
  if (value.is_object()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("is ", Describe(value), ", not an object in braces"));
}

}  // namespace

absl::StatusOr<ItemRecord> ItemFromJson(const json& value) {
  MARQUEE_RETURN_IF_ERROR(CheckObject(value));
  MARQUEE_RETURN_IF_ERROR(
      RefuseUnknownKeys(value, "",
                        {"item_id", "title", "released", "maturity", "language",
                         "franchise", "genres", "licences", "attributes"}));
  ItemRecord item;
  MARQUEE_ASSIGN_OR_RETURN(item.id, IdField(value, "item_id"));
  MARQUEE_ASSIGN_OR_RETURN(auto title, StringField(value, "", "title"));
  item.title = std::move(title).value_or("");
  MARQUEE_ASSIGN_OR_RETURN(item.released, ReleasedField(value));
  MARQUEE_ASSIGN_OR_RETURN(
      const auto maturity,
      IntegerField(value, "", "maturity", 0, kMaxMaturity));
  if (maturity.has_value()) item.maturity = static_cast<int>(*maturity);
  MARQUEE_RETURN_IF_ERROR(ReadLicences(value, &item));
  MARQUEE_RETURN_IF_ERROR(ReadNamedAttributes(value, &item));
  MARQUEE_RETURN_IF_ERROR(ReadAttributes(value, &item));
  return item;
}

absl::StatusOr<UserRecord> UserFromJson(const json& value) {
  MARQUEE_RETURN_IF_ERROR(CheckObject(value));
  MARQUEE_RETURN_IF_ERROR(RefuseUnknownKeys(
      value, "", {"user_id", "country", "language", "maturity_limit"}));
  UserRecord user;
  MARQUEE_ASSIGN_OR_RETURN(user.id, IdField(value, "user_id"));
  MARQUEE_ASSIGN_OR_RETURN(auto country, StringField(value, "", "country"));
  if (country.has_value() && !country->empty() && !LooksLikeCountry(*country)) {
    return FieldFault("country", absl::StrCat(QuoteForError(*country),
                                              " is not a country: two capital "
                                              "letters such as DE"));
  }
  user.country = std::move(country).value_or("");
  MARQUEE_ASSIGN_OR_RETURN(auto language, StringField(value, "", "language"));
  user.language = std::move(language).value_or("");
  MARQUEE_ASSIGN_OR_RETURN(
      const auto limit,
      IntegerField(value, "", "maturity_limit", 0, kMaxMaturity));
  if (limit.has_value()) user.maturity_limit = static_cast<int>(*limit);
  return user;
}

}  // namespace marquee
