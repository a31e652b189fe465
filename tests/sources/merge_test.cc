// One list of candidates from the lists of the sources.
#include "core/sources/merge.h"

#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/sources/source_mix.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sources/tables.h"

namespace marquee {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Weights = std::array<int, kCandidateSources>;

// "t3" for the item 3 of kTrending: the first letter of each source.
std::string Shown(const Candidate& candidate) {
  return absl::StrCat(SourceName(candidate.source).substr(0, 1),
                      Index(candidate.row));
}

class MergeTest : public ::testing::Test {
 protected:
  static constexpr size_t kItems = 100;

  // Scores fall from 1 by 1/64.
  void List(Source source, const std::vector<uint32_t>& rows) {
    SourceList& list = lists_[static_cast<size_t>(source)];
    list.Clear();
    for (size_t i = 0; i < rows.size(); ++i) {
      list.Add(ItemRow{rows[i]}, 1 - static_cast<float>(i) / 64);
    }
  }
  std::vector<std::string> Merge(const Weights& weights, size_t count = 50) {
    mix_.weights = weights;
    MergeSources(mix_, lists_, count, notes_, out_, origins_);
    EXPECT_EQ(out_.size(), origins_.size());
    ExpectNoNotes(notes_, kItems);
    std::vector<std::string> shown;
    for (const Candidate& candidate : out_) shown.push_back(Shown(candidate));
    return shown;
  }
  const CandidateOrigin& OriginOf(uint32_t row) const {
    for (size_t i = 0; i < out_.size(); ++i) {
      if (out_[i].row == ItemRow{row}) return origins_[i];
    }
    ADD_FAILURE() << row << " is not in the list";
    return origins_.front();
  }

  SourceMix mix_;
  SourceLists lists_;
  RowNotes notes_{kItems};
  std::vector<Candidate> out_{{.row = ItemRow{9}}};  // of another request
  std::vector<CandidateOrigin> origins_{{.rank = {9}}};
};

TEST_F(MergeTest, SourcesTakeTurnsByTheirWeights) {
  List(Source::kPersonal, {0, 1, 2, 3, 4, 5});
  List(Source::kTrending, {10, 11, 12});
  List(Source::kNew, {20, 21});
  EXPECT_THAT(Merge({4, 2, 1, 0, 0}),
              ElementsAre("p0", "p1", "t10", "p2", "p3", "t11", "n20", "p4",
                          "p5", "t12", "n21"));
  // Of equal ones the first.
  EXPECT_THAT(Merge({1, 1, 1, 1, 1}, 7),
              ElementsAre("p0", "t10", "n20", "p1", "t11", "n21", "p2"));
}

TEST_F(MergeTest, ASourceOfNoWeightBringsNothing) {
  List(Source::kPersonal, {0, 1});
  List(Source::kTrending, {10, 1});
  List(Source::kGenre, {30});
  EXPECT_THAT(Merge({0, 1, 0, 0, 0}), ElementsAre("t10", "t1"));
  EXPECT_THAT(Merge({0, 0, 0, 0, 0}), IsEmpty());
  EXPECT_THAT(Merge({0, 0, 100, 100, 0}), IsEmpty());
}

TEST_F(MergeTest, AnItemOfTwoListsIsThereOnceAndTakesNoTurn) {
  List(Source::kPersonal, {0, 1, 2, 3});
  List(Source::kTrending, {1, 0, 7, 2});
  EXPECT_THAT(Merge({1, 1, 0, 0, 0}),
              ElementsAre("p0", "t1", "p2", "t7", "p3"));
}

TEST_F(MergeTest, AListThatHasEndedLeavesItsPlacesToTheOthers) {
  List(Source::kPersonal, {0});
  List(Source::kNew, {20, 21, 22, 23});
  List(Source::kBecause, {});
  List(Source::kGenre, {30, 31});
  EXPECT_THAT(Merge({50, 0, 1, 50, 1}),
              ElementsAre("p0", "n20", "g30", "n21", "g31", "n22", "n23"));
}

TEST_F(MergeTest, NoMoreThanRequested) {
  List(Source::kPersonal, {0, 1, 2});
  List(Source::kTrending, {10, 11});
  for (const size_t count : {0, 1, 2, 3, 4, 5}) {
    EXPECT_THAT(Merge({1, 1, 0, 0, 0}, count), SizeIs(count));
  }
  EXPECT_THAT(Merge({1, 1, 0, 0, 0}, 65535), SizeIs(5));
}

// Also where another brought it, or where its own has no weight.
TEST_F(MergeTest, EveryListTellsWhereItHasAnItem) {
  List(Source::kPersonal, {0, 1, 2});
  List(Source::kTrending, {2, 5, 0});
  List(Source::kBecause, {40, 0});
  List(Source::kGenre, {7, 1});
  Merge({2, 1, 0, 1, 0}, 4);
  ASSERT_THAT(out_, SizeIs(4));
  EXPECT_THAT(OriginOf(0).rank, ElementsAre(1, 3, 0, 2, 0));
  EXPECT_EQ(OriginOf(0).because_score, 1 - 1.f / 64);
  EXPECT_THAT(OriginOf(1).rank, ElementsAre(2, 0, 0, 0, 2));
  EXPECT_TRUE(std::isnan(OriginOf(1).because_score));
  EXPECT_THAT(OriginOf(2).rank, ElementsAre(3, 1, 0, 0, 0));
  EXPECT_THAT(OriginOf(40).rank, ElementsAre(0, 0, 0, 1, 0));
  EXPECT_EQ(OriginOf(40).because_score, 1);
}

TEST_F(MergeTest, TheFirstCandidatesAreThoseOfTheDefaultMix) {
  const SourceMix mix = SourceMix::Default();
  EXPECT_FALSE(mix.empty());
  EXPECT_EQ(mix.horizon, Horizon::kWeek);
  EXPECT_EQ(mix.genre_horizon, Horizon::kWeek);
  EXPECT_EQ(mix.new_days, 365);
  EXPECT_THAT(mix.weights, ElementsAre(8, 4, 1, 4, 1));
  EXPECT_TRUE(SourceMix().empty());
  for (size_t s = 0; s < kCandidateSources; ++s) {
    SourceMix one;
    one.weight(static_cast<Source>(s)) = 1;
    EXPECT_FALSE(one.empty());
    EXPECT_EQ(one.weights[s], 1);
  }
}

// Gives each place to the source whose next turn is the earliest. Turns are
// counted in parts of which every weight has a whole number.
std::vector<std::string> Twin(const Weights& weights, const SourceLists& lists,
                              size_t count) {
  int64_t parts = 1;
  for (const int weight : weights) parts = std::lcm(parts, std::max(1, weight));
  std::array<int64_t, kCandidateSources> turn{};
  std::vector<std::string> shown;
  std::set<ItemRow> taken;
  while (shown.size() < count) {
    int64_t earliest = std::numeric_limits<int64_t>::max();
    Candidate next;
    for (size_t s = kCandidateSources; s-- > 0;) {
      if (weights[s] == 0) continue;
      const int64_t due = turn[s] + parts / weights[s];
      for (const ItemRow row : lists[s].rows) {
        if (taken.contains(row)) continue;
        if (due <= earliest) {
          earliest = due;
          next = {.row = row, .source = static_cast<Source>(s)};
        }
        break;
      }
    }
    if (earliest == std::numeric_limits<int64_t>::max()) break;
    const auto s = static_cast<size_t>(next.source);
    turn[s] += parts / weights[s];
    taken.insert(next.row);
    shown.push_back(Shown(next));
  }
  return shown;
}

TEST_F(MergeTest, IsWhatASlowMergeFinds) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const uint32_t items = 1 + random.Below(kItems);
    Weights weights;
    for (size_t s = 0; s < kCandidateSources; ++s) {
      std::vector<uint32_t> rows = Shuffled(items, random);
      rows.resize(random.Below(items + 1));
      List(static_cast<Source>(s), rows);
      weights[s] = static_cast<int>(random.Below(random.Chance(0.5) ? 4 : 101));
    }
    const size_t count = random.Below(items + 10);
    const std::vector<std::string> merged = Merge(weights, count);
    EXPECT_EQ(merged, Twin(weights, lists_, count));
    for (size_t i = 0; i < out_.size(); ++i) {
      for (size_t s = 0; s < kCandidateSources; ++s) {
        const std::vector<ItemRow>& rows = lists_[s].rows;
        const auto at = std::find(rows.begin(), rows.end(), out_[i].row);
        const auto rank = at == rows.end() ? 0 : at - rows.begin() + 1;
        EXPECT_EQ(origins_[i].rank[s], rank);
      }
    }
  }
}

}  // namespace
}  // namespace marquee
