#include "core/sources/merge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/base/check.h"

namespace marquee {
namespace {

// Large enough to be seen beside any score of a source, and small enough that
// hundreds of them do not add up to a difference that matters: the logarithms
// of two shares that are one part in ten thousand apart.
constexpr float kLeastFall = 1e-4f;

class Turns {
 public:
  Turns(const SourceMix& mix, const SourceLists& lists)
      : mix_(mix), lists_(lists) {}

  // Returns the source of the next item; absent if all lists have ended.
  std::optional<Source> Next(const RowNotes& notes) {
    std::optional<size_t> next;
    for (size_t s = 0; s < kCandidateSources; ++s) {
      SkipTaken(s, notes);
      if (mix_.weights[s] == 0 || at_[s] == lists_[s].size()) continue;
      // (taken + 1) / weight is the turn at which the source is due.
      if (!next || (taken_[s] + 1) * mix_.weights[*next] <
                       (taken_[*next] + 1) * mix_.weights[s]) {
        next = s;
      }
    }
    if (!next) return std::nullopt;
    ++taken_[*next];
    return static_cast<Source>(*next);
  }
  // Returns the item of that source.
  ItemRow Take(Source source) {
    const size_t s = static_cast<size_t>(source);
    return lists_[s].rows[at_[s]++];
  }

 private:
  void SkipTaken(size_t s, const RowNotes& notes) {
    const std::vector<ItemRow>& rows = lists_[s].rows;
    while (at_[s] < rows.size() && notes[rows[at_[s]]] != 0) ++at_[s];
  }

  const SourceMix& mix_;
  const SourceLists& lists_;
  std::array<size_t, kCandidateSources> at_{};
  std::array<int64_t, kCandidateSources> taken_{};
};

}  // namespace

void MergeSources(const SourceMix& mix, const SourceLists& lists, size_t count,
                  RowNotes& notes, std::vector<Candidate>& out,
                  std::vector<CandidateOrigin>& origins) {
  MARQUEE_CHECK(count < 65536);
  out.clear();
  Turns turns(mix, lists);
  while (out.size() < count) {
    const std::optional<Source> source = turns.Next(notes);
    if (!source) break;
    const ItemRow row = turns.Take(*source);
    out.push_back({.row = row, .source = *source});
    notes.Set(row, static_cast<uint16_t>(out.size()));
  }
  origins.assign(out.size(), {});
  constexpr size_t kBecause = static_cast<size_t>(Source::kBecause);
  for (size_t s = 0; s < kCandidateSources; ++s) {
    for (size_t i = 0; i < lists[s].size(); ++i) {
      const uint16_t place = notes[lists[s].rows[i]];
      if (place == 0) continue;
      CandidateOrigin& origin = origins[place - 1];
      origin.rank[s] = static_cast<uint16_t>(i + 1);
      if (s == kBecause) origin.because_score = lists[s].scores[i];
    }
  }
  for (const Candidate& candidate : out) notes.Set(candidate.row, 0);
}

void ScoreByPlace(const SourceMix& mix, const SourceLists& lists,
                  std::span<const CandidateOrigin> origins,
                  std::span<Candidate> candidates) {
  const auto lead = static_cast<size_t>(
      std::max_element(mix.weights.begin(), mix.weights.end()) -
      mix.weights.begin());
  float bound =
      lists[lead].rows.empty() ? 0 : std::numeric_limits<float>::max();
  for (size_t i = 0; i < candidates.size(); ++i) {
    Candidate& candidate = candidates[i];
    if (candidate.source == static_cast<Source>(lead)) {
      bound = std::min(bound, lists[lead].scores[origins[i].rank[lead] - 1u]);
    }
    candidate.score = bound;
    candidate.by_fresh_share = candidate.source == Source::kNew;
    // The next float below is further away if the score is large.
    bound = std::min(bound - kLeastFall,
                     std::nextafter(bound, -std::numeric_limits<float>::max()));
  }
}

}  // namespace marquee
