// Names of features as trainers write them: LightGBM has '_' for a space and,
// as XGBoost, does not take some other characters, for which '_' may stand too.
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

// Names that trainers take and that TrainerNames of the same names finds: as
// NameForTrainers, and of those that it writes alike each with what its '_'
// stand for, "a_b__20" for "a b".
std::vector<std::string> NamesForTrainers(std::span<const std::string> names);

// Whether the trainer of these names keeps such characters.
bool KeepsCharacters(std::span<const std::string> names);

// Finds what the features of a model are called elsewhere. Immutable after
// construction.
class TrainerNames {
 public:
  // Of equal names the first counts. `known` must outlive it.
  explicit TrainerNames(std::span<const std::string> known);

  // The index of the known name that a model means by `name`: the same one, or
  // one that trainers write so. A name of two is the one that is the same when
  // the model's trainer keeps characters. Errors: NotFound for none;
  // InvalidArgument, with two of them, for one that may mean several.
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
