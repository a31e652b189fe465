// The recent cost of each part of a request. It decides what still fits before
// a deadline.
#ifndef MARQUEE_CORE_PIPELINE_COST_MODEL_H_
#define MARQUEE_CORE_PIPELINE_COST_MODEL_H_

#include <array>
#include <atomic>

#include "absl/time/time.h"
#include "core/pipeline/response.h"

namespace marquee {

// Moving averages of the stages' times at full quality. Thread-safe.
class CostModel {
 public:
  // Adds the time of a stage to its average, which is that of full work.
  // `share`: the part of the full work that was done, 0 to 1.
  void Observe(Stage stage, absl::Duration time, float share = 1);

  // Records that a stage was skipped because it seemed too slow, so it was not
  // measured. Its average fades, to a tenth in about a thousand calls. Without
  // this, one slow spell would keep all later requests at a lower tier.
  void LeaveOut(Stage stage);

  absl::Duration Expected(Stage stage) const;

  // Returns the best tier that probably fits, given that the first two stages
  // are done. Leaves a margin: twice the average of what is still to do.
  // `ranks`: whether the request would be ranked if there is time.
  Tier Affordable(absl::Duration left, bool ranks) const;

 private:
  // Relaxed: an average that misses a concurrent update is still an average.
  std::array<std::atomic<float>, kStages> microseconds_{};
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_COST_MODEL_H_
