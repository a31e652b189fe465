// The latest releases.
#include <algorithm>
#include <functional>
#include <vector>

#include "core/sources/trending.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sources/tables.h"

namespace marquee {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kDay = 86400;
constexpr int64_t kMidnight = 20000 * kDay;

std::vector<uint32_t> Ask(const Popularity& popularity, int days,
                          const Question& question) {
  SourceList list;
  list.Add(ItemRow{0}, 7);  // of another request
  ListNew(popularity, days, question.query(), list);
  EXPECT_THAT(list.scores, Each(0));
  return RowsOf(list);
}

TEST(NewSource, AnItemIsNewFromTheSecondOfItsBeginning) {
  Plays plays(3);
  plays.newest = {{2, kMidnight + 101}, {0, kMidnight + 100}, {1, kMidnight}};
  const auto popularity = Open(plays);
  Question question(3);
  question.user.now = kMidnight + 99;
  EXPECT_THAT(Ask(*popularity, 10, question), ElementsAre(1));
  question.user.now = kMidnight + 100;
  EXPECT_THAT(Ask(*popularity, 10, question), ElementsAre(0, 1));
  question.user.now = kMidnight + 101;
  EXPECT_THAT(Ask(*popularity, 10, question), ElementsAre(2, 0, 1));
  question.user.now = kMidnight - 1;
  EXPECT_THAT(Ask(*popularity, 10, question), IsEmpty());
}

// Days are whole: the same items are new all day.
TEST(NewSource, AnItemIsNewForSoManyDaysBeforeTheDayOfTheRequest) {
  Plays plays(4);
  plays.newest = {{0, kMidnight},
                  {1, kMidnight - 7 * kDay + 1},
                  {2, kMidnight - 7 * kDay},
                  {3, kMidnight - 7 * kDay - 1}};
  const auto popularity = Open(plays);
  Question question(4);
  for (const int64_t second : {int64_t{0}, kDay / 2, kDay - 1}) {
    question.user.now = kMidnight + second;
    EXPECT_THAT(Ask(*popularity, 7, question), ElementsAre(0, 1, 2));
    EXPECT_THAT(Ask(*popularity, 6, question), ElementsAre(0));
    EXPECT_THAT(Ask(*popularity, 8, question), ElementsAre(0, 1, 2, 3));
  }
  question.user.now = kMidnight + kDay;
  EXPECT_THAT(Ask(*popularity, 7, question), ElementsAre(0));
}

TEST(NewSource, OnlyEligibleItemsAndNoMoreThanRequested) {
  Plays plays(4);
  for (uint32_t row = 0; row < 4; ++row) {
    plays.newest.emplace_back(row, kMidnight - row);
  }
  const auto popularity = Open(plays);
  Question question(4);
  question.user.now = kMidnight;
  question.Hide(1);
  EXPECT_THAT(Ask(*popularity, 1, question), ElementsAre(0, 2, 3));
  question.count = 2;
  EXPECT_THAT(Ask(*popularity, 1, question), ElementsAre(0, 2));
  question.count = 0;
  EXPECT_THAT(Ask(*popularity, 1, question), IsEmpty());
}

TEST(NewSource, IsWhatASlowLookFinds) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const uint32_t items = 1 + random.Below(80);
    std::vector<int64_t> begins;
    for (uint32_t row = 0; row < items; ++row) {
      // Often the same moment, often a midnight.
      const int64_t day = 19995 + random.Below(10);
      begins.push_back(day * kDay + (random.Chance(0.5) ? random.Below(3) : 0));
    }
    std::sort(begins.begin(), begins.end(), std::greater<>());
    const std::vector<uint32_t> rows = Shuffled(items, random);
    Plays plays(items);
    for (uint32_t i = 0; i < items; ++i) {
      if (i % 9 != 8) plays.newest.emplace_back(rows[i], begins[i]);
    }
    const auto popularity = Open(plays);
    Question question(items);
    for (uint32_t row = 0; row < items; ++row) {
      if (random.Chance(0.3)) question.Hide(row);
    }
    question.user.now = kMidnight + random.Below(3);
    question.count = random.Below(items + 5);
    const int days = static_cast<int>(random.Below(7));
    std::vector<uint32_t> expected;
    for (const auto& [row, begin] : plays.newest) {
      const bool is_new =
          begin <= question.user.now && begin / kDay >= 20000 - days;
      if (is_new && question.Shows(row) && expected.size() < question.count) {
        expected.push_back(row);
      }
    }
    EXPECT_EQ(Ask(*popularity, days, question), expected);
  }
}

}  // namespace
}  // namespace marquee
