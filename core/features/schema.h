// The features that a ranker may use, by name. One list for training and for
// serving.
//
// Names say where a value comes from: `title.`, `user.`, `cross.` (of title and
// user) and `request.`. Most are the same for every catalogue; `title.genre=X`
// and `title.NUMBER` follow the catalogue's genres and numbers.
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

// What computes a feature. Values of title features are fixed when a snapshot
// is built.
enum class FeatureKind : uint8_t {
  // title
  kLogWatches,
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
  // cross
  kSimilarity,
  kCosine,
  kRetrievalRank,
  kGenreAffinity,
  kReleaseGap,
  kWatchesGap,
  kFranchiseSeen,
  kLanguageMatch,
  kAge,
  // request
  kPosition,  // the place of an impression; a constant when serving
  kLocalHour,
  kDevice,
};

// What a value is, with its unit, in a line for people.
absl::string_view MeaningOf(FeatureKind kind);

// How often a server computes it.
FeatureScope ScopeOf(FeatureKind kind);
// "title", "candidate" or "request".
absl::string_view ScopeName(FeatureScope scope);
// The value where it is not known; NaN is missing.
float DefaultOf(FeatureKind kind);

struct FeatureSpec {
  std::string name;
  FeatureKind kind;
  uint32_t argument = 0;  // genre code or index of the number
};

// Immutable after construction.
class FeatureSchema {
 public:
  explicit FeatureSchema(const Catalog& catalog);

  // Errors: InvalidArgument when a number of the catalogue has the name of a
  // feature of another kind, such as "maturity": one would hide the other.
  static absl::Status CheckNumberNames(const Catalog& catalog);

  const std::vector<FeatureSpec>& features() const { return features_; }
  std::optional<FeatureSpec> Find(absl::string_view name) const;
  // The features of a model, by their names or by those that trainers write
  // for them (TrainerNames). Errors: InvalidArgument for a name of none, one
  // that may mean several, and a feature that is named twice.
  absl::StatusOr<std::vector<FeatureSpec>> Resolve(
      std::span<const std::string> names) const;
  // Of all names, in order: 16 hexadecimal digits.
  std::string Hash() const;

 private:
  std::vector<FeatureSpec> features_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FEATURES_SCHEMA_H_
