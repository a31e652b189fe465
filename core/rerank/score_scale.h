// Puts the scores of one request on one scale, whatever model gave them.
#ifndef MARQUEE_CORE_RERANK_SCORE_SCALE_H_
#define MARQUEE_CORE_RERANK_SCORE_SCALE_H_

#include <cstddef>
#include <span>
#include <vector>

namespace marquee {

// What became of the scores.
struct Standardized {
  size_t outliers = 0;
  // Of those that are none; all others stand beyond.
  float lowest = 0;
  float highest = 0;

  bool IsOutlier(float score) const {
    return score < lowest || score > highest;
  }
};

// Shifts and scales the scores to mean 0 and standard deviation 1; to 0 when
// all are equal. Keeps their order.
//
// Outliers have no part in mean and deviation, or one infinite score would make
// all others equal. Scores that are infinite, or as large as a float can be,
// are outliers. Of the others are a twentieth, or one, where they are more than
// ten thousand deviations of the rest away from the median; of fewer than 20
// scores one that is a million away. Outliers stand one deviation and more
// beyond the rest; their distances shrink by a logarithm. `memory` is for
// working. Requires: no score is NaN.
Standardized Standardize(std::span<float> scores, std::vector<double>& memory);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_SCORE_SCALE_H_
