#include <cmath>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "offline/data/record_json.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

using nlohmann::ordered_json;

// The one place where the library's exceptions are caught: it throws for text
// that is not UTF-8.
absl::StatusOr<std::string> Dump(const ordered_json& value,
                                 const std::string& id) {
  try {
    return value.dump();
  } catch (const ordered_json::exception&) {
    return absl::DataLossError(absl::StrCat("the record of ", QuoteForError(id),
                                            " has text that is not UTF-8"));
  }
}

std::string FormatReleased(absl::CivilDay day) {
  // ReleasedField reads a year as its first day, so both texts mean the same
  // day.
  const bool year_only = day.month() == 1 && day.day() == 1;
  return year_only ? absl::FormatCivilTime(absl::CivilYear(day))
                   : absl::FormatCivilTime(day);
}

ordered_json FormatLicence(const LicenceWindow& window) {
  ordered_json value = {{"country", window.country}};
  if (window.start != absl::InfinitePast()) {
    value["start"] = absl::ToUnixSeconds(window.start);
  }
  if (window.end != absl::InfiniteFuture()) {
    value["end"] = absl::ToUnixSeconds(window.end);
  }
  return value;
}

ordered_json FormatNumber(double number) {
  // A double holds every whole number below 2^53, about 9e15.
  if (std::trunc(number) == number && std::abs(number) < 1e15) {
    return static_cast<int64_t>(number);
  }
  return number;
}

}  // namespace

absl::StatusOr<std::string> JsonFromItem(const ItemRecord& item) {
  ordered_json value = {{"item_id", item.id}};
  if (!item.title.empty()) value["title"] = item.title;
  if (item.released.has_value()) {
    value["released"] = FormatReleased(*item.released);
  }
  if (item.maturity.has_value()) value["maturity"] = *item.maturity;
  ordered_json others = ordered_json::object();
  for (const auto& [name, values] : item.attributes) {
    const bool single = values.size() == 1;
    if (name == "genre") {
      value["genres"] = values;
    } else if (single && (name == "language" || name == "franchise")) {
      value[name] = values[0];
    } else if (single) {
      others[name] = values[0];
    } else {
      others[name] = values;
    }
  }
  for (const auto& [name, number] : item.numbers) {
    others[name] = FormatNumber(number);
  }
  if (item.licences.has_value()) {
    ordered_json windows = ordered_json::array();
    for (const LicenceWindow& w : *item.licences) {
      windows.push_back(FormatLicence(w));
    }
    value["licences"] = std::move(windows);
  }
  if (!others.empty()) value["attributes"] = std::move(others);
  return Dump(value, item.id);
}

absl::StatusOr<std::string> JsonFromUser(const UserRecord& user) {
  ordered_json value = {{"user_id", user.id}};
  if (!user.country.empty()) value["country"] = user.country;
  if (!user.language.empty()) value["language"] = user.language;
  if (user.maturity_limit.has_value()) {
    value["maturity_limit"] = *user.maturity_limit;
  }
  return Dump(value, user.id);
}

}  // namespace marquee
