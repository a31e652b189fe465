// Merges the lists of the sources into one list of candidates.
#ifndef MARQUEE_CORE_SOURCES_MERGE_H_
#define MARQUEE_CORE_SOURCES_MERGE_H_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/catalog/candidate.h"
#include "core/sources/source_list.h"
#include "core/sources/source_mix.h"

namespace marquee {

using SourceLists = std::array<SourceList, kCandidateSources>;

// Fills `out` with up to `count` items of the lists, each once, and `origins`
// with where every list has them. The candidates have no score yet.
//
// The sources take turns: the next item is of the source with the fewest items
// so far in proportion to its weight, of equal ones the first by Source. It is
// the best of its list that is not in `out` yet. A source whose list has ended
// leaves its places to the others. `notes`: all 0, before and after. Requires:
// count < 65536.
void MergeSources(const SourceMix& mix, const SourceLists& lists, size_t count,
                  RowNotes& notes, std::vector<Candidate>& out,
                  std::vector<CandidateOrigin>& origins);

// Scores the candidates by their places in the merged list, where nothing ranks
// them: scores fall strictly. An item of the source with the largest weight
// keeps its score in that list where it falls; all others get a score between
// their neighbours. Items of kNew are marked as by_fresh_share.
void ScoreByPlace(const SourceMix& mix, const SourceLists& lists,
                  std::span<const CandidateOrigin> origins,
                  std::span<Candidate> candidates);

}  // namespace marquee

#endif  // MARQUEE_CORE_SOURCES_MERGE_H_
