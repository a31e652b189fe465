// Judges what a snapshot would have shown by what people went on to like: the
// whole funnel beside its parts.
//
// One question a person who likes (weight > 0) at least one title of the test
// file: the home screen at the second of the person's first test interaction.
// Relevant are the liked titles that may be shown to the person at that moment
// (not seen before, licensed, …); people without one are left out. All
// contenders choose from that same set:
//
//   popularity       by the snapshot's watches, most first
//   als              exact inner products with the stored vector; popularity
//                    for people without one
//   without ranker   the pipeline with its rules, in the order of retrieval
//   funnel           the pipeline as a server runs it
//
// Numbers say how well a list foretells the past behaviour of people who chose
// from other lists. They compare models on the same file; they do not foretell
// clicks.
#ifndef MARQUEE_OFFLINE_EVALUATE_FUNNEL_H_
#define MARQUEE_OFFLINE_EVALUATE_FUNNEL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/snapshot.h"
#include "offline/data/interaction_set.h"
#include "offline/evaluate/metrics.h"

namespace marquee {

struct FunnelOptions {
  size_t k_recall = 50;      // 1 to 200: the longest list that is asked for
  size_t k_ndcg = 10;        // 1 to 200; also the depth of coverage and novelty
  size_t k_retrieval = 500;  // 50 to 2000; candidates of the pipeline
  size_t resamples = 2000;   // of the bootstrap
  uint64_t seed = 1;         // of the bootstrap
};

// Means over people.
struct Contender {
  std::string name;
  double recall = 0;            // at k_recall
  double ndcg = 0;              // at k_ndcg
  double retrieval_recall = 0;  // at k_retrieval, before ranker and rules
  // Distinct titles in all first k_ndcg places / titles of the catalogue.
  double coverage = 0;
  // Mean self-information of the titles in the first k_ndcg places, in bits.
  double novelty = 0;
};

struct FunnelReport {
  size_t people = 0;
  size_t relevant = 0;        // person-title pairs
  size_t without_vector = 0;  // people
  std::vector<Contender> contenders;
  // Differences, funnel - als, one a person.
  Interval recall_gain;
  Interval ndcg_gain;
};

// `test`: positive interactions. The snapshot must not have seen them. Errors:
// InvalidArgument for options out of range; FailedPrecondition when nobody of
// the test has a relevant title.
absl::StatusOr<FunnelReport> EvaluateFunnel(
    const Snapshot& snapshot, const InteractionSet& test,
    const FunnelOptions& options,
    const std::function<void(size_t people)>& progress = nullptr);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_EVALUATE_FUNNEL_H_
