// What people played who played what the user played last.
#include "core/sources/because.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sources/tables.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SourceList Ask(const RelatedItems& related, const std::vector<uint32_t>& latest,
               const Question& question) {
  std::vector<ItemRow> rows;
  for (const uint32_t row : latest) rows.push_back(ItemRow{row});
  RowNotes notes(question.items);
  SourceList list;
  list.Add(ItemRow{0}, 7);  // of another request
  ListBecause(related, rows, question.query(), notes, list);
  ExpectNoNotes(notes, question.items);
  return list;
}

// 3 is related to 0 and to 1, 4 to 0 and 2 to 1.
std::vector<Scored> Sample() {
  return {{{3, 0.5f}, {4, 0.25f}}, {{2, 0.75f}, {3, 0.125f}}, {}, {}, {}};
}

TEST(Because, SumsWhatIsRelatedAndTheLastCountsMost) {
  const auto related = Open(Sample());
  const Question question(5);
  const SourceList both = Ask(*related, {0, 1}, question);
  EXPECT_THAT(RowsOf(both), ElementsAre(2, 3, 4));
  EXPECT_THAT(both.scores,
              ElementsAre(kFade * 0.75f, 0.5f + kFade * 0.125f, 0.25f));
  const SourceList swapped = Ask(*related, {1, 0}, question);
  EXPECT_THAT(RowsOf(swapped), ElementsAre(2, 3, 4));
  EXPECT_THAT(swapped.scores,
              ElementsAre(0.75f, 0.125f + kFade * 0.5f, kFade * 0.25f));
}

// Items without neighbours make what was played before them count less, too.
TEST(Because, EachLaterItemFadesTheEarlier) {
  const auto related = Open(Sample());
  const SourceList list = Ask(*related, {2, 3, 4, 0}, Question(5));
  EXPECT_THAT(list.scores, ElementsAre(kFade * kFade * kFade * 0.5f,
                                       kFade * kFade * kFade * 0.25f));
}

TEST(Because, NoneOfNothing) {
  const auto related = Open(Sample());
  EXPECT_THAT(RowsOf(Ask(*related, {}, Question(5))), IsEmpty());
  EXPECT_THAT(RowsOf(Ask(*related, {2, 3}, Question(5))), IsEmpty());
}

TEST(Because, EqualScoresAreInTheOrderOfRows) {
  const auto related = Open({{},
                             {{2, 0.5f}, {5, 0.5f}, {6, 0.5f}},
                             {},
                             {{0, 0.5f}, {4, 0.5f}},
                             {},
                             {},
                             {}});
  EXPECT_THAT(RowsOf(Ask(*related, {1}, Question(7))), ElementsAre(2, 5, 6));
  EXPECT_THAT(RowsOf(Ask(*related, {3}, Question(7))), ElementsAre(0, 4));
  Question question(7);
  question.count = 1;
  EXPECT_THAT(RowsOf(Ask(*related, {3}, question)), ElementsAre(0));
}

TEST(Because, OnlyEligibleItemsAndNoMoreThanRequested) {
  const auto related = Open(Sample());
  Question question(5);
  question.Hide(3);
  EXPECT_THAT(RowsOf(Ask(*related, {0, 1}, question)), ElementsAre(2, 4));
  // The best of all, not the first that are found.
  question.count = 1;
  EXPECT_THAT(RowsOf(Ask(*related, {0, 1}, question)), ElementsAre(2));
  question.count = 0;
  EXPECT_THAT(RowsOf(Ask(*related, {0, 1}, question)), IsEmpty());
}

// Asks of each item how it is related to each that was played.
TEST(Because, IsWhatASlowLookFinds) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const uint32_t items = 2 + random.Below(60);
    std::vector<Scored> neighbours(items);
    for (uint32_t row = 0; row < items; ++row) {
      for (uint32_t other = 0; other < items; ++other) {
        if (other == row || !random.Chance(0.2)) continue;
        neighbours[row].emplace_back(
            other, static_cast<float>(1 + random.Below(4)) / 4);
      }
      std::sort(neighbours[row].begin(), neighbours[row].end(),
                [](const auto& a, const auto& b) {
                  return a.second != b.second ? a.second > b.second
                                              : a.first < b.first;
                });
      if (neighbours[row].size() > 50) neighbours[row].resize(50);
    }
    const auto related = Open(neighbours);
    Question question(items);
    for (uint32_t row = 0; row < items; ++row) {
      if (random.Chance(0.3)) question.Hide(row);
    }
    question.count = random.Below(items + 5);
    std::vector<uint32_t> latest = Shuffled(items, random);
    latest.resize(std::min<size_t>(latest.size(), random.Below(31)));

    std::map<uint32_t, float> sums;
    for (uint32_t row = 0; row < items; ++row) {
      float weight = 1;
      for (const uint32_t played : latest) {
        for (const auto& [other, score] : neighbours[played]) {
          if (other == row && question.Shows(row)) sums[row] += weight * score;
        }
        weight *= 0.95f;
      }
    }
    std::vector<std::pair<float, uint32_t>> expected;
    for (const auto& [row, sum] : sums) expected.emplace_back(-sum, row);
    std::sort(expected.begin(), expected.end());
    if (expected.size() > question.count) expected.resize(question.count);
    const SourceList list = Ask(*related, latest, question);
    ASSERT_EQ(list.size(), expected.size());
    for (size_t i = 0; i < list.size(); ++i) {
      EXPECT_EQ(-list.scores[i], expected[i].first);
      EXPECT_EQ(Index(list.rows[i]), expected[i].second);
    }
  }
}

}  // namespace
}  // namespace marquee
