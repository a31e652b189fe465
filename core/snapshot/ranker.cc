#include "core/snapshot/ranker.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/ranking/import.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const Ranker>> Ranker::Create(
    absl::string_view model, absl::string_view name, size_t iterations,
    const FeatureSources& sources) {
  MARQUEE_ASSIGN_OR_RETURN(std::shared_ptr<const Forest> forest,
                           ImportForest(model, name));
  if (iterations > 0) {
    auto first = forest->FirstIterations(iterations);
    if (!first.ok()) {
      return absl::Status(first.status().code(),
                          absl::StrCat(name, ": ", first.status().message()));
    }
    forest = *std::move(first);
  }
  if (forest->feature_names().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        name,
        ": has no feature names; train it with the names of the schema "
        "(`marquee inspect --features` lists them)"));
  }
  std::unique_ptr<Ranker> ranker(new Ranker);
  ranker->feature_names_.assign(forest->feature_names().begin(),
                                forest->feature_names().end());
  ranker->trees_ = forest->trees().size();
  auto extractor = FeatureExtractor::Create(sources, ranker->feature_names_);
  if (!extractor.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": ", extractor.status().message()));
  }
  ranker->extractor_ = *std::move(extractor);
  MARQUEE_ASSIGN_OR_RETURN(ranker->scorer_, CompileScorer(std::move(forest)));
  return ranker;
}

}  // namespace marquee
