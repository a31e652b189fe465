#include "offline/data/record_json.h"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/ids.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/catalog/locale_codes.h"
#include "nlohmann/json.hpp"
#include "offline/data/id_dictionary.h"
#include "offline/data/licence_json.h"
#include "offline/formats/json_fields.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

using nlohmann::json;

// Fields that are not attributes.
constexpr absl::string_view kItemFields[] = {"item_id",  "title",  "released",
                                             "maturity", "genres", "licences"};

// A number with one of these names would make two features of one name.
constexpr absl::string_view kTakenNumbers[] = {"log_watches", "released_day",
                                               "vector_length"};

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
  const bool is_day = text->size() == 10 && absl::ParseCivilTime(*text, &day) &&
                      absl::FormatCivilTime(day) == *text;
  const bool is_year = text->size() == 4 &&
                       absl::ParseCivilTime(*text, &year) &&
                       absl::FormatCivilTime(year) == *text;
  if (is_year) day = absl::CivilDay(year);
  if ((is_day || is_year) &&
      (day.year() < kFirstReleaseYear || day.year() > kLastReleaseYear)) {
    return FieldFault(
        "released", absl::StrCat(QuoteForError(*text), " is not of the years ",
                                 kFirstReleaseYear, " to ", kLastReleaseYear,
                                 "; leave an unknown day out"));
  }
  if (is_day || is_year) return day;
  return FieldFault("released",
                    absl::StrCat(QuoteForError(*text),
                                 " is not a day such as 1995-11-22, nor a "
                                 "year such as 1995"));
}

// Reads language, franchise and genres, attributes that have fields of their
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

// Refuses a name that the snapshot can not hold, or that has its own field.
absl::Status CheckAttributeName(const std::string& name,
                                const std::string& field, bool is_number) {
  if (name.empty() || name.size() > kMaxIdBytes ||
      absl::StrContains(name, '\n')) {
    return FieldFault(field, absl::StrCat("the name of an attribute has 1 to ",
                                          kMaxIdBytes, " bytes, on one line"));
  }
  for (const absl::string_view item_field : kItemFields) {
    if (!absl::EqualsIgnoreCase(name, item_field)) continue;
    return FieldFault(
        field, absl::StrCat("is a field of the item; write '", item_field,
                            "' outside of 'attributes'"));
  }
  const bool is_feature = absl::c_linear_search(kTakenNumbers, name) ||
                          absl::StartsWith(name, "genre=");
  if (is_number && is_feature) {
    return FieldFault(field, absl::StrCat("'item.", name,
                                          "' is a feature already; give the "
                                          "number another name"));
  }
  return absl::OkStatus();
}

absl::Status ReadNumber(const std::string& name, const std::string& field,
                        const json& value, ItemRecord* item) {
  const double number = value.get<double>();
  if (!std::isfinite(static_cast<float>(number))) {
    return FieldFault(field, absl::StrCat("is ", Describe(value),
                                          ", must be at most 3.4e38, with "
                                          "either sign"));
  }
  item->numbers[name] = number;
  return absl::OkStatus();
}

absl::Status ReadAttribute(const std::string& name, const json& value,
                           ItemRecord* item) {
  const std::string field = absl::StrCat("attributes.", name);
  if (value.is_null()) return absl::OkStatus();
  MARQUEE_RETURN_IF_ERROR(CheckAttributeName(name, field, value.is_number()));
  if (item->attributes.contains(name)) {
    return FieldFault(field, "is given twice: as a field of the item, too");
  }
  if (value.is_number()) return ReadNumber(name, field, value, item);
  if (!value.is_string() && !value.is_array()) {
    return FieldFault(
        field, absl::StrCat("is ", Describe(value),
                            "; a string, a list of strings or a number is "
                            "wanted"));
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
  MARQUEE_ASSIGN_OR_RETURN(item.licences, LicencesField(value));
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
  if (country.has_value() && country->empty()) {
    return FieldFault("country", "is empty; leave it out");
  }
  if (country.has_value() && !LooksLikeCountry(*country)) {
    return FieldFault("country", absl::StrCat(QuoteForError(*country),
                                              " is not a country: two capital "
                                              "letters such as DE"));
  }
  user.country = std::move(country).value_or("");
  MARQUEE_ASSIGN_OR_RETURN(auto language, StringField(value, "", "language"));
  if (language.has_value() && language->empty()) {
    return FieldFault("language", "is empty; leave it out");
  }
  user.language = std::move(language).value_or("");
  MARQUEE_ASSIGN_OR_RETURN(
      const auto limit,
      IntegerField(value, "", "maturity_limit", 0, kMaxMaturity));
  if (limit.has_value()) user.maturity_limit = static_cast<int>(*limit);
  return user;
}

}  // namespace marquee
