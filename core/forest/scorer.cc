#include "core/forest/scorer.h"

#include "absl/strings/str_cat.h"

namespace marquee {

absl::Status CheckSingleOutput(const Forest& forest) {
  if (forest.num_outputs() == 1) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "a ranker gives one score a row; this model (objective '",
      forest.objective(), "') has ", forest.num_outputs(), " outputs"));
}

}  // namespace marquee
