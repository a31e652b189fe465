#include "core/catalog/popularity.h"

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/catalog/catalog.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::unique_ptr<const ArrayFile> File(const PopularityWriter& writer,
                                      const std::vector<int32_t>& released) {
  return Written(
      [&](ArrayFileWriter& out) { return writer.Write(released, out); });
}

TEST(Popularity, OrdersByWatchesOverallByCountryAndByDay) {
  PopularityWriter writer(4);
  for (int i = 0; i < 3; ++i) writer.Add("DE", ItemRow{2});
  for (int i = 0; i < 5; ++i) writer.Add("FR", ItemRow{1});
  writer.Add("DE", ItemRow{1});
  writer.Add("", ItemRow{3});
  EXPECT_EQ(writer.Watches(ItemRow{1}), 6);
  const auto file = File(writer, {10, Catalog::kUnknownDay, 30, 20});
  const auto popularity = *Popularity::Open(*file, 4);
  EXPECT_THAT(popularity->Everywhere(),
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}, ItemRow{0}));
  EXPECT_THAT(popularity->InCountry("DE"), ElementsAre(ItemRow{2}, ItemRow{1}));
  EXPECT_THAT(popularity->InCountry("FR"), ElementsAre(ItemRow{1}));
  EXPECT_TRUE(popularity->InCountry("US").empty());
  EXPECT_TRUE(popularity->InCountry("").empty());
  EXPECT_THAT(popularity->Newest(),
              ElementsAre(ItemRow{2}, ItemRow{3}, ItemRow{0}));
  EXPECT_EQ(popularity->Watches(ItemRow{1}), 6);
  EXPECT_THAT(popularity->watches(), ElementsAre(0, 6, 3, 1));
  EXPECT_EQ(popularity->TotalWatches(), 10);
}

TEST(Popularity, TiesAreInTheOrderOfTheRows) {
  PopularityWriter writer(4);
  for (const uint32_t row : {3, 1, 2}) writer.Add("DE", ItemRow{row});
  const auto file = File(writer, {7, 7, 7, 7});
  const auto popularity = *Popularity::Open(*file, 4);
  EXPECT_THAT(popularity->InCountry("DE"),
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}));
  EXPECT_THAT(popularity->Everywhere(),
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}, ItemRow{0}));
  EXPECT_THAT(popularity->Newest(),
              ElementsAre(ItemRow{0}, ItemRow{1}, ItemRow{2}, ItemRow{3}));
}

TEST(Popularity, ACountryKeepsItsTwoThousandMostWatched) {
  constexpr uint32_t kTitles = 2002;
  PopularityWriter writer(kTitles);
  // The last two are watched once, the ones before more often.
  for (uint32_t row = 0; row < kTitles; ++row) {
    writer.Add("DE", ItemRow{row});
    if (row < 2000) writer.Add("DE", ItemRow{row});
  }
  writer.Add("DE", ItemRow{1500});
  const auto file = File(writer, {});
  const auto popularity = *Popularity::Open(*file, kTitles);
  const auto top = popularity->InCountry("DE");
  ASSERT_EQ(top.size(), 2000);
  EXPECT_EQ(top[0], ItemRow{1500});
  EXPECT_EQ(top[1], ItemRow{0});
  EXPECT_EQ(top[1999], ItemRow{1999});
  EXPECT_EQ(popularity->Everywhere().size(), kTitles);
}

class PopularityDamageTest : public ::testing::Test {
 protected:
  PopularityDamageTest() {
    PopularityWriter writer(3);
    writer.Add("DE", ItemRow{2});
    writer.Add("DE", ItemRow{1});
    writer.Add("FR", ItemRow{1});
    const auto file = File(writer, {1, 2, 3});
    sound_.Keep<char>(*file, "country.bytes");
    for (const char* const name :
         {"country.begin", "top.begin", "top.rows", "everywhere", "newest"})
      sound_.Keep<uint32_t>(*file, name);
    sound_.Keep<float>(*file, "watches");
  }
  static std::string Fault(const Section& section, size_t titles = 3) {
    const auto file = section.File();
    const auto popularity = Popularity::Open(*file, titles);
    EXPECT_TRUE(popularity.ok() ||
                popularity.status().code() == absl::StatusCode::kDataLoss);
    return std::string(popularity.status().message());
  }

  Section sound_;
};

TEST_F(PopularityDamageTest, RefusesTitlesThatAreNotThere) {
  EXPECT_EQ(Fault(sound_), "");
  for (const char* const name : {"top.rows", "everywhere", "newest"}) {
    EXPECT_THAT(Fault(sound_.With<uint32_t>(name, 0, 3)),
                HasSubstr(std::string("'") + name +
                          "' names a title that is not there"));
  }
}

TEST_F(PopularityDamageTest, RefusesCountriesThatDoNotPartitionTheirTitles) {
  const char* const kFault = "'top.begin' does not partition the titles";
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("top.begin")),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("top.begin", 0, 1)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("top.begin", 1, 4)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("top.begin", 2, 2)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("top.rows")), HasSubstr(kFault));
}

TEST_F(PopularityDamageTest, RefusesAListThatHasNotEveryTitleOnce) {
  EXPECT_THAT(Fault(sound_, 4), HasSubstr("does not list every title once"));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("everywhere")),
              HasSubstr("does not list every title once"));
  EXPECT_THAT(Fault(sound_.Shortened<float>("watches")),
              HasSubstr("does not list every title once"));
  EXPECT_THAT(Fault(sound_.WithAll<uint32_t>("everywhere", {0, 1, 0})),
              HasSubstr("lists a title twice"));
}

TEST_F(PopularityDamageTest, RefusesWatchesThatAreNoCount) {
  for (const float wrong : {-1.0f, std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_THAT(Fault(sound_.With<float>("watches", 1, wrong)),
                HasSubstr("'watches' has a value that is not a count"));
  }
  EXPECT_EQ(Fault(sound_.With<float>("watches", 1, 0.0f)), "");
}

TEST_F(PopularityDamageTest, NamesAnArrayOfAnotherType) {
  for (const char* const name : {"country.bytes", "top.begin", "top.rows",
                                 "everywhere", "newest", "watches"}) {
    EXPECT_THAT(Fault(sound_.WithAll<uint64_t>(name, {0, 1, 2})),
                HasSubstr(name));
  }
}

}  // namespace
}  // namespace marquee
