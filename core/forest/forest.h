// A validated ensemble of decision trees, independent of the library that
// trained it: what importers make, and what every scoring engine is compiled
// from. It is not a scoring engine itself; see scorer.h.
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

// What the sums become when a prediction, not a raw score, is asked for.
enum class Transform : uint8_t {
  kIdentity,
  kSigmoid,        // 1 / (1 + exp(-scale · x)), each output
  kSoftmax,        // over the outputs
  kArgMax,         // the index of the first largest output; one value
  kExp,            // each output
  kLog1pExp,       // each output
  kLogOnePlusExp,  // each output: the same, which loses the digits of exp(x)
  kSignedSquare,   // sign(x) · x²
  kStep,           // 1 when x > 0, else 0
  kSort,           // the outputs in ascending order
  kSoftplusSteps,  // from the second on: the one before + 1e-6 + log(1 +
                   // exp(x))
};

// Whether a text may say how vectors were made: one line, in UTF-8, of 1 to
// kMaxRecipeBytes bytes.
inline constexpr size_t kMaxRecipeBytes = 500;
bool IsRecipe(absl::string_view text);

// The fields of a forest before they are checked. Movable bag of values.
struct ForestParts {
  std::string version;    // as the file gives it; may be empty
  std::string objective;  // as the file gives it; may be empty
  Arithmetic arithmetic = Arithmetic::kLightGbm;
  CategoryRule category_rule = CategoryRule::kLightGbm;
  size_t num_features = 0;
  size_t num_outputs = 1;
  // Empty, or one for each feature.
  std::vector<std::string> feature_names;
  std::vector<Tree> trees;
  // iteration_ends[i] is the number of trees in the first i + 1 iterations.
  std::vector<size_t> iteration_ends;
  // The start of each output's sum; empty with Arithmetic::kLightGbm.
  std::vector<float> base_margins;
  Transform transform = Transform::kIdentity;
  double sigmoid_scale = 1;
  // Predictions divide the sums by the number of iterations before the
  // transform; raw scores never do.
  bool average_output = false;
  // Features that are, or may be, the numbers that a trainer gave to categories
  // which are none of a split, such as names.
  std::vector<uint32_t> numbered_categories;
  // Features with categorical splits of which the file does not say whether a
  // trainer gave them their numbers: XGBoost's mostly, see xgboost_model.h.
  std::vector<uint32_t> untold_categories;
  // How the vectors were made that its features are of, as the trainer wrote it
  // into the model; empty: the file does not tell.
  std::string vectors;
  // Where early stopping saw the best metric, from 0. Scoring uses all trees
  // anyway; see FirstIterations.
  std::optional<size_t> best_iteration;
};

// Immutable after construction. Holds always: at least one tree; every split of
// a tree reached from its root in exactly one way; feature and output indexes
// in range; thresholds not NaN; leaves, linear terms and base margins finite.
class Forest {
 public:
  // Most trees, splits of a tree, features: what fits in an int32_t.
  static constexpr size_t kMaxCount = std::numeric_limits<int32_t>::max();

  // Checks everything that the class promises. Errors: DataLoss that names the
  // tree, the node and the fault.
  static absl::StatusOr<std::unique_ptr<const Forest>> Create(
      ForestParts parts);

  const std::string& version() const { return parts_.version; }
  const std::string& objective() const { return parts_.objective; }
  Arithmetic arithmetic() const { return parts_.arithmetic; }
  CategoryRule category_rule() const { return parts_.category_rule; }
  size_t num_features() const { return parts_.num_features; }
  // Empty when the model has no names.
  std::span<const std::string> feature_names() const {
    return parts_.feature_names;
  }
  // "'a', 'b'", for messages; numbers when the model has no names.
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

  // Those up to the best of early stopping.
  static constexpr size_t kBestIteration = std::numeric_limits<size_t>::max();

  // The forest of the first `iterations`, or of those up to the best one.
  // Errors: OutOfRange when that is 0 or more than there are;
  // FailedPrecondition when the model names no best one.
  absl::StatusOr<std::unique_ptr<const Forest>> FirstIterations(
      size_t iterations) const;

 private:
  explicit Forest(ForestParts parts) : parts_(std::move(parts)) {}

  const ForestParts parts_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_FOREST_H_
