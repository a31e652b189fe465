#include "core/catalog/popularity.h"

#include <memory>
#include <vector>

#include "core/catalog/catalog.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

TEST(Popularity, OrdersByWatchesOverallByCountryAndByDay) {
  PopularityWriter writer(4);
  for (int i = 0; i < 3; ++i) writer.Add("DE", ItemRow{2});
  for (int i = 0; i < 5; ++i) writer.Add("FR", ItemRow{1});
  writer.Add("DE", ItemRow{1});
  writer.Add("", ItemRow{3});
  auto out = *ArrayFileWriter::CreateInMemory();
  const std::vector<int32_t> released = {10, Catalog::kUnknownDay, 30, 20};
  ASSERT_TRUE(writer.Write(released, *out).ok());
  const auto file = *out->FinishInMemory();
  const auto popularity = *Popularity::Open(*file, 4);
  EXPECT_THAT(popularity->Everywhere(),
              ElementsAre(ItemRow{1}, ItemRow{2}, ItemRow{3}, ItemRow{0}));
  EXPECT_THAT(popularity->InCountry("DE"), ElementsAre(ItemRow{2}, ItemRow{1}));
  EXPECT_TRUE(popularity->InCountry("US").empty());
  EXPECT_THAT(popularity->Newest(),
              ElementsAre(ItemRow{2}, ItemRow{3}, ItemRow{0}));
  EXPECT_EQ(popularity->Watches(ItemRow{1}), 6);
  EXPECT_EQ(popularity->TotalWatches(), 10);
}

}  // namespace
}  // namespace marquee
