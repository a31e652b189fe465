// Feature names as trainers write them. LightGBM writes '_' for a space.
// LightGBM and XGBoost both refuse some other characters, which may be written
// as '_' too.
#ifndef MARQUEE_CORE_FEATURES_TRAINER_NAMES_H_
#define MARQUEE_CORE_FEATURES_TRAINER_NAMES_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

std::string NameForTrainers(absl::string_view name);

// Returns names that trainers accept and that TrainerNames of `names` finds.
// These are the results of NameForTrainers. If it gives several names the same
// form, each of them gets a suffix with the characters that its '_' replace:
// "a_b__20" for "a b".
std::vector<std::string> NamesForTrainers(std::span<const std::string> names);

// Whether the trainer that wrote these names keeps characters that others
// replace.
bool KeepsCharacters(std::span<const std::string> names);

// Finds the known name for a feature name of a model. Immutable after
// construction.
class TrainerNames {
 public:
  // Among equal names the first counts. `known` must outlive the result.
  explicit TrainerNames(std::span<const std::string> known);

  // Returns the index of the known name that a model means by `name`: the
  // identical name, or one for which trainers write `name`. If both exist, the
  // identical one counts if the model's trainer keeps characters. Errors:
  // NotFound if there is none; InvalidArgument, with two of them, if `name` may
  // mean several.
  absl::StatusOr<size_t> Find(absl::string_view name,
                              bool keeps_characters) const;

 private:
  std::span<const std::string> known_;
  absl::flat_hash_map<std::string, size_t> same_;
  absl::flat_hash_map<std::string, absl::InlinedVector<size_t, 1>> written_;
  absl::flat_hash_map<std::string, size_t> told_apart_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FEATURES_TRAINER_NAMES_H_
