#include "core/features/schema.h"

#include <algorithm>
#include <limits>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "core/base/checksum.h"
#include "core/base/near_names.h"
#include "core/catalog/attribute.h"
#include "core/catalog/candidate.h"
#include "core/catalog/popularity.h"
#include "core/features/trainer_names.h"
#include "core/users/taste.h"

namespace marquee {

FeatureScope ScopeOf(FeatureKind kind) {
  // The kinds are listed by what they depend on (schema.h).
  if (kind <= FeatureKind::kNumber) return FeatureScope::kItem;
  const bool is_cross =
      kind >= FeatureKind::kSimilarity && kind < FeatureKind::kPosition;
  return is_cross ? FeatureScope::kRow : FeatureScope::kRequest;
}

absl::string_view ScopeName(FeatureScope scope) {
  switch (scope) {
    case FeatureScope::kItem:
      return "item";
    case FeatureScope::kRow:
      return "candidate";
    case FeatureScope::kRequest:
      return "request";
  }
  return "";
}

absl::string_view MeaningOf(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::kLogWatches:
      return "log(1 + watches by all users)";
    case FeatureKind::kLogShare:
      return "log of the share of all plays, of the half-life in the name";
    case FeatureKind::kTrend:
      return "item.log_share of the half-life in the name, less that of 30d";
    case FeatureKind::kMaturity:
      return "minimum age in years";
    case FeatureKind::kReleasedDay:
      return "days from 1970-01-01 to the release";
    case FeatureKind::kVectorLength:
      return "length of the item's vector";
    case FeatureKind::kGenreCount:
      return "how many genres it has";
    case FeatureKind::kGenre:
      return "1 when it has the genre, else 0";
    case FeatureKind::kNumber:
      return "the number of items.jsonl";
    case FeatureKind::kUserWatches:
      return "log(1 + items seen)";
    case FeatureKind::kUserReleasedDay:
      return "mean of item.released_day of the items seen";
    case FeatureKind::kUserLogWatches:
      return "mean of item.log_watches of the items seen";
    case FeatureKind::kUserVectorLength:
      return "length of the user's vector";
    case FeatureKind::kUserSinceLast:
      return "hours from the user's last play to the request";
    case FeatureKind::kSimilarity:
      return "inner product of both vectors";
    case FeatureKind::kCosine:
      return "cosine of both vectors";
    case FeatureKind::kSourceRank:
      return "1 for the first item of the source in the name, 2 for the second";
    case FeatureKind::kBecause:
      return "how related it is to what the user liked last";
    case FeatureKind::kGenreAffinity:
      return "mean share of the item's genres among the items seen, 0 to 1";
    case FeatureKind::kReleaseGap:
      return "days from user.mean_released_day to item.released_day";
    case FeatureKind::kWatchesGap:
      return "item.log_watches - user.mean_log_watches";
    case FeatureKind::kFranchiseSeen:
      return "items seen of the item's franchise";
    case FeatureKind::kLanguageMatch:
      return "1 when the item has the user's language, whatever the region, "
             "else 0";
    case FeatureKind::kAge:
      return "days from the release to the request";
    case FeatureKind::kSinceBegin:
      return "hours from the release, else the first play, to the request";
    case FeatureKind::kPosition:
      return "place of an impression; 0 when serving";
    case FeatureKind::kLocalHour:
      return "hour of the request at the user's place, 0 to 23";
    case FeatureKind::kDevice:
      return "0 tv, 1 mobile, 2 tablet, 3 web, 4 console";
  }
  return "";
}

// A server does not know the place of an item in advance; no item gains by it.
float DefaultOf(FeatureKind kind) {
  return kind == FeatureKind::kPosition
             ? 0
             : std::numeric_limits<float>::quiet_NaN();
}

FeatureSchema::FeatureSchema(const Catalog& catalog)
    : features_{
          {"item.log_watches", FeatureKind::kLogWatches},
          {"item.maturity", FeatureKind::kMaturity},
          {"item.released_day", FeatureKind::kReleasedDay},
          {"item.vector_length", FeatureKind::kVectorLength},
          {"item.genres", FeatureKind::kGenreCount},
          {"user.log_watches", FeatureKind::kUserWatches},
          {"user.mean_released_day", FeatureKind::kUserReleasedDay},
          {"user.mean_log_watches", FeatureKind::kUserLogWatches},
          {"user.vector_length", FeatureKind::kUserVectorLength},
          {"user.hours_since_last", FeatureKind::kUserSinceLast},
          {"cross.similarity", FeatureKind::kSimilarity},
          {"cross.cosine", FeatureKind::kCosine},
          {"cross.because", FeatureKind::kBecause},
          {"cross.genre_affinity", FeatureKind::kGenreAffinity},
          {"cross.release_gap_days", FeatureKind::kReleaseGap},
          {"cross.watches_gap", FeatureKind::kWatchesGap},
          {"cross.franchise_seen", FeatureKind::kFranchiseSeen},
          {"cross.language_match", FeatureKind::kLanguageMatch},
          {"cross.age_days", FeatureKind::kAge},
          {"cross.hours_since_begin", FeatureKind::kSinceBegin},
          {"request.local_hour", FeatureKind::kLocalHour},
          {"request.device", FeatureKind::kDevice},
          {"request.position", FeatureKind::kPosition},
      } {
  for (uint32_t s = 0; s < kCandidateSources; ++s) {
    features_.push_back(
        {absl::StrCat("cross.rank_", SourceName(static_cast<Source>(s))),
         FeatureKind::kSourceRank, s});
  }
  for (uint32_t h = 0; h < kHorizons; ++h) {
    const absl::string_view name = HorizonName(static_cast<Horizon>(h));
    features_.push_back(
        {absl::StrCat("item.log_share_", name), FeatureKind::kLogShare, h});
    if (static_cast<Horizon>(h) == Horizon::kMonth) continue;
    features_.push_back(
        {absl::StrCat("item.trend_", name), FeatureKind::kTrend, h});
  }
  const Attribute* const genre = catalog.FindAttribute("genre");
  for (uint32_t code = 0; code < CountedGenres(catalog); ++code) {
    features_.push_back({absl::StrCat("item.genre=", genre->Value(code)),
                         FeatureKind::kGenre, code});
  }
  for (uint32_t i = 0; i < catalog.number_names().size(); ++i) {
    features_.push_back({absl::StrCat("item.", catalog.number_names()[i]),
                         FeatureKind::kNumber, i});
  }
}

absl::Status FeatureSchema::CheckNumberNames(const Catalog& catalog) {
  const FeatureSchema schema(catalog);
  for (const std::string& number : catalog.number_names()) {
    const std::string name = absl::StrCat("item.", number);
    // Numbers are the last of the schema, and Find returns the first of equal
    // names.
    if (schema.Find(name)->kind == FeatureKind::kNumber) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("items.jsonl: attributes.", number, ": '", name,
                     "' is a feature already; give the number another name"));
  }
  return absl::OkStatus();
}

std::optional<FeatureSpec> FeatureSchema::Find(absl::string_view name) const {
  const auto it = std::find_if(
      features_.begin(), features_.end(),
      [name](const FeatureSpec& spec) { return spec.name == name; });
  if (it == features_.end()) return std::nullopt;
  return *it;
}

namespace {

// Whether this is a name that LightGBM or XGBoost gives to unnamed data.
bool IsNumberOfColumn(absl::string_view name) {
  return (absl::ConsumePrefix(&name, "Column_") ||
          absl::ConsumePrefix(&name, "f")) &&
         !name.empty() && absl::c_all_of(name, absl::ascii_isdigit);
}

std::string TellUnknown(absl::string_view name,
                        std::span<const std::string> features) {
  const std::vector<absl::string_view> names(features.begin(), features.end());
  const std::vector<absl::string_view> near = NearNames(name, names);
  std::string told =
      absl::StrCat("feature '", name, "': not one of the ", features.size(),
                   " features of this catalogue");
  if (!near.empty()) {
    absl::StrAppend(&told, ", of which '", absl::StrJoin(near, "', '"),
                    near.size() == 1 ? "' is near" : "' are near");
  } else if (IsNumberOfColumn(name)) {
    absl::StrAppend(&told, ": the model was trained on data without names");
  }
  return absl::StrCat(told,
                      " (`marquee inspect --features SNAPSHOTS` lists them)");
}

}  // namespace

absl::StatusOr<std::vector<FeatureSpec>> FeatureSchema::Resolve(
    std::span<const std::string> names) const {
  std::vector<std::string> own;
  for (const FeatureSpec& spec : features_) own.push_back(spec.name);
  const TrainerNames known(own);
  const bool keeps_characters = KeepsCharacters(names);
  std::vector<FeatureSpec> resolved;
  std::vector<bool> named(features_.size(), false);
  for (const std::string& name : names) {
    const auto found = known.Find(name, keeps_characters);
    if (absl::IsNotFound(found.status())) {
      return absl::InvalidArgumentError(TellUnknown(name, own));
    }
    if (!found.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("feature ", found.status().message()));
    }
    if (named[*found]) {
      return absl::InvalidArgumentError(
          absl::StrCat("feature '", name, "': is named twice"));
    }
    named[*found] = true;
    resolved.push_back(features_[*found]);
  }
  return resolved;
}

std::string FeatureSchema::Hash() const {
  std::string names;
  for (const FeatureSpec& spec : features_)
    absl::StrAppend(&names, spec.name, "\n");
  return absl::StrFormat("%016x", Checksum64(names));
}

}  // namespace marquee
