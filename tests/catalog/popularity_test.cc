#include "core/catalog/popularity.h"

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/catalog/catalog.h"
#include "core/catalog/popularity_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;

std::unique_ptr<const ArrayFile> File(const PopularityWriter& writer,
                                      const std::vector<int32_t>& released) {
  return Written(
      [&](ArrayFileWriter& out) { return writer.Write(released, out); });
}

TEST(Popularity, OrdersByWatchesOverallByCountryAndByDay) {
  PopularityWriter writer(4);
  for (int i = 0; i < 300; ++i) writer.Add("DE", ItemRow{2}, 0);
  for (int i = 0; i < 500; ++i) writer.Add("FR", ItemRow{1}, 0);
  writer.Add("DE", ItemRow{1}, 0);
  writer.Add("", ItemRow{3}, 0);
  EXPECT_EQ(writer.watches()[1], 501);
  const auto file = File(writer, {10, Catalog::kUnknownDay, 30, 20});
  const auto popularity = *Popularity::Open(*file, 4);
  EXPECT_THAT(popularity->Everywhere().rows,
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}, ItemRow{0}));
  // What is not played in a country comes from elsewhere; the last is never
  // played.
  EXPECT_THAT(popularity->InCountry("DE").rows,
              ElementsAre(ItemRow{2}, ItemRow{1}, ItemRow{3}));
  EXPECT_THAT(popularity->InCountry("FR").rows,
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}));
  EXPECT_TRUE(popularity->InCountry("US").rows.empty());
  EXPECT_TRUE(popularity->InCountry("").rows.empty());
  // By the day of release; the second item has none, and its first play counts.
  EXPECT_THAT(popularity->Newest().rows,
              ElementsAre(ItemRow{2}, ItemRow{3}, ItemRow{0}, ItemRow{1}));
  EXPECT_THAT(popularity->Newest().begins,
              ElementsAre(30 * 86400, 20 * 86400, 10 * 86400, 0));
  EXPECT_EQ(popularity->Watches(ItemRow{1}), 501);
  EXPECT_THAT(popularity->watches(), ElementsAre(0, 501, 300, 1));
  EXPECT_EQ(popularity->TotalWatches(), 802);
}

TEST(Popularity, SharesAreSmoothedByThoseEverywhereAndOfAllTimes) {
  constexpr int64_t kMonth = 30 * 86400;
  PopularityWriter writer(3);
  for (int i = 0; i < 400; ++i) writer.Add("DE", ItemRow{0}, 0);
  for (int i = 0; i < 100; ++i) writer.Add("FR", ItemRow{1}, 2 * kMonth);
  const auto file = File(writer, {});
  const auto popularity = *Popularity::Open(*file, 3);
  // 400 plays of two half-lives ago count as 100; 80 of the 100 that count as
  // seen before are of the first, by the plays of all times.
  EXPECT_THAT(popularity->Everywhere().rows,
              ElementsAre(ItemRow{0}, ItemRow{1}, ItemRow{2}));
  EXPECT_THAT(popularity->Everywhere().shares,
              ElementsAre(FloatEq(0.6f), FloatEq(0.4f), 0));
  EXPECT_THAT(popularity->InCountry("DE").shares,
              ElementsAre(FloatEq(0.8f), FloatEq(0.2f)));
  EXPECT_THAT(popularity->InCountry("FR").rows,
              ElementsAre(ItemRow{1}, ItemRow{0}));
  EXPECT_THAT(popularity->InCountry("FR").shares,
              ElementsAre(FloatEq(0.7f), FloatEq(0.3f)));
  EXPECT_EQ(popularity->BackOff("FR"), 0.5f);
  EXPECT_EQ(popularity->BackOff("US"), 1);
}

// Whatever their order in the file, and however far apart they are.
TEST(Popularity, LatePlaysCountMore) {
  constexpr int64_t kYears = int64_t{400} * 365 * 86400;
  for (const bool old_first : {true, false}) {
    PopularityWriter writer(2);
    const auto add_old = [&] {
      for (int i = 0; i < 300; ++i) writer.Add("", ItemRow{0}, 0);
    };
    if (old_first) add_old();
    for (int i = 0; i < 200; ++i) writer.Add("", ItemRow{1}, kYears);
    if (!old_first) add_old();
    const auto file = File(writer, {});
    const auto popularity = *Popularity::Open(*file, 2);
    EXPECT_THAT(popularity->Everywhere().rows,
                ElementsAre(ItemRow{1}, ItemRow{0}));
    EXPECT_THAT(popularity->Everywhere().shares,
                ElementsAre(FloatEq(0.8f), FloatEq(0.2f)));
  }
}

// Each horizon is smoothed by the next longer one.
TEST(Popularity, ShortHorizonsForgetWhatLongOnesKnow) {
  constexpr int64_t kDay = 86400;
  PopularityWriter writer(3);
  for (int i = 0; i < 10000; ++i) writer.Add("DE", ItemRow{0}, 0);
  for (int i = 0; i < 2000; ++i) writer.Add("DE", ItemRow{1}, 28 * kDay);
  for (int i = 0; i < 500; ++i) writer.Add("DE", ItemRow{2}, 35 * kDay);
  const auto file = File(writer, {});
  const auto popularity = *Popularity::Open(*file, 3);
  const auto first = [&](Horizon horizon) {
    EXPECT_EQ(popularity->Everywhere(horizon).rows[0],
              popularity->InCountry("DE", horizon).rows[0]);
    return popularity->Everywhere(horizon).rows[0];
  };
  EXPECT_EQ(first(Horizon::kMonth), ItemRow{0});
  EXPECT_EQ(first(Horizon::kWeek), ItemRow{1});
  EXPECT_EQ(first(Horizon::kDay), ItemRow{2});
  EXPECT_EQ(first(Horizon::kHours), ItemRow{2});
  // Of the hours only the 500 plays are left; the prior has all that the days
  // know.
  const RankedItems days = popularity->Everywhere(Horizon::kDay);
  const RankedItems hours = popularity->Everywhere(Horizon::kHours);
  EXPECT_THAT(hours.shares[0],
              FloatEq((500 + 100 * days.shares[0]) / (500 + 100)));
  EXPECT_GT(hours.shares[1], 0);
  EXPECT_LT(popularity->BackOff("DE", Horizon::kMonth),
            popularity->BackOff("DE", Horizon::kWeek));
}

// A year of plays is more half-lives of six hours than a double has powers of
// two.
TEST(Popularity, AHistoryOfYearsIsRightForHours) {
  constexpr int64_t kHalfLife = 6 * 60 * 60;
  for (const bool forwards : {true, false}) {
    PopularityWriter writer(2);
    constexpr int kSteps = 4000;
    for (int i = 0; i <= kSteps; ++i) {
      const int step = forwards ? i : kSteps - i;
      for (int n = 0; n < 100; ++n) {
        writer.Add("DE", ItemRow{step % 2 == 0 ? 0u : 1u}, step * kHalfLife);
      }
    }
    const auto file = File(writer, {});
    const auto popularity = *Popularity::Open(*file, 2);
    // 100 (1 + 1/4 + …) plays of the first, half as many of the second.
    const RankedItems days = popularity->Everywhere(Horizon::kDay);
    ASSERT_THAT(days.rows, ElementsAre(ItemRow{0}, ItemRow{1}));
    const RankedItems hours = popularity->Everywhere(Horizon::kHours);
    ASSERT_THAT(hours.rows, ElementsAre(ItemRow{0}, ItemRow{1}));
    EXPECT_THAT(hours.shares[0],
                FloatEq((400 / 3.f + 100 * days.shares[0]) / 300));
    EXPECT_THAT(popularity->InCountry("DE", Horizon::kHours).rows,
                ElementsAre(ItemRow{0}, ItemRow{1}));
  }
}

TEST(Popularity, CountsAreExactBeyondWhatAFloatHolds) {
  constexpr uint64_t kPlays = (uint64_t{1} << 24) + 1;
  PopularityWriter writer(1);
  for (uint64_t i = 0; i < kPlays; ++i) writer.Add("", ItemRow{0}, 0);
  const auto file = File(writer, {});
  EXPECT_EQ((*Popularity::Open(*file, 1))->Watches(ItemRow{0}), kPlays);
}

TEST(Popularity, TiesAreInTheOrderOfTheRows) {
  PopularityWriter writer(4);
  for (const uint32_t row : {3, 1, 2}) writer.Add("DE", ItemRow{row}, 0);
  const auto file = File(writer, {7, 7, 7, 7});
  const auto popularity = *Popularity::Open(*file, 4);
  EXPECT_THAT(popularity->InCountry("DE").rows,
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}));
  EXPECT_THAT(popularity->Everywhere().rows,
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}, ItemRow{0}));
  EXPECT_THAT(popularity->Newest().rows,
              ElementsAre(ItemRow{0}, ItemRow{1}, ItemRow{2}, ItemRow{3}));
}

TEST(Popularity, ACountryKeepsItsTwoThousandMostWatched) {
  constexpr uint32_t kItems = 2002;
  PopularityWriter writer(kItems);
  // The last two are watched once, the ones before more often.
  for (uint32_t row = 0; row < kItems; ++row) {
    writer.Add("DE", ItemRow{row}, 0);
    if (row < 2000) writer.Add("DE", ItemRow{row}, 0);
  }
  writer.Add("DE", ItemRow{1500}, 0);
  const auto file = File(writer, {});
  const auto popularity = *Popularity::Open(*file, kItems);
  const auto top = popularity->InCountry("DE").rows;
  ASSERT_EQ(top.size(), 2000);
  EXPECT_EQ(top[0], ItemRow{1500});
  EXPECT_EQ(top[1], ItemRow{0});
  EXPECT_EQ(top[1999], ItemRow{1999});
  EXPECT_EQ(popularity->Everywhere().rows.size(), kItems);
}

class PopularityDamageTest : public ::testing::Test {
 protected:
  PopularityDamageTest() {
    PopularityWriter writer(3);
    writer.Add("DE", ItemRow{2}, 0);
    writer.Add("DE", ItemRow{1}, 0);
    writer.Add("FR", ItemRow{1}, 0);
    const auto file = File(writer, {1, 2, 3});
    sound_.Keep<char>(*file, "country.bytes");
    sound_.Keep<uint32_t>(*file, "country.begin");
    sound_.Keep<uint32_t>(*file, "newest");
    sound_.Keep<int64_t>(*file, "newest.begin");
    for (size_t h = 0; h < kHorizons; ++h) {
      const std::string prefix =
          absl::StrCat(HorizonName(static_cast<Horizon>(h)), ".");
      for (const char* const name : {"top.begin", "top.rows", "everywhere"})
        sound_.Keep<uint32_t>(*file, prefix + name);
      for (const char* const name :
           {"top.back_off", "top.shares", "everywhere.shares"})
        sound_.Keep<float>(*file, prefix + name);
    }
    sound_.Keep<uint64_t>(*file, "watches");
  }
  static std::string Fault(const Section& section, size_t items = 3) {
    const auto file = section.File();
    const auto popularity = Popularity::Open(*file, items);
    EXPECT_TRUE(popularity.ok() ||
                popularity.status().code() == absl::StatusCode::kDataLoss);
    return std::string(popularity.status().message());
  }

  Section sound_;
};

TEST_F(PopularityDamageTest, RefusesItemsThatAreNotThere) {
  EXPECT_EQ(Fault(sound_), "");
  for (const char* const name : {"7d.top.rows", "7d.everywhere", "newest"}) {
    EXPECT_THAT(Fault(sound_.With<uint32_t>(name, 0, 3)),
                HasSubstr(std::string("'") + name +
                          "' has a row beyond the last item"));
  }
}

TEST_F(PopularityDamageTest, RefusesCountriesThatDoNotPartitionTheirItems) {
  const char* const kFault = "'7d.top.begin' does not partition the items";
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("7d.top.begin")),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("7d.top.begin", 0, 1)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("7d.top.begin", 1, 5)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("7d.top.begin", 2, 2)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("7d.top.rows")),
              HasSubstr(kFault));
}

TEST_F(PopularityDamageTest, RefusesAListThatHasNotEveryItemOnce) {
  EXPECT_THAT(Fault(sound_, 4), HasSubstr("does not list every item once"));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("7d.everywhere")),
              HasSubstr("does not list every item once"));
  EXPECT_THAT(Fault(sound_.Shortened<uint64_t>("watches")),
              HasSubstr("'watches' does not have one number per item"));
  EXPECT_THAT(Fault(sound_.WithAll<uint32_t>("7d.everywhere", {0, 1, 0})),
              HasSubstr("lists an item twice"));
}

TEST_F(PopularityDamageTest, RefusesNewestItemsThatAreNotInOrder) {
  EXPECT_THAT(Fault(sound_.Shortened<int64_t>("newest.begin")),
              HasSubstr("'newest.begin' does not have one moment per row"));
  EXPECT_THAT(Fault(sound_.With<int64_t>("newest.begin", 1, int64_t{1} << 40)),
              HasSubstr("'newest.begin' is not in order"));
  const uint32_t first = sound_.Get<uint32_t>("newest")[0];
  EXPECT_THAT(Fault(sound_.With<uint32_t>("newest", 1, first)),
              HasSubstr("'newest' lists an item twice"));
}

TEST_F(PopularityDamageTest, RefusesWhatIsNoShare) {
  for (const char* const name :
       {"7d.top.back_off", "7d.top.shares", "7d.everywhere.shares"}) {
    const std::string array = std::string("'") + name + "' ";
    for (const float wrong :
         {-0.1f, 1.1f, std::numeric_limits<float>::infinity(),
          std::numeric_limits<float>::quiet_NaN()}) {
      EXPECT_THAT(Fault(sound_.With<float>(name, 0, wrong)),
                  HasSubstr(array + "has a value that is not a share"));
    }
    EXPECT_THAT(Fault(sound_.Shortened<float>(name)),
                HasSubstr(array + "does not have one share per row"));
  }
  for (const char* const name : {"7d.top.shares", "7d.everywhere.shares"}) {
    EXPECT_THAT(Fault(sound_.With<float>(name, 0, 0.0f)),
                HasSubstr("is not in order"));
  }
  // Each country begins anew.
  EXPECT_EQ(Fault(sound_.With<float>("7d.top.shares", 1, 0.0f)), "");
}

TEST_F(PopularityDamageTest, NamesAnArrayOfAnotherType) {
  for (const char* const name :
       {"country.bytes", "7d.top.begin", "7d.top.rows", "7d.everywhere",
        "newest", "newest.begin", "watches", "7d.top.back_off", "7d.top.shares",
        "7d.everywhere.shares"}) {
    EXPECT_THAT(Fault(sound_.WithAll<uint16_t>(name, {0, 1, 2})),
                HasSubstr(name));
  }
}

}  // namespace
}  // namespace marquee
