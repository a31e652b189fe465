// Metrics of ranked lists against what users went on to like. Relevance is
// binary.
#ifndef MARQUEE_OFFLINE_EVALUATE_METRICS_H_
#define MARQUEE_OFFLINE_EVALUATE_METRICS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/container/flat_hash_set.h"

namespace marquee {

using RelevantSet = absl::flat_hash_set<uint32_t>;

// |the first k of the list that are relevant| / |relevant|. The denominator is
// the number of all relevant items, even if it is more than k, so 1 can then
// not be reached. Requires: `relevant` is not empty; `ranked` has each item
// once, here and below.
double RecallAt(std::span<const uint32_t> ranked, const RelevantSet& relevant,
                size_t k);

// DCG = sum over the relevant places i (from 1, at most k) of 1 / log2(i + 1),
// divided by the DCG of a list that begins with all relevant items. (Järvelin
// and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.)
double NdcgAt(std::span<const uint32_t> ranked, const RelevantSet& relevant,
              size_t k);

// How surprising an item is, in bits: -log2 of its share of all watches. An
// unwatched item counts as watched once. Requires: total > 0.
double SelfInformation(double watches, double total);

struct Interval {
  double mean = 0;
  double low = 0;
  double high = 0;
};

// Returns the mean of paired differences, one per user, with the 95 % interval
// of the percentile bootstrap: users are drawn with replacement `resamples`
// times. The same seed gives the same interval. Requires: not empty.
Interval BootstrapMean(std::span<const double> differences, size_t resamples,
                       uint64_t seed);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_EVALUATE_METRICS_H_
