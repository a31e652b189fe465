// Evaluates what a snapshot would have shown against what users went on to
// like: the whole funnel beside its parts.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const FunnelReport report,
//       EvaluateFunnel(snapshot, test, {.k_ndcg = 10}));
//
// There is one question per user who likes (weight > 0) at least one item of
// the test file: the home screen at the second of the user's first test
// interaction. Relevant items are the liked ones that may be shown to the user
// at that moment (not seen before, licensed, …). Users without a relevant item
// are left out. All contenders choose from that same set:
//
//   popularity       by the snapshot's watches, most first
//   trending 6h …    by the plays of the last hours, day, week or month, the
//                    same for all users
//   als              exact inner products with the stored vector; popularity
//                    for users without one
//   new, because,    the other sources of candidates, each alone; popularity
//   genre            where one has nothing
//   without ranker   the pipeline with its rules, in the order of the merge
//   funnel           the pipeline as a server runs it
//
// The numbers say how well a list predicts the past behaviour of users who
// chose from other lists. They compare models on the same file; they do not
// predict clicks.
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
#include "offline/evaluate/breakdown.h"
#include "offline/evaluate/metrics.h"

namespace marquee {

struct FunnelOptions {
  size_t k_recall = 50;      // 1 to 200; the longest requested list
  size_t k_ndcg = 10;        // 1 to 200; also the depth of coverage and novelty
  size_t k_retrieval = 500;  // 50 to 2000; candidates of the pipeline
  size_t resamples = 2000;   // of the bootstrap
  uint64_t seed = 1;         // of the bootstrap
};

// Means over users.
struct Contender {
  std::string name;
  double recall = 0;            // at k_recall
  double ndcg = 0;              // at k_ndcg
  double retrieval_recall = 0;  // at k_retrieval, before ranker and rules
  // Distinct items in all first k_ndcg places / items of the catalogue.
  double coverage = 0;
  // Mean self-information of the items in the first k_ndcg places, in bits.
  double novelty = 0;
  // The differences funnel - this, one per user.
  Interval recall_gain;
  Interval ndcg_gain;
};

struct FunnelReport {
  size_t users = 0;
  size_t relevant = 0;        // user-item pairs
  size_t without_vector = 0;  // users
  std::vector<Contender> contenders;
  std::vector<SourceReport> sources;
  std::vector<AgeReport> ages;  // of the liked items
  UserGroupReport users_with_vector;
  UserGroupReport users_without_vector;
};

// `test`: positive interactions. Requires: the snapshot was not made from them.
// Errors: InvalidArgument for options out of range; FailedPrecondition if no
// user of the test has a relevant item.
absl::StatusOr<FunnelReport> EvaluateFunnel(
    const Snapshot& snapshot, const InteractionSet& test,
    const FunnelOptions& options,
    const std::function<void(size_t users)>& progress = nullptr);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_EVALUATE_FUNNEL_H_
