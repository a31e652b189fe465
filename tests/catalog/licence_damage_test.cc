// What LicenceCalendar::Open refuses.
#include <string>
#include <vector>

#include "core/catalog/licence_calendar.h"
#include "core/catalog/licence_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::Time At(int64_t second) { return absl::FromUnixSeconds(second); }

class CalendarDamageTest : public ::testing::Test {
 protected:
  // Items 0 and 1 are open everywhere at first, the last is never.
  explicit CalendarDamageTest(size_t items = 3) : items_(items) {
    LicenceWriter writer;
    for (size_t row = 0; row < items; ++row) {
      ItemRecord item;
      item.id = std::to_string(row);
      if (row == 0)
        item.licences = {{"DE", At(10), At(20)}, {"*", At(0), At(5)}};
      if (row == items - 1) item.licences = {{"FR", At(30)}};
      EXPECT_TRUE(writer.Add(item).ok());
    }
    const auto written =
        Written([&](ArrayFileWriter& out) { return writer.Write(out); });
    const ArrayFile& file = *written;
    sound_.Keep<char>(file, "country.bytes");
    for (const char* const name :
         {"country.begin", "window.begin", "flip.times", "flip.rows"})
      sound_.Keep<uint32_t>(file, name);
    sound_.Keep<StoredWindow>(file, "windows");
    sound_.Keep<uint64_t>(file, "initial");
    sound_.Keep<uint64_t>(file, "flip.begin");
  }
  std::string Fault(const Section& section) const {
    const auto file = section.File();
    const auto calendar = LicenceCalendar::Open(*file, items_);
    EXPECT_TRUE(calendar.ok() ||
                calendar.status().code() == absl::StatusCode::kDataLoss);
    return std::string(calendar.status().message());
  }
  std::string FaultOfWindow(size_t i, StoredWindow window) const {
    return Fault(sound_.With("windows", i, window));
  }

  size_t items_;
  Section sound_;
};

class CalendarDamageOf70Test : public CalendarDamageTest {
 protected:
  CalendarDamageOf70Test() : CalendarDamageTest(70) {}
};

class CalendarDamageOf64Test : public CalendarDamageTest {
 protected:
  CalendarDamageOf64Test() : CalendarDamageTest(64) {}
};

TEST_F(CalendarDamageTest, RefusesWindowsThatAreNotOfTheItems) {
  EXPECT_EQ(Fault(sound_), "");
  const char* const kFault = "'window.begin' does not partition the windows";
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("window.begin")),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("window.begin", 0, 1)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("window.begin", 1, 4)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.Shortened<StoredWindow>("windows")),
              HasSubstr(kFault));
}

TEST_F(CalendarDamageTest, RefusesAWindowThatNeverOpens) {
  const char* const kFault = "'windows' has one that never opens";
  EXPECT_THAT(FaultOfWindow(0, {CountryIndex{0}, 0, 10, 10}),
              HasSubstr(kFault));
  EXPECT_THAT(FaultOfWindow(3, {CountryIndex{1}, 0, 11, 10}),
              HasSubstr(kFault));
  EXPECT_EQ(FaultOfWindow(0, {CountryIndex{0}, 0, 10, 11}), "");
}

TEST_F(CalendarDamageTest, RefusesAWindowOfACountryThatIsNotListed) {
  EXPECT_THAT(FaultOfWindow(0, {CountryIndex{2}, 0, 10, 20}),
              HasSubstr("'windows' names a country that is not listed"));
  EXPECT_EQ(FaultOfWindow(0, {CountryIndex{1}, 0, 10, 20}), "");
  EXPECT_EQ(FaultOfWindow(0, {kEveryCountry, 0, 10, 20}), "");
}

TEST_F(CalendarDamageTest, RefusesItemsPastTheLastOne) {
  EXPECT_THAT(Fault(sound_.Shortened<uint64_t>("initial")),
              HasSubstr("'initial' is not one bit for each country and item"));
  for (const size_t country : {0, 1, 2}) {
    EXPECT_THAT(Fault(sound_.With<uint64_t>("initial", country, 0b1000)),
                HasSubstr("'initial' has bits past the last item"));
    EXPECT_EQ(Fault(sound_.With<uint64_t>("initial", country, 0b111)), "");
  }
  EXPECT_THAT(Fault(sound_.With<uint32_t>("flip.rows", 0, 3)),
              HasSubstr("'flip.rows' has a row beyond the last item"));
  EXPECT_EQ(Fault(sound_.With<uint32_t>("flip.rows", 0, 2)), "");
}

TEST_F(CalendarDamageOf70Test, TheLastWordEndsWithTheLastItem) {
  EXPECT_EQ(Fault(sound_.With<uint64_t>("initial", 1, 0b111111)), "");
  EXPECT_THAT(Fault(sound_.With<uint64_t>("initial", 1, 0b1000000)),
              HasSubstr("'initial' has bits past the last item"));
}

TEST_F(CalendarDamageOf64Test, AWordMayBeFull) {
  EXPECT_EQ(Fault(sound_.With<uint64_t>("initial", 0, ~uint64_t{0})), "");
}

TEST_F(CalendarDamageTest, RefusesFlipsThatAreNotOfTheCountries) {
  const char* const kFault = "'flip.begin' does not partition the flips";
  EXPECT_THAT(Fault(sound_.Shortened<uint64_t>("flip.begin")),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint64_t>("flip.begin", 0, 1)),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("flip.rows")),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("flip.times")),
              HasSubstr(kFault));
}

TEST_F(CalendarDamageTest, RefusesFlipsThatAreNotInTheOrderOfTime) {
  // Each country's are ascending by themselves.
  const auto begin = sound_.Get<uint64_t>("flip.begin");
  const auto times = sound_.Get<uint32_t>("flip.times");
  ASSERT_EQ(begin.size(), 4);
  for (size_t country = 0; country < 2; ++country) {
    ASSERT_GE(begin[country + 1], begin[country] + 2);
    EXPECT_THAT(Fault(sound_.With<uint32_t>("flip.times", begin[country],
                                            kNeverEnds - 1)),
                HasSubstr("'flip.times' is not ascending"));
  }
  EXPECT_EQ(Fault(sound_.With<uint32_t>("flip.times", begin[1] - 1,
                                        times[begin[1] - 1] + 1000)),
            "");
}

TEST_F(CalendarDamageTest, RefusesMoreCountriesThanHaveAnIndex) {
  const auto with = [&](uint32_t countries) {
    std::vector<uint32_t> begin(countries + 1, 0);
    begin.back() = 4;
    return Fault(sound_.WithAll("country.begin", begin));
  };
  EXPECT_THAT(with(0xFFFF), HasSubstr("lists too many countries"));
  EXPECT_THAT(with(0xFFFE), Not(HasSubstr("lists too many countries")));
}

TEST_F(CalendarDamageTest, NamesAnArrayOfAnotherType) {
  for (const char* const name :
       {"country.bytes", "window.begin", "flip.times", "flip.rows"})
    EXPECT_THAT(Fault(sound_.WithAll<uint64_t>(name, {0})), HasSubstr(name));
  for (const char* const name : {"windows", "initial", "flip.begin"})
    EXPECT_THAT(Fault(sound_.WithAll<char>(name, {'a'})), HasSubstr(name));
}

}  // namespace
}  // namespace marquee
