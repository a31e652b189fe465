// The features that a ranker may use, by name. One list for training and
// serving.
//
// The prefix of a name says where the value comes from: `item.` (the item),
// `user.`, `cross.` (item and user) or `request.`. Most features exist for
// every catalogue. `item.genre=X` and `item.NUMBER` follow the catalogue's
// genres and numbers.
//
//   const FeatureSchema schema(catalog);
//   MARQUEE_ASSIGN_OR_RETURN(const std::vector<FeatureSpec> columns,
//                            schema.Resolve(model.feature_names()));
#ifndef MARQUEE_CORE_FEATURES_SCHEMA_H_
#define MARQUEE_CORE_FEATURES_SCHEMA_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalog/catalog.h"
#include "core/features/feature_scope.h"

namespace marquee {

// The kind of a feature decides how it is computed. Values of item features are
// fixed when a snapshot is built.
enum class FeatureKind : uint8_t {
  // item
  kLogWatches,
  kLogShare,  // of the plays of the horizon `argument`
  kTrend,     // that share against the share of the longest horizon
  kMaturity,
  kReleasedDay,
  kVectorLength,
  kGenreCount,
  kGenre,   // the genre `argument`
  kNumber,  // the number `argument` of the catalogue
  // user
  kUserWatches,
  kUserReleasedDay,
  kUserLogWatches,
  kUserVectorLength,
  kUserSinceLast,
  // cross
  kSimilarity,
  kCosine,
  kSourceRank,  // in the list of the source `argument`
  kBecause,
  kGenreAffinity,
  kReleaseGap,
  kWatchesGap,
  kFranchiseSeen,
  kLanguageMatch,
  kAge,
  kSinceBegin,
  // request
  kPosition,  // the place of an impression; constant when serving
  kLocalHour,
  kDevice,
};

// Returns what a value is, with its unit, in one line for people.
absl::string_view MeaningOf(FeatureKind kind);

// Returns how often a server computes the feature.
FeatureScope ScopeOf(FeatureKind kind);
// Returns "item", "candidate" or "request".
absl::string_view ScopeName(FeatureScope scope);
// Returns the value to use where it is unknown; NaN is missing.
float DefaultOf(FeatureKind kind);

struct FeatureSpec {
  std::string name;
  FeatureKind kind;
  uint32_t argument = 0;  // horizon, genre code, index of the number, source
};

// Immutable after construction.
class FeatureSchema {
 public:
  explicit FeatureSchema(const Catalog& catalog);

  // Errors: InvalidArgument if a number of the catalogue has the name of a
  // feature of another kind, such as "maturity": one would hide the other.
  static absl::Status CheckNumberNames(const Catalog& catalog);

  const std::vector<FeatureSpec>& features() const { return features_; }
  std::optional<FeatureSpec> Find(absl::string_view name) const;
  // Finds the features of a model, by their names or by the forms that trainers
  // write (TrainerNames). Errors: InvalidArgument for an unknown name, an
  // ambiguous one, and a feature that is named twice.
  absl::StatusOr<std::vector<FeatureSpec>> Resolve(
      std::span<const std::string> names) const;
  // Returns a hash of all names in order: 16 hexadecimal digits.
  std::string Hash() const;

 private:
  std::vector<FeatureSpec> features_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FEATURES_SCHEMA_H_
