#include "core/catalog/eligibility.h"

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/catalog/catalog_writer.h"
#include "core/catalog/licence_writer.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

absl::Time At(int64_t second) { return absl::FromUnixSeconds(second); }

// A catalogue with its calendar, and the records they came from as the oracle.
struct World {
  explicit World(std::vector<ItemRecord> records) : items(std::move(records)) {
    CatalogWriter catalog_writer;
    LicenceWriter licence_writer;
    for (const ItemRecord& item : items) {
      EXPECT_TRUE(catalog_writer.Add(item).ok());
      EXPECT_TRUE(licence_writer.Add(item).ok());
    }
    auto out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(catalog_writer.Write(*out).ok());
    catalog_file = *out->FinishInMemory();
    catalog = *Catalog::Open(*catalog_file);
    out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(licence_writer.Write(*out).ok());
    licence_file = *out->FinishInMemory();
    auto opened = LicenceCalendar::Open(*licence_file, items.size());
    EXPECT_TRUE(opened.ok()) << opened.status();
    calendar = *std::move(opened);
  }

  bool Licensed(const ItemRecord& item, const std::string& country,
                int64_t t) const {
    if (!item.licences) return true;
    for (const LicenceWindow& window : *item.licences) {
      if (window.country != country && window.country != "*") continue;
      if (window.start <= At(t) && At(t) < window.end) return true;
    }
    return false;
  }

  void ExpectRight(const Eligibility& eligibility, const std::string& country,
                   int64_t t, int limit) const {
    std::vector<uint64_t> bits(BitmapWords(items.size()));
    eligibility.Fill(calendar->FindCountry(country),
                     static_cast<CalendarSecond>(t), limit, bits);
    for (uint32_t i = 0; i < items.size(); ++i) {
      const bool licensed = Licensed(items[i], country, t);
      const std::optional<int>& age = items[i].maturity;
      ASSERT_EQ(TestBit(bits, i), licensed && age && *age <= limit)
          << "item " << i << " in " << country << " at " << t << ", limit "
          << limit;
      ASSERT_EQ(calendar->IsOpen(ItemRow{i}, calendar->FindCountry(country),
                                 static_cast<CalendarSecond>(t)),
                licensed);
    }
  }

  std::vector<ItemRecord> items;
  std::unique_ptr<const ArrayFile> catalog_file;
  std::unique_ptr<const Catalog> catalog;
  std::unique_ptr<const ArrayFile> licence_file;
  std::unique_ptr<const LicenceCalendar> calendar;
};

std::vector<ItemRecord> RandomItems(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  const std::string countries[] = {"DE", "FR", "US", "*"};
  const int ages[] = {0, 12, 18};
  std::vector<ItemRecord> items;
  for (size_t i = 0; i < count; ++i) {
    ItemRecord item;
    item.id = std::to_string(i);
    if (random() % 7 != 0) item.maturity = ages[random() % 3];
    if (random() % 8 != 0) item.licences.emplace();
    for (size_t w = random() % 5; item.licences && w > 0; --w) {
      LicenceWindow window{countries[random() % 4]};
      const int64_t start = random() % 1000;
      if (random() % 4 != 0) window.start = At(start);
      if (random() % 4 != 0) window.end = At(start + 1 + random() % 300);
      item.licences->push_back(window);
    }
    items.push_back(item);
  }
  return items;
}

TEST(Eligibility, IsRightAtEveryMomentWhereverTheCheckpointStands) {
  const World world(RandomItems(150, 11));
  Eligibility eligibility(*world.catalog, *world.calendar, 500);
  for (const CalendarSecond now : {500u, 0u, 1300u, 700u}) {
    eligibility.Advance(now);
    for (int64_t t = 0; t <= 1400; t += 7) {
      for (const std::string country : {"DE", "US", "XX", ""}) {
        world.ExpectRight(eligibility, country, t, t % 2 == 0 ? 99 : 12);
        if (::testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(Eligibility, OpensAtTheFirstSecondAndClosesAtTheLast) {
  ItemRecord item;
  item.id = "a";
  item.maturity = 99;
  item.licences = {{"DE", At(100), At(200)}};
  const World world({item});
  const Eligibility eligibility(*world.catalog, *world.calendar, 0);
  for (const int64_t t : {99, 100, 199, 200})
    world.ExpectRight(eligibility, "DE", t, 99);
}

TEST(Eligibility, AFractionOfASecondNeverShowsAnItem) {
  ItemRecord item;
  item.id = "a";
  item.licences = {{"DE", At(100) + absl::Milliseconds(1),
                    At(102) + absl::Milliseconds(900)}};
  const World world({item});
  const CountryIndex germany = world.calendar->FindCountry("DE");
  EXPECT_FALSE(world.calendar->IsOpen(ItemRow{0}, germany, 100));
  EXPECT_TRUE(world.calendar->IsOpen(ItemRow{0}, germany, 101));
  EXPECT_FALSE(world.calendar->IsOpen(ItemRow{0}, germany, 102));
}

TEST(Eligibility, WindowsThatOverlapOrTouchAreOne) {
  ItemRecord item;
  item.id = "a";
  item.maturity = 12;
  item.licences = {{"DE", At(100), At(200)},
                   {"*", At(200), At(300)},
                   {"DE", At(250), At(400)}};
  const World world({item});
  const Eligibility eligibility(*world.catalog, *world.calendar, 0);
  EXPECT_EQ(
      world.calendar->FlipsOf(world.calendar->FindCountry("DE")).times.size(),
      2);
  for (int64_t t = 90; t < 410; ++t) {
    world.ExpectRight(eligibility, "DE", t, 99);
    world.ExpectRight(eligibility, "FR", t, 99);
  }
}

}  // namespace
}  // namespace marquee
