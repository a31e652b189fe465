// A validated ensemble of decision trees, independent of the library that
// trained it. Importers create it, and every scoring engine is compiled from
// it. A Forest does not score; see scorer.h.
//
//   MARQUEE_ASSIGN_OR_RETURN(std::unique_ptr<const Forest> forest,
//                            ImportForest(bytes, "model.txt"));
//
// The raw score of output k is the sum of one leaf of each tree that adds to
// it, in the order of trees(), in the arithmetic of the trainer (see
// Arithmetic). Shrinkage and dart weights are inside the leaf values.
#ifndef MARQUEE_CORE_FOREST_FOREST_H_
#define MARQUEE_CORE_FOREST_FOREST_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/forest/tree.h"

namespace marquee {

// How predictions are computed from the sums. Raw scores are the sums
// themselves.
enum class Transform : uint8_t {
  kIdentity,
  kSigmoid,        // 1 / (1 + exp(-scale · x)), each output
  kSoftmax,        // over the outputs
  kArgMax,         // the index of the first largest output; one value
  kExp,            // each output
  kLog1pExp,       // each output
  kLogOnePlusExp,  // each output; as kLog1pExp, but loses digits of exp(x)
  kSignedSquare,   // sign(x) · x²
  kStep,           // 1 when x > 0, else 0
  kSort,           // the outputs in ascending order
  kSoftplusSteps,  // output k > 0: output k − 1 + 1e-6 + log(1 + exp(x))
};

// Whether a text is a recipe, which says how vectors were made: one line of
// UTF-8, 1 to kMaxRecipeBytes bytes.
inline constexpr size_t kMaxRecipeBytes = 500;
bool IsRecipe(absl::string_view text);

// The fields of a forest before validation. Movable bag of values.
struct ForestParts {
  std::string version;    // as in the file; may be empty
  std::string objective;  // as in the file; may be empty
  Arithmetic arithmetic = Arithmetic::kLightGbm;
  CategoryRule category_rule = CategoryRule::kLightGbm;
  size_t num_features = 0;
  size_t num_outputs = 1;
  // Empty, or one for each feature.
  std::vector<std::string> feature_names;
  std::vector<Tree> trees;
  // iteration_ends[i] is the number of trees in the first i + 1 iterations.
  std::vector<size_t> iteration_ends;
  // The initial value of each output's sum. Empty for Arithmetic::kLightGbm.
  std::vector<float> base_margins;
  Transform transform = Transform::kIdentity;
  double sigmoid_scale = 1;
  // Predictions divide the sums by the number of iterations before the
  // transform; raw scores never do.
  bool average_output = false;
  // Features whose values are, or may be, numbers that a trainer gave to
  // categories that a split can not have, such as names.
  std::vector<uint32_t> numbered_categories;
  // Features with categorical splits for which the file does not say whether a
  // trainer numbered their categories: mostly XGBoost's, see xgboost_model.h.
  std::vector<uint32_t> untold_categories;
  // The recipe of the vectors from which the features are computed, as the
  // trainer wrote it into the model. Empty: the file has none.
  std::string vectors;
  // The iteration, from 0, where early stopping saw the best metric. Scoring
  // uses all trees anyway; see FirstIterations.
  std::optional<size_t> best_iteration;
};

// Immutable after construction. Invariants: there is at least one tree; every
// split of a tree is reached from the root in exactly one way; indexes of
// features and outputs are in range; thresholds are not NaN; leaves, linear
// terms and base margins are finite.
class Forest {
 public:
  // The largest number of trees, of splits of a tree, and of features: what an
  // int32_t can hold.
  static constexpr size_t kMaxCount = std::numeric_limits<int32_t>::max();

  // Checks all invariants of the class. Errors: DataLoss that names the tree,
  // the node and the fault.
  static absl::StatusOr<std::unique_ptr<const Forest>> Create(
      ForestParts parts);

  const std::string& version() const { return parts_.version; }
  const std::string& objective() const { return parts_.objective; }
  Arithmetic arithmetic() const { return parts_.arithmetic; }
  CategoryRule category_rule() const { return parts_.category_rule; }
  size_t num_features() const { return parts_.num_features; }
  // Empty if the model has no names.
  std::span<const std::string> feature_names() const {
    return parts_.feature_names;
  }
  // Returns "'a', 'b'" for messages; numbers if the model has no names.
  std::string NamesOf(std::span<const uint32_t> features) const;
  size_t num_outputs() const { return parts_.num_outputs; }
  std::span<const Tree> trees() const { return parts_.trees; }
  size_t num_iterations() const { return parts_.iteration_ends.size(); }
  // 0 for LightGBM.
  float base_margin(size_t output) const {
    return parts_.base_margins.empty() ? 0.0f : parts_.base_margins[output];
  }
  Transform transform() const { return parts_.transform; }
  double sigmoid_scale() const { return parts_.sigmoid_scale; }
  bool average_output() const { return parts_.average_output; }
  std::span<const uint32_t> numbered_categories() const {
    return parts_.numbered_categories;
  }
  std::span<const uint32_t> untold_categories() const {
    return parts_.untold_categories;
  }
  const std::string& vectors() const { return parts_.vectors; }
  std::optional<size_t> best_iteration() const { return parts_.best_iteration; }

  // For FirstIterations: all iterations up to the best of early stopping.
  static constexpr size_t kBestIteration = std::numeric_limits<size_t>::max();

  // Returns the forest of the first `iterations`, or of those up to the best
  // one. Errors: OutOfRange for 0 and for more than there are;
  // FailedPrecondition if kBestIteration is passed and the model does not name
  // a best one.
  absl::StatusOr<std::unique_ptr<const Forest>> FirstIterations(
      size_t iterations) const;

 private:
  explicit Forest(ForestParts parts) : parts_(std::move(parts)) {}

  const ForestParts parts_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_FOREST_H_
