// What is said of what can be shown to whom.
#include "core/acceptance/availability_report.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/snapshot/version_ledger.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr CalendarSecond kNow = kSmallNow;

std::string At(int64_t seconds_from_now) {
  return MomentText(absl::FromUnixSeconds(kSmallNow + seconds_from_now));
}

TEST(AvailabilityReport, NamesTheBlocksThatHideEverything) {
  SmallWorld world;
  world.AddItem("a", {1, 0}, "saga");
  world.AddItem("b", {0, 1}, "other");
  world.AddUser("u", {1, 0});
  world.users[0].country = "DE";
  world.policy = absl::StrCat(
      "blocks { name: 'idle' match { item_ids: 'a' } }\n"
      "blocks { name: 'x' match { attribute: 'franchise' values: 'saga' } "
      "only: true window { start: '",
      At(3600), "' end: '", At(7200),
      "' } }\n"
      "blocks { name: 'y' match { item_ids: 'a' } audience { devices: 'tv' } "
      "}\n");
  const auto snapshot = world.Build(ScratchPath("world"));
  const AvailabilityReport report = JudgeAvailability(
      *snapshot, MeasureAvailability(*snapshot, kNow, kAvailabilityAhead));
  EXPECT_FALSE(report.all_empty_now);
  EXPECT_EQ(report.median_now, 1);
  ASSERT_EQ(report.empty.size(), 2);
  EXPECT_THAT(report.empty[0],
              AllOf(HasSubstr("no user in DE without an age limit can be shown "
                              "anything from " +
                              At(3600) + " until " + At(7200)),
                    HasSubstr("'idle' (line 1) and 'x' (line 2)")));
  EXPECT_THAT(report.empty[1], HasSubstr("on device 'tv'"));
  EXPECT_THAT(report.few, IsEmpty());
}

TEST(AvailabilityReport, NamesLicencesAndAges) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.items[0].maturity = 18;
  world.items[0].licences = {{LicenceWindow{.country = "DE"}}};
  world.AddUser("u", {1, 0});
  world.AddUser("v", {1, 0});
  world.users[0].country = "DE";
  world.users[0].maturity_limit = 6;
  world.users[1].country = "FR";
  const auto snapshot = world.Build(ScratchPath("world"));
  const AvailabilityReport report = JudgeAvailability(
      *snapshot, MeasureAvailability(*snapshot, kNow, kAvailabilityAhead));
  EXPECT_THAT(
      report.empty,
      ElementsAre(HasSubstr("in DE with age limit 6 can be shown anything now: "
                            "none of the 1 licensed items is for that age"),
                  HasSubstr("in FR without an age limit can be shown anything "
                            "now: no item is licensed there")));
  EXPECT_THAT(report.few, ElementsAre(HasSubstr("no more than 1 of 20")));
}

// A kind as a measurement finds it: so many items now and at the least.
Availability Found(const std::string& country, size_t now, size_t least) {
  return {.kind = {.country = country, .expected = true},
          .now = now,
          .least = least,
          .least_from = kNow + 60};
}

TEST(AvailabilityReport, FiveOfASortAreToldAndTheOthersCounted) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.items[0].licences.emplace();
  const auto snapshot = world.Build(ScratchPath("world"));
  const auto empty = [&](size_t count, bool expected) {
    std::vector<Availability> kinds;
    for (size_t i = 0; i < count; ++i) {
      kinds.push_back(Found(absl::StrCat("C", i), 0, 0));
      kinds.back().kind.expected = expected;
    }
    const AvailabilityReport report = JudgeAvailability(*snapshot, kinds);
    EXPECT_TRUE((expected ? report.empty_unexpected : report.empty).empty());
    return expected ? report.empty : report.empty_unexpected;
  };
  const auto line = [](const std::string& country) {
    return absl::StrCat("no user in ", country,
                        " without an age limit can be shown anything now: no "
                        "item is licensed there then");
  };
  EXPECT_THAT(empty(0, true), IsEmpty());
  EXPECT_THAT(empty(1, true), ElementsAre(line("C0")));
  EXPECT_THAT(empty(5, true), ElementsAre(line("C0"), line("C1"), line("C2"),
                                          line("C3"), line("C4")));
  EXPECT_THAT(empty(7, true),
              ElementsAre(line("C0"), line("C1"), line("C2"), line("C3"),
                          line("C4"), "and 2 other kinds of users"));
  // Of those that are not expected, one.
  EXPECT_THAT(empty(1, false), ElementsAre(line("C0")));
  EXPECT_THAT(empty(3, false),
              ElementsAre(line("C0"), "and 2 other kinds of users"));
  EXPECT_THAT(empty(8, false),
              ElementsAre(line("C0"), "and 7 other kinds of users"));
}

TEST(AvailabilityReport, FewIsLessThanAListAndSaysWhen) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  const auto snapshot = world.Build(ScratchPath("world"));
  std::vector<Availability> kinds = {Found("AA", 19, 19), Found("BB", 20, 20),
                                     Found("CC", 30, 1),  Found("DD", 30, 7),
                                     Found("EE", 8, 8),   Found("FF", 9, 9)};
  kinds[3].least_until = kNow + 120;
  kinds[4].least_until = kNow + 180;
  kinds[5].kind.expected = false;
  const AvailabilityReport report = JudgeAvailability(*snapshot, kinds);
  const auto line = [](const std::string& country, int items,
                       const std::string& when) {
    return absl::StrCat("users in ", country,
                        " without an age limit can be shown no more than ",
                        items, " of 20 items ", when);
  };
  EXPECT_THAT(report.few,
              ElementsAre(line("AA", 19, "now"),
                          line("CC", 1, "from " + At(60) + " on"),
                          line("DD", 7, "from " + At(60) + " until " + At(120)),
                          line("EE", 8, "now until " + At(180))));
  EXPECT_THAT(report.empty, IsEmpty());
  EXPECT_FALSE(report.all_empty_now);
}

// The lower one of two in the middle.
TEST(AvailabilityReport, TheMedianIsOfThePlainKindsThatAreExpected) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  const auto snapshot = world.Build(ScratchPath("world"));
  const auto median = [&](const std::vector<size_t>& counts) {
    std::vector<Availability> kinds;
    for (const size_t count : counts) kinds.push_back(Found("DE", count, 20));
    // Others do not count.
    kinds.insert(kinds.begin() + counts.size() / 2, 3, Found("DE", 1, 20));
    kinds[counts.size() / 2].kind.device = "tv";
    kinds[counts.size() / 2 + 1].kind.expected = false;
    kinds[counts.size() / 2 + 2].kind.scene = "row";
    return JudgeAvailability(*snapshot, kinds).median_now;
  };
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({50}), 50);
  EXPECT_EQ(median({60, 50}), 50);
  EXPECT_EQ(median({70, 40, 60}), 60);
  EXPECT_EQ(median({90, 60, 80, 70}), 70);
  EXPECT_EQ(median({90, 50, 60, 80, 70}), 70);
  EXPECT_EQ(median({90, 100, 50, 60, 80, 70, 40}), 70);
}

TEST(AvailabilityReport, NoUserAnythingIsOnlyWhereNoKindHasAnItem) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  const auto snapshot = world.Build(ScratchPath("world"));
  const auto all_empty = [&](size_t a, size_t b) {
    return JudgeAvailability(*snapshot, {Found("DE", a, 0), Found("FR", b, 0)})
        .all_empty_now;
  };
  EXPECT_TRUE(all_empty(0, 0));
  EXPECT_FALSE(all_empty(1, 0));
  EXPECT_FALSE(all_empty(0, 1));
  EXPECT_FALSE(AvailabilityReport{}.all_empty_now);
}

// a is for 18 years, c is licensed in DE alone, d nowhere, e in AT and unrated.
TEST(AvailabilityReport, WhyNothingNamesWhatCanNotBeSpared) {
  SmallWorld world;
  world.AddItem("a", {1, 0}, "saga");
  world.AddItem("b", {0, 1}, "saga");
  world.AddItem("c", {0, 1});
  world.items[0].maturity = 18;
  world.items[1].maturity = 12;
  world.items[2].licences = {{LicenceWindow{.country = "DE"}}};
  world.AddItem("d", {0, 1});
  world.items[3].licences.emplace();
  world.AddItem("e", {0, 1});
  world.items[4].licences = {{LicenceWindow{.country = "AT"}}};
  world.items[4].maturity.reset();
  world.policy =
      "blocks { name: 'saga' match { attribute: 'franchise' values: 'saga' } "
      "}\n"
      "blocks { name: 'b' match { item_ids: 'b' } }\n"
      "blocks { name: 'c' match { item_ids: 'c' } }\n"
      "blocks { name: 'tv' match { item_ids: ['a', 'b', 'c'] } audience { "
      "devices: 'tv' } }\n";
  const auto snapshot = world.Build(ScratchPath("world"));
  const auto why = [&](const UserKind& kind) {
    return WhyNothing(*snapshot, kind, kNow);
  };
  EXPECT_EQ(why({.country = "FR", .maturity_limit = 6}),
            "none of the 2 licensed items is for that age");
  EXPECT_EQ(why({.country = "AT", .maturity_limit = 6}),
            "none of the 3 licensed items is for that age; 1 have no age "
            "rating");
  EXPECT_EQ(why({.country = "FR"}),
            "block 'saga' (line 1) hides all 2 that are licensed and for that "
            "age");
  EXPECT_EQ(why({.country = "FR", .maturity_limit = 12}),
            "block 'b' (line 2) hides all 1 that are licensed and for that "
            "age");
  EXPECT_EQ(why({.country = "DE"}),
            "blocks 'saga' (line 1) and 'c' (line 3) together hide all 3 that "
            "are licensed and for that age");
  EXPECT_EQ(why({.country = "DE", .device = "tv"}),
            "block 'tv' (line 4) hides all 3 that are licensed and for that "
            "age");
  EXPECT_EQ(why({.country = "DE", .maturity_limit = 11}),
            "block 'c' (line 3) hides all 1 that are licensed and for that "
            "age");
}

}  // namespace
}  // namespace marquee
