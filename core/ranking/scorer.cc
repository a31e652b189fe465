#include "core/ranking/scorer.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "core/ranking/bit_sliced_scorer.h"
#include "core/ranking/reference_scorer.h"

namespace marquee {
namespace {

constexpr std::array<absl::string_view, 2> kNames = {BitSlicedScorer::kName,
                                                     ReferenceScorer::kName};

}  // namespace

absl::Status CheckSingleOutput(const Forest& forest) {
  if (forest.num_outputs() == 1) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "a ranker gives one score a row; this model (objective '",
      forest.objective(), "') has ", forest.num_outputs(), " outputs"));
}

std::span<const absl::string_view> ScorerNames() { return kNames; }

absl::StatusOr<std::unique_ptr<const Scorer>> CompileScorer(
    std::shared_ptr<const Forest> forest, absl::string_view name) {
  MARQUEE_RETURN_IF_ERROR(CheckSingleOutput(*forest));
  if (name == ReferenceScorer::kName) {
    return ReferenceScorer::Create(std::move(forest));
  }
  if (name.empty() || name == BitSlicedScorer::kName) {
    const absl::Status supported = BitSlicedScorer::CheckSupported(*forest);
    if (supported.ok()) return std::make_unique<BitSlicedScorer>(*forest);
    if (!name.empty()) return supported;
    return ReferenceScorer::Create(std::move(forest));
  }
  return absl::NotFoundError(
      absl::StrCat("no scoring engine '", name,
                   "'; there are: ", absl::StrJoin(kNames, ", ")));
}

}  // namespace marquee
