#include "offline/evaluate/breakdown.h"

#include <algorithm>

namespace marquee {
namespace {

constexpr int64_t kSecondsPerDay = 24 * 60 * 60;
constexpr int64_t kYear = 365;
// The ages end before so many days.
constexpr std::array<int64_t, 3> kAgeEnds = {7, 30, kYear};

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Breakdown::Breakdown(const Popularity& popularity)
    : begin_(popularity.BeginsByRow()) {}

size_t Breakdown::AgeOf(uint32_t row, int64_t moment) const {
  if (begin_[row] == Popularity::kNoBegin) return kAges - 1;
  const int64_t days = (moment - begin_[row]) / kSecondsPerDay;
  return static_cast<size_t>(
      std::upper_bound(kAgeEnds.begin(), kAgeEnds.end(), days) -
      kAgeEnds.begin());
}

// Of a liked candidate.
void Breakdown::AddOrigin(const CandidateOrigin& origin) {
  const auto lists = std::count_if(origin.rank.begin(), origin.rank.end(),
                                   [](uint16_t rank) { return rank > 0; });
  for (size_t s = 0; s < kCandidateSources; ++s) {
    if (origin.rank[s] == 0) continue;
    ++sources_[s].liked;
    if (lists == 1) ++sources_[s].liked_alone;
  }
}

void Breakdown::Add(const FunnelAnswer& answer, const RelevantSet& relevant) {
  ++users_;
  relevant_ += relevant.size();
  for (size_t i = 0; i < answer.candidates.size(); ++i) {
    const Candidate& candidate = answer.candidates[i];
    ++sources_[static_cast<size_t>(candidate.source)].candidates;
    if (!relevant.contains(Index(candidate.row))) continue;
    AddOrigin(answer.origins[i]);
    ++ages_[AgeOf(Index(candidate.row), answer.moment)].retrieved;
  }
  for (const uint32_t row : relevant) ++ages_[AgeOf(row, answer.moment)].liked;
  for (const uint32_t row : answer.list) {
    if (relevant.contains(row)) ++ages_[AgeOf(row, answer.moment)].listed;
  }
  UserGroupReport& group = groups_[answer.has_vector ? 1 : 0];
  ++group.users;
  group.recall += answer.recall;
  group.ndcg += answer.ndcg;
  group.retrieval_recall += answer.retrieval_recall;
}

std::vector<SourceReport> Breakdown::Sources() const {
  std::vector<SourceReport> reports;
  for (size_t s = 0; s < kCandidateSources; ++s) {
    const SourceTally& tally = sources_[s];
    reports.push_back({.name = std::string(SourceName(static_cast<Source>(s))),
                       .candidates = Share(tally.candidates, users_),
                       .liked = Share(tally.liked, relevant_),
                       .liked_alone = Share(tally.liked_alone, relevant_)});
  }
  return reports;
}

std::vector<AgeReport> Breakdown::Ages() const {
  constexpr std::array<const char*, kAges> kNames = {
      "up to a week", "up to 30 days", "up to a year", "older", "unknown"};
  std::vector<AgeReport> reports;
  for (size_t a = 0; a < kAges; ++a) {
    const AgeTally& tally = ages_[a];
    reports.push_back({.name = kNames[a],
                       .liked = tally.liked,
                       .retrieved = Share(tally.retrieved, tally.liked),
                       .listed = Share(tally.listed, tally.liked)});
  }
  return reports;
}

UserGroupReport Breakdown::Mean(UserGroupReport sum) {
  const double users = static_cast<double>(std::max<size_t>(sum.users, 1));
  sum.recall /= users;
  sum.ndcg /= users;
  sum.retrieval_recall /= users;
  return sum;
}

}  // namespace marquee
