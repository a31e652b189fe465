#include "core/pipeline/warnings.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/catalog/locale_codes.h"
#include "core/users/devices.h"

namespace marquee {
namespace {

bool Has(std::span<const std::string> names, absl::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& known) { return known == name; });
}

bool HasInAnyCase(std::span<const std::string> names, absl::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& known) {
    return absl::EqualsIgnoreCase(known, name);
  });
}

bool KnowsCountry(const Snapshot& snapshot, absl::string_view country) {
  // The data may have invalid codes, too.
  if (!IsCountryCode(country)) return false;
  const LicenceCalendar& licences = snapshot.licences();
  const size_t listed = licences.countries() - 1;
  const Popularity& popularity = snapshot.popularity();
  if (listed == 0 && popularity.countries() == 0) return true;
  return static_cast<size_t>(licences.FindCountry(country)) < listed ||
         !popularity.InCountry(country).rows.empty();
}

void CheckCountry(const Snapshot& snapshot, const RecommendRequest& request,
                  std::vector<Warning>& warnings) {
  const absl::string_view country = request.country;
  if (country.empty() || KnowsCountry(snapshot, country)) return;
  std::string detail = IsCountryCode(country)
                           ? absl::StrCat("no item has a licence of '", country,
                                          "' and no user of it is known")
                           : TellUnknownCountry(country);
  warnings.push_back(
      {Warning::Kind::kCountry, "context.country", std::move(detail)});
}

void CheckDevice(const Snapshot& snapshot, const RecommendRequest& request,
                 std::vector<Warning>& warnings) {
  const absl::string_view device = request.device;
  if (device.empty()) return;
  const std::vector<std::string>& named = snapshot.policy().devices;
  if (FindDevice(device) || HasInAnyCase(named, device)) return;
  std::vector<absl::string_view> known(KnownDevices().begin(),
                                       KnownDevices().end());
  std::copy_if(named.begin(), named.end(), std::back_inserter(known),
               [](const std::string& name) { return !FindDevice(name); });
  warnings.push_back({Warning::Kind::kDevice, "context.device",
                      absl::StrCat("no rule and no feature knows '", device,
                                   "'; known: ", absl::StrJoin(known, ", "))});
}

void CheckLanguage(const RecommendRequest& request,
                   std::vector<Warning>& warnings) {
  if (request.language.empty() || IsLanguageTag(request.language)) return;
  warnings.push_back({Warning::Kind::kLanguage, "context.language",
                      TellUnknownLanguage(request.language)});
}

// If no rule names a scene, there is nothing to compare with.
void CheckScene(const Snapshot& snapshot, const RecommendRequest& request,
                std::vector<Warning>& warnings) {
  const std::vector<std::string>& named = snapshot.policy().scenes;
  if (request.scene.empty() || named.empty()) return;
  if (Has(named, request.scene)) return;
  warnings.push_back({Warning::Kind::kScene, "context.scene",
                      absl::StrCat("the policy does not know '", request.scene,
                                   "'; known: ", absl::StrJoin(named, ", "))});
}

void CheckFilter(const Snapshot& snapshot, const RecommendRequest& request,
                 size_t index, std::vector<Warning>& warnings) {
  const AttributeFilter& filter = request.filters[index];
  const Attribute& attribute =
      *snapshot.catalog().FindAttribute(filter.attribute);
  const auto unknown = [&](absl::string_view value) {
    return !attribute.Find(value).has_value();
  };
  const auto first =
      std::find_if(filter.any_of.begin(), filter.any_of.end(), unknown);
  if (first == filter.any_of.end()) return;
  const auto more = std::count_if(first + 1, filter.any_of.end(), unknown);
  // Callers log it behind the name of the field.
  std::string detail =
      absl::StrCat("filter ", index, ": ",
                   TellUnknownValue(attribute, filter.attribute, *first));
  if (more > 0) {
    absl::StrAppend(&detail, "; nor has one ", more, " more of its values");
  }
  warnings.push_back(
      {Warning::Kind::kFilter, "context.filters", std::move(detail)});
}

void CheckIds(const UnknownIds& unknown, absl::string_view field, size_t all,
              std::vector<Warning>& warnings) {
  if (unknown.count == 0) return;
  warnings.push_back(
      {Warning::Kind::kItem, field,
       absl::StrCat("the catalogue does not have ", unknown.count, " of ", all,
                    " items, for example '", unknown.first, "'")});
}

}  // namespace

void FindWarnings(const Snapshot& snapshot, const RecommendRequest& request,
                  const ResolvedUser& user, const EligibleSet& eligible,
                  std::vector<Warning>& warnings) {
  CheckCountry(snapshot, request, warnings);
  CheckDevice(snapshot, request, warnings);
  CheckLanguage(request, warnings);
  CheckScene(snapshot, request, warnings);
  for (size_t i = 0; i < request.filters.size(); ++i) {
    CheckFilter(snapshot, request, i, warnings);
  }
  CheckIds(user.unknown_events, "context.recent_events",
           request.recent_events.size(), warnings);
  CheckIds(eligible.unknown_excluded, "context.exclude_item_ids",
           request.exclude.size(), warnings);
}

}  // namespace marquee
