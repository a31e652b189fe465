// What the country plays, then what is played elsewhere.
#include "core/sources/trending.h"

#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sources/tables.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Germany plays 3 and 1; 2, 3, 0 and 1 are played everywhere, 4 nowhere.
Plays Sample() {
  Plays plays(5);
  plays.lists.countries["DE"] = {0.25f, {{3, 0.5f}, {1, 0.25f}}};
  plays.lists.everywhere = {{2, 0.5f}, {3, 0.25f}, {0, 0.125f}, {1, 0.0625f}};
  return plays;
}

SourceList Ask(const Popularity& popularity, const Question& question,
               Horizon horizon = Horizon::kWeek) {
  RowNotes notes(question.items);
  SourceList list;
  list.Add(ItemRow{0}, 7);  // of another request
  ListTrending(popularity, horizon, question.query(), notes, list);
  ExpectNoNotes(notes, question.items);
  return list;
}

TEST(Trending, WhatTheCountryPlaysThenWhatOthersDo) {
  const auto popularity = Open(Sample());
  Question question(5);
  question.user.country = "DE";
  const SourceList list = Ask(*popularity, question);
  EXPECT_THAT(RowsOf(list), ElementsAre(3, 1, 2, 0));
  // 2 and 0 by the share elsewhere, as far as it counts in the country.
  EXPECT_THAT(list.scores, ElementsAre(std::log(0.5f), std::log(0.25f),
                                       std::log(0.125f), std::log(0.03125f)));
}

TEST(Trending, ACountryWithoutPlaysIsTheWorld) {
  const auto popularity = Open(Sample());
  Question question(5);
  for (const char* const country : {"", "FR"}) {
    question.user.country = country;
    const SourceList list = Ask(*popularity, question);
    EXPECT_THAT(RowsOf(list), ElementsAre(2, 3, 0, 1));
    EXPECT_EQ(list.scores[0], std::log(0.5f));
  }
}

TEST(Trending, OnlyEligibleItems) {
  const auto popularity = Open(Sample());
  Question question(5);
  question.user.country = "DE";
  question.Hide(3);
  question.Hide(0);
  EXPECT_THAT(RowsOf(Ask(*popularity, question)), ElementsAre(1, 2));
  question.Hide(1);
  question.Hide(2);
  EXPECT_THAT(RowsOf(Ask(*popularity, question)), IsEmpty());
}

TEST(Trending, NoMoreThanRequested) {
  const auto popularity = Open(Sample());
  Question question(5);
  question.user.country = "DE";
  for (const size_t count : {0, 1, 2, 3, 4}) {
    question.count = count;
    EXPECT_EQ(Ask(*popularity, question).size(), count);
  }
}

TEST(Trending, AListHasFiveHundredItemsIfNothingElseIsSaid) {
  Plays plays(600);
  for (uint32_t row = 0; row < 600; ++row) {
    plays.lists.everywhere.emplace_back(row, 0.5f);
  }
  const auto popularity = Open(plays);
  const Question question(600);
  RowNotes notes(600);
  SourceList list;
  ListTrending(*popularity, Horizon::kWeek,
               {.user = question.user, .eligible = question.bits}, notes, list);
  EXPECT_EQ(list.size(), 500);
}

TEST(Trending, IsOfTheHorizon) {
  Plays plays = Sample();
  plays.of_horizon[Horizon::kHours] = plays.lists;
  plays.of_horizon[Horizon::kHours].countries["DE"] = {0.5f, {{4, 0.5f}}};
  const auto popularity = Open(plays);
  Question question(5);
  question.user.country = "DE";
  const SourceList hours = Ask(*popularity, question, Horizon::kHours);
  EXPECT_THAT(RowsOf(hours), ElementsAre(4, 2, 3, 0, 1));
  EXPECT_EQ(hours.scores[1], std::log(0.25f));
  EXPECT_THAT(RowsOf(Ask(*popularity, question, Horizon::kDay)),
              ElementsAre(3, 1, 2, 0));
}

// So rare elsewhere, and so little of it counts here, that a float is 0: as if
// it were not played.
TEST(Trending, AShareThatIsTooSmallForANumberIsNone) {
  constexpr float kLeast = std::numeric_limits<float>::denorm_min();
  Plays plays = Sample();
  plays.lists.countries["DE"] = {0.25f, {{3, 0.5f}}};
  plays.lists.everywhere.back() = {1, kLeast};
  const auto popularity = Open(plays);
  Question question(5);
  question.user.country = "DE";
  EXPECT_THAT(RowsOf(Ask(*popularity, question)), ElementsAre(3, 2, 0));
  question.user.country = "FR";
  const SourceList list = Ask(*popularity, question);
  EXPECT_THAT(RowsOf(list), ElementsAre(2, 3, 0, 1));
  EXPECT_EQ(list.scores[3], std::log(kLeast));
}

// Falling shares with ties, of items in any order; the last may be 0.
Scored RandomShares(uint32_t items, size_t count, Random& random) {
  const std::vector<uint32_t> rows = Shuffled(items, random);
  std::vector<float> shares;
  for (size_t i = 0; i < count; ++i) {
    shares.push_back(static_cast<float>(random.Below(12)) / 16);
  }
  std::sort(shares.begin(), shares.end(), std::greater<>());
  Scored scored;
  for (size_t i = 0; i < count; ++i) scored.emplace_back(rows[i], shares[i]);
  return scored;
}

// Walks all items for every place.
Scored Twin(const Plays& plays, const Question& question) {
  const auto country =
      plays.lists.countries.find(std::string(question.user.country));
  const bool known = country != plays.lists.countries.end();
  Scored found;
  std::set<uint32_t> taken;
  const auto take = [&](const Scored& items, float factor) {
    for (const auto& [row, share] : items) {
      if (share <= 0 || !question.Shows(row) || taken.contains(row)) continue;
      if (found.size() == question.count) return;
      found.emplace_back(row, std::log(factor * share));
      taken.insert(row);
    }
  };
  if (known) take(country->second.items, 1);
  take(plays.lists.everywhere, known ? country->second.back_off : 1);
  return found;
}

TEST(Trending, IsWhatASlowLookFinds) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const uint32_t items = 1 + random.Below(90);
    Plays plays(items);
    for (const char* const country : {"DE", "FR"}) {
      plays.lists.countries[country] = {
          static_cast<float>(1 + random.Below(8)) / 8,
          RandomShares(items, random.Below(items + 1), random)};
    }
    plays.lists.everywhere = RandomShares(items, items, random);
    const auto popularity = Open(plays);
    Question question(items);
    for (uint32_t row = 0; row < items; ++row) {
      if (random.Chance(0.3)) question.Hide(row);
    }
    for (const char* const country : {"DE", "FR", "US"}) {
      question.user.country = country;
      question.count = random.Below(items + 5);
      const SourceList list = Ask(*popularity, question);
      Scored found;
      for (size_t i = 0; i < list.size(); ++i) {
        found.emplace_back(Index(list.rows[i]), list.scores[i]);
      }
      EXPECT_EQ(found, Twin(plays, question));
    }
  }
}

}  // namespace
}  // namespace marquee
