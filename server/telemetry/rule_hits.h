// Counts how often each rule of the policy moved or placed an item of an
// answer.
#ifndef MARQUEE_SERVER_TELEMETRY_RULE_HITS_H_
#define MARQUEE_SERVER_TELEMETRY_RULE_HITS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/rerank/policy.h"
#include "core/rerank/slate.h"

namespace marquee {

// By (rule, kind): the items of answers that it moved or placed.
using RuleCounts = std::map<std::pair<std::string, ReasonKind>, uint64_t>;

// Returns the rules of a policy that can appear in an answer, each with a count
// of 0.
RuleCounts RulesOf(const Policy& policy);

// Thread-safe. Meant for one writing thread, so that its lock is free except
// during a scrape.
class RuleHits {
 public:
  // Counts these rules from now on, and no others, so that the policy bounds
  // the number of labels. Those that are counted already keep their counts; a
  // rule that was dropped in between begins at 0.
  void Declare(const RuleCounts& rules);
  // Counts the reasons of an answer's items. A rule that was not declared is
  // not counted; it belongs to a snapshot that was just replaced.
  void Count(std::span<const RecommendedItem> items);
  void AddTo(RuleCounts& counts) const;

 private:
  mutable absl::Mutex mu_;
  RuleCounts counts_ ABSL_GUARDED_BY(mu_);
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_RULE_HITS_H_
