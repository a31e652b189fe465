// Where the liked items of a test come from: by source, by age, by kind of
// user.
#ifndef MARQUEE_OFFLINE_EVALUATE_BREAKDOWN_H_
#define MARQUEE_OFFLINE_EVALUATE_BREAKDOWN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/catalog/candidate.h"
#include "core/catalog/popularity.h"
#include "offline/evaluate/metrics.h"

namespace marquee {

// What a source brings to the candidates of the funnel.
struct SourceReport {
  std::string name;
  double candidates = 0;  // that it placed, mean over users
  // Shares of the liked items: on its list, and on no other's.
  double liked = 0;
  double liked_alone = 0;
};

// The liked items that had begun so long before the request.
struct AgeReport {
  std::string name;  // "7 days"
  size_t liked = 0;
  double retrieved = 0;  // share of them among the candidates
  double listed = 0;     // share of them in the list
};

// Users with, or without, a vector. Means over them.
struct UserGroupReport {
  size_t users = 0;
  double recall = 0;
  double ndcg = 0;
  double retrieval_recall = 0;
};

// The funnel's answer to one question.
struct FunnelAnswer {
  std::span<const Candidate> candidates;
  std::span<const CandidateOrigin> origins;  // of the candidates
  std::span<const uint32_t> list;            // rows, best first
  int64_t moment = 0;                        // of the question, Unix seconds
  bool has_vector = false;
  double recall = 0, ndcg = 0, retrieval_recall = 0;
};

// Collects over the questions. Externally synchronised.
class Breakdown {
 public:
  explicit Breakdown(const Popularity& popularity);

  void Add(const FunnelAnswer& answer, const RelevantSet& relevant);

  std::vector<SourceReport> Sources() const;
  // The youngest first; the last has the items without a known beginning.
  std::vector<AgeReport> Ages() const;
  UserGroupReport WithVector() const { return Mean(groups_[1]); }
  UserGroupReport WithoutVector() const { return Mean(groups_[0]); }

 private:
  static constexpr size_t kAges = 5;

  struct SourceTally {
    uint64_t candidates = 0, liked = 0, liked_alone = 0;
  };
  struct AgeTally {
    size_t liked = 0, retrieved = 0, listed = 0;
  };

  static UserGroupReport Mean(UserGroupReport sum);
  size_t AgeOf(uint32_t row, int64_t moment) const;
  void AddOrigin(const CandidateOrigin& origin);

  std::vector<int64_t> begin_;  // by row, Unix seconds
  size_t users_ = 0;
  size_t relevant_ = 0;
  std::array<SourceTally, kCandidateSources> sources_{};
  std::array<AgeTally, kAges> ages_{};
  std::array<UserGroupReport, 2> groups_{};  // sums; by has_vector
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_EVALUATE_BREAKDOWN_H_
