// The ranking model of a snapshot, ready to run: its engine and the features it
// asks for.
#ifndef MARQUEE_CORE_SNAPSHOT_RANKER_H_
#define MARQUEE_CORE_SNAPSHOT_RANKER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/features/extractor.h"
#include "core/ranking/scorer.h"

namespace marquee {

// Immutable after construction.
class Ranker {
 public:
  // `model`: the bytes of a LightGBM or XGBoost model file, of which the first
  // `iterations` are used, all if it is 0; `name` is for errors. The model's
  // feature names are those of the schema. Errors: those of ImportForest and
  // Forest::FirstIterations; InvalidArgument when the model has no feature
  // names, or one that the schema does not have; FailedPrecondition for several
  // outputs.
  static absl::StatusOr<std::unique_ptr<const Ranker>> Create(
      absl::string_view model, absl::string_view name, size_t iterations,
      const FeatureSources& sources);

  const Scorer& scorer() const { return *scorer_; }
  const FeatureExtractor& extractor() const { return *extractor_; }
  const std::vector<std::string>& feature_names() const {
    return feature_names_;
  }
  size_t trees() const { return trees_; }

 private:
  Ranker() = default;

  std::unique_ptr<const Scorer> scorer_;
  std::unique_ptr<const FeatureExtractor> extractor_;
  std::vector<std::string> feature_names_;
  size_t trees_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_RANKER_H_
