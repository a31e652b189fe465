// What each part of a request has cost lately, to tell what still fits before a
// deadline.
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
  // Takes in the time of a stage. `share` is how much of the full work was
  // done, 0 to 1: the average is of full work.
  void Observe(Stage stage, absl::Duration time, float share = 1);

  // A stage was left out because it seemed too slow, so it was not measured.
  // Its average fades, to a tenth in some thousand calls: or a slow spell would
  // keep every later request at a lower tier for ever.
  void LeaveOut(Stage stage);

  absl::Duration Expected(Stage stage) const;

  // The best tier that likely fits, given that the first two stages are done.
  // Leaves a margin: twice the average of what is still to do. `ranks`: whether
  // the request would be ranked, given the time.
  Tier Affordable(absl::Duration left, bool ranks) const;

 private:
  // Relaxed: an average that misses a concurrent update is still an average.
  std::array<std::atomic<float>, kStages> microseconds_{};
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_COST_MODEL_H_
