// The licence calendar as it is written and as it is read back.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/catalog/licence_calendar.h"
#include "core/catalog/licence_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::Time At(int64_t second) { return absl::FromUnixSeconds(second); }

ItemRecord Item(std::vector<LicenceWindow> windows) {
  ItemRecord item;
  item.id = "a";
  item.licences = std::move(windows);
  return item;
}

struct Calendar {
  explicit Calendar(const std::vector<ItemRecord>& items) {
    LicenceWriter writer;
    for (const ItemRecord& item : items) {
      const absl::Status status = writer.Add(item);
      EXPECT_TRUE(status.ok()) << status;
    }
    file = Written([&](ArrayFileWriter& out) { return writer.Write(out); });
    auto opened = LicenceCalendar::Open(*file, items.size());
    EXPECT_TRUE(opened.ok()) << opened.status();
    calendar = *std::move(opened);
  }
  const LicenceCalendar* operator->() const { return calendar.get(); }
  // "country start end" of every stored window of an item.
  std::vector<std::string> Windows(uint32_t row) const {
    std::vector<std::string> windows;
    for (const StoredWindow& window : calendar->Windows(ItemRow{row})) {
      windows.push_back(absl::StrCat(calendar->CountryCode(window.country), " ",
                                     window.start, " ", window.end));
    }
    return windows;
  }

  std::unique_ptr<const ArrayFile> file;
  std::unique_ptr<const LicenceCalendar> calendar;
};

TEST(CalendarSecond, IsAWholeSecondFrom1970To2106) {
  EXPECT_EQ(ToCalendarSecond(At(-1)), 0);
  EXPECT_EQ(ToCalendarSecond(absl::InfinitePast()), 0);
  EXPECT_EQ(ToCalendarSecond(At(0)), 0);
  EXPECT_EQ(ToCalendarSecond(At(7) + absl::Milliseconds(999)), 7);
  EXPECT_EQ(ToCalendarSecond(At(int64_t{kNeverEnds} - 1)), kNeverEnds - 1);
  EXPECT_EQ(ToCalendarSecond(At(int64_t{kNeverEnds} + 9)), kNeverEnds);
  EXPECT_EQ(ToCalendarSecond(absl::InfiniteFuture()), kNeverEnds);
}

TEST(LicenceCalendar, KeepsMergedWindowsByCountryAndTime) {
  const Calendar calendar({
      Item({{"FR", At(5), At(6)},
            {"DE", At(50), At(60)},
            {"DE", At(10), At(30)},
            {"DE", At(15), At(20)},
            {"DE", At(30), At(40)},
            {"*", At(70), At(80)}}),
      Item({}),
      ItemRecord{.id = "always"},
      Item({{"DE", At(7)}}),
  });
  EXPECT_EQ(calendar->items(), 4);
  EXPECT_EQ(calendar->countries(), 3);
  EXPECT_THAT(calendar.Windows(0),
              ElementsAre("DE 10 40", "DE 50 60", "FR 5 6", "* 70 80"));
  for (const StoredWindow& window : calendar->Windows(ItemRow{0}))
    EXPECT_EQ(window.reserved, 0) << "for later formats";
  EXPECT_EQ(StoredWindow{}.reserved, 0);
  EXPECT_THAT(calendar.Windows(1), IsEmpty());
  EXPECT_THAT(calendar.Windows(2), ElementsAre("* 0 4294967295"));
  EXPECT_THAT(calendar.Windows(3), ElementsAre("DE 7 4294967295"));
}

TEST(LicenceCalendar, ACountryThatIsNotListedIsTheLastOne) {
  const Calendar calendar({Item({{"DE", At(1)}, {"FR", At(1)}})});
  EXPECT_EQ(calendar->FindCountry("DE"), CountryIndex{0});
  EXPECT_EQ(calendar->FindCountry("FR"), CountryIndex{1});
  for (const char* const code : {"XX", "", "*"})
    EXPECT_EQ(calendar->FindCountry(code), CountryIndex{2});
  EXPECT_EQ(calendar->CountryCode(CountryIndex{1}), "FR");
  EXPECT_EQ(calendar->CountryCode(CountryIndex{2}), "*");
  EXPECT_EQ(calendar->CountryCode(kEveryCountry), "*");
}

TEST(LicenceCalendar, WithoutAnEndAnItemIsOpenForEver) {
  const Calendar calendar(
      {Item({{"DE", At(7)}}), Item({{"DE", At(7), At(9)}})});
  const CountryIndex germany = calendar->FindCountry("DE");
  const CountryIndex others = calendar->FindCountry("FR");
  EXPECT_FALSE(calendar->IsOpen(ItemRow{0}, germany, 6));
  EXPECT_TRUE(calendar->IsOpen(ItemRow{0}, germany, 7));
  EXPECT_TRUE(calendar->IsOpen(ItemRow{0}, germany, kNeverEnds));
  EXPECT_FALSE(calendar->IsOpen(ItemRow{0}, others, 8));
  EXPECT_TRUE(calendar->IsOpen(ItemRow{1}, germany, 8));
  EXPECT_FALSE(calendar->IsOpen(ItemRow{1}, germany, 9));
  EXPECT_FALSE(calendar->IsOpen(ItemRow{1}, germany, kNeverEnds));
}

TEST(LicenceCalendar, FlipsAreInTheOrderOfTime) {
  const Calendar calendar({
      Item({{"DE", At(20), At(30)}}),
      Item({{"DE", absl::InfinitePast(), At(25)}}),
      Item({{"*", At(25)}}),
      ItemRecord{.id = "always"},
  });
  const CountryIndex germany = calendar->FindCountry("DE");
  EXPECT_THAT(calendar->Initial(germany), ElementsAre(0b1010));
  const auto flips = calendar->FlipsOf(germany);
  EXPECT_THAT(flips.times, ElementsAre(20, 25, 25, 30));
  EXPECT_THAT(flips.rows, ElementsAre(0, 1, 2, 0));
  EXPECT_EQ(flips.CountUntil(19), 0);
  EXPECT_EQ(flips.CountUntil(20), 1);
  EXPECT_EQ(flips.CountUntil(25), 3);
  EXPECT_EQ(flips.CountUntil(kNeverEnds), 4);
  const CountryIndex others = calendar->FindCountry("XX");
  EXPECT_THAT(calendar->Initial(others), ElementsAre(0b1000));
  EXPECT_THAT(calendar->FlipsOf(others).times, ElementsAre(25));
  EXPECT_THAT(calendar->FlipsOf(others).rows, ElementsAre(2));
}

TEST(LicenceWriter, RoundsAFractionOfASecondUpAtTheStartAndOffAtTheEnd) {
  const absl::Duration half = absl::Milliseconds(500);
  const Calendar calendar({Item({{"DE", At(10) + half, At(20) + half}}),
                           Item({{"DE", At(10), At(20)}}),
                           Item({{"DE", At(10) + half, At(11)}}),
                           Item({{"DE", At(10), At(10) + half}}),
                           Item({{"DE", At(int64_t{kNeverEnds} + 5)}})});
  EXPECT_THAT(calendar.Windows(0), ElementsAre("DE 11 20"));
  EXPECT_THAT(calendar.Windows(1), ElementsAre("DE 10 20"));
  EXPECT_THAT(calendar.Windows(2), IsEmpty());
  EXPECT_THAT(calendar.Windows(3), IsEmpty());
  EXPECT_THAT(calendar.Windows(4), IsEmpty()) << "after the calendar's end";
}

TEST(LicenceWriter, AStartAfterTheCalendarsLastSecondNeverComes) {
  const Calendar calendar(
      {Item({{"DE", At(kNeverEnds) + absl::Milliseconds(1)}})});
  EXPECT_THAT(calendar.Windows(0), IsEmpty());
}

TEST(LicenceWriter, NamesACountryThatIsNone) {
  for (const char* const country :
       {"", "D", "DEU", "de", "dE", "De", "D1", "**", "D*"}) {
    LicenceWriter writer;
    const absl::Status status = writer.Add(Item({{country, At(1), At(2)}}));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << country;
    EXPECT_THAT(status.message(),
                HasSubstr(absl::StrCat("licence country '", country, "'")));
  }
  LicenceWriter writer;
  EXPECT_TRUE(writer.Add(Item({{"*", At(1), At(2)}, {"DE"}})).ok());
}

TEST(LicenceWriter, AWindowEndsAfterItsStart) {
  LicenceWriter writer;
  EXPECT_THAT(writer.Add(Item({{"DE", At(5), At(5)}})).message(),
              HasSubstr("licence in DE: the start must be before the end"));
  EXPECT_FALSE(writer.Add(Item({{"DE", At(6), At(5)}})).ok());
  EXPECT_TRUE(writer.Add(Item({{"DE", At(5), At(6)}})).ok());
}

}  // namespace
}  // namespace marquee
