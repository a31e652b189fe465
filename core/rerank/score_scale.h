// Puts the scores of one request on one scale, independent of the model.
#ifndef MARQUEE_CORE_RERANK_SCORE_SCALE_H_
#define MARQUEE_CORE_RERANK_SCORE_SCALE_H_

#include <cstddef>
#include <span>
#include <vector>

namespace marquee {

// The result of Standardize.
struct Standardized {
  size_t outliers = 0;
  // Of the scores that are not outliers; all outliers are beyond these.
  float lowest = 0;
  float highest = 0;

  bool IsOutlier(float score) const {
    return score < lowest || score > highest;
  }
};

// Shifts and scales the scores to mean 0 and standard deviation 1; to 0 if all
// are equal. Keeps their order.
//
// Outliers have no part in mean and deviation; otherwise one infinite score
// would make all others equal. Scores that are infinite, or as large as a float
// can be, are outliers. Of the others, up to a twentieth, at least one, are
// outliers if they are more than ten thousand deviations of the rest away from
// the median. Of fewer than 20 scores, one may be an outlier if it is a million
// deviations away. Outliers are put one deviation and more beyond the rest; a
// logarithm shrinks their distances. `memory` is working memory. Requires: no
// score is NaN.
Standardized Standardize(std::span<float> scores, std::vector<double>& memory);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_SCORE_SCALE_H_
