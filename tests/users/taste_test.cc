#include "core/users/taste.h"

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/catalog/catalog_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

using Shares = std::array<uint8_t, TasteProfile::kMaxGenres>;

struct Items {
  explicit Items(const std::vector<ItemRecord>& items) {
    CatalogWriter writer;
    for (const ItemRecord& item : items) EXPECT_TRUE(writer.Add(item).ok());
    file = Written([&](ArrayFileWriter& out) { return writer.Write(out); });
    catalog = *Catalog::Open(*file);
  }
  std::unique_ptr<const ArrayFile> file;
  std::unique_ptr<const Catalog> catalog;
};

ItemRecord Item(int number, std::vector<std::string> genres,
                std::optional<int> day = std::nullopt) {
  ItemRecord item;
  item.id = std::to_string(number);
  if (day) item.released = absl::CivilDay(1970) + *day;
  if (!genres.empty()) item.attributes["genre"] = std::move(genres);
  return item;
}

TEST(Taste, IsOfTheItemsThatWereSeen) {
  const Items items({Item(0, {"Drama"}, 10), Item(1, {"Comedy", "Drama"}),
                     Item(2, {"Comedy"}, 40), Item(3, {}, 1000)});
  const std::vector<uint64_t> watches = {0, 3, 8, 100};
  Shares shares{};
  const TasteProfile taste =
      ComputeTaste(*items.catalog, watches,
                   std::vector{ItemRow{0}, ItemRow{1}, ItemRow{2}}, shares);
  EXPECT_EQ(taste.watches, 3);
  EXPECT_EQ(taste.mean_released_day, 25);
  EXPECT_FLOAT_EQ(taste.mean_log_watches,
                  (std::log1p(0.0f) + std::log1p(3.0f) + std::log1p(8.0f)) / 3);
  EXPECT_THAT(taste.genre_share, ElementsAre(170, 170));
  EXPECT_EQ(taste.genre_share.data(), shares.data());
}

TEST(Taste, OfOneItemIsThatItem) {
  const Items items({Item(0, {"Drama"}, 10), Item(1, {"Comedy"})});
  Shares shares{};
  const TasteProfile taste =
      ComputeTaste(*items.catalog, std::vector<uint64_t>{7, 0},
                   std::vector{ItemRow{0}}, shares);
  EXPECT_EQ(taste.watches, 1);
  EXPECT_EQ(taste.mean_released_day, 10);
  EXPECT_FLOAT_EQ(taste.mean_log_watches, std::log1p(7.0f));
  EXPECT_THAT(taste.genre_share, ElementsAre(255, 0));
}

TEST(Taste, OfNothingIsNothing) {
  const Items items({Item(0, {"Drama"}, 10)});
  Shares shares{};
  const TasteProfile taste =
      ComputeTaste(*items.catalog, std::vector<uint64_t>{7}, {}, shares);
  EXPECT_EQ(taste.watches, 0);
  EXPECT_TRUE(std::isnan(taste.mean_released_day));
  EXPECT_EQ(taste.mean_log_watches, 0);
  EXPECT_THAT(taste.genre_share, ElementsAre(0));
}

TEST(Taste, WithoutGenresHasNoShares) {
  const Items items({Item(0, {}, 10)});
  EXPECT_EQ(CountedGenres(*items.catalog), 0);
  Shares shares{};
  const TasteProfile taste =
      ComputeTaste(*items.catalog, std::vector<uint64_t>{7},
                   std::vector{ItemRow{0}}, shares);
  EXPECT_TRUE(taste.genre_share.empty());
  EXPECT_EQ(taste.mean_released_day, 10);
}

TEST(Taste, CountsTheFirstThirtyTwoGenres) {
  std::vector<ItemRecord> records;
  for (int i = 0; i < 40; ++i)
    records.push_back(Item(i, {"genre " + std::to_string(i)}));
  const Items items(records);
  EXPECT_EQ(CountedGenres(*items.catalog), 32);
  Shares shares{};
  const std::vector<uint64_t> watches(40, 0.0f);
  const TasteProfile taste =
      ComputeTaste(*items.catalog, watches,
                   std::vector{ItemRow{31}, ItemRow{32}, ItemRow{39}}, shares);
  ASSERT_EQ(taste.genre_share.size(), 32);
  for (int g = 0; g < 31; ++g) EXPECT_EQ(taste.genre_share[g], 0) << g;
  EXPECT_EQ(taste.genre_share[31], 85);
}

TEST(Taste, IsNothingUntilItIsComputed) {
  const TasteProfile taste;
  EXPECT_EQ(taste.watches, 0);
  EXPECT_EQ(taste.mean_released_day, 0);
  EXPECT_EQ(taste.mean_log_watches, 0);
  EXPECT_TRUE(taste.genre_share.empty());
}

}  // namespace
}  // namespace marquee
