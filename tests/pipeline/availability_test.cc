// What can be shown to whom, beside the slow, obvious count.
#include "core/pipeline/availability.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/pipeline/availability_report.h"
#include "core/pipeline/guard.h"
#include "core/pipeline/viewer_context.h"
#include "core/rerank/policy_check.h"
#include "core/snapshot/version_ledger.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/data/random.h"
#include "tests/data/scratch.h"
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

std::unique_ptr<const Snapshot> Make(const SmallWorld& world) {
  const std::string directory = ScratchPath("world");
  std::filesystem::remove_all(directory);
  world.Write(directory);
  BuildOptions options = world.OptionsFor(directory);
  options.allow_empty = true;
  const auto built = BuildSnapshot(options);
  EXPECT_TRUE(built.ok()) << built.status();
  auto snapshot = Snapshot::Load(built->path);
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *std::move(snapshot);
}

// Title by title, as the last guard looks at each.
size_t CountSlowly(const Snapshot& snapshot, const ViewerKind& kind,
                   CalendarSecond moment) {
  ViewerContext viewer;
  viewer.policy = kind.At(moment);
  viewer.country = snapshot.licences().FindCountry(kind.country);
  size_t count = 0;
  for (uint32_t row = 0; row < snapshot.catalog().size(); ++row) {
    count += !FindUnshowable(snapshot, {}, viewer, ItemRow{row});
  }
  return count;
}

// Every moment at which anything may change.
std::set<CalendarSecond> Moments(const Snapshot& snapshot, CalendarSecond end) {
  std::set<CalendarSecond> moments = {kNow};
  const auto add = [&](CalendarSecond moment) {
    if (moment > kNow && moment <= end) moments.insert(moment);
  };
  for (uint32_t row = 0; row < snapshot.catalog().size(); ++row) {
    for (const StoredWindow& window :
         snapshot.licences().Windows(ItemRow{row})) {
      add(window.start);
      add(window.end);
    }
  }
  for (const BlockRule& block : snapshot.policy().blocks) {
    add(block.start);
    add(block.end);
  }
  return moments;
}

SmallWorld RandomWorld(uint64_t seed) {
  Random random(seed);
  const auto pick = [&](int n) {
    return static_cast<int>(random.Uniform() * n);
  };
  SmallWorld world;
  for (int i = 0; i < 70; ++i) {
    world.AddItem(absl::StrCat("t", i), {1, static_cast<float>(i)},
                  absl::StrCat("f", pick(3)));
    world.items.back().maturity = pick(4) * 6;
    if (pick(4) == 0) continue;
    world.items.back().licences.emplace();
    for (int w = pick(4); w >= 0; --w) {
      const int64_t start = kSmallNow + (pick(30) - 10) * 86400 + pick(3);
      world.items.back().licences->push_back(
          {std::vector<std::string>{"DE", "FR", "*"}[pick(3)],
           absl::FromUnixSeconds(start),
           absl::FromUnixSeconds(start + (1 + pick(8)) * 86400)});
    }
  }
  for (int i = 0; i < 12; ++i) {
    world.AddUser(absl::StrCat("u", i), {1, 0});
    world.users.back().country =
        std::vector<std::string>{"DE", "FR", "XX", ""}[pick(4)];
    if (pick(2)) world.users.back().maturity_limit = pick(3) * 6;
  }
  const std::vector<std::string> audiences = {
      "", "audience { countries: 'DE' }", "audience { devices: 'tv' }",
      "audience { scenes: 'row' languages: 'de' }",
      "audience { maturity_limit_at_most: 6 }"};
  for (int i = 0; i < 5; ++i) {
    const int64_t start = (pick(20) - 5) * 86400;
    absl::StrAppend(&world.policy, "blocks { name: 'b", i,
                    "' match { attribute: 'franchise' values: 'f", pick(3),
                    "' } only: ", pick(3) == 0 ? "true" : "false", " ",
                    audiences[static_cast<size_t>(pick(5))],
                    " window { start: '", At(start), "' end: '",
                    At(start + 86400 * (1 + pick(9))), "' } }\n");
  }
  return world;
}

TEST(Availability, IsWhatTheGuardCountsAtEveryMoment) {
  size_t empty = 0;
  for (const uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const auto snapshot = Make(RandomWorld(seed));
    const absl::Duration ahead = absl::Hours(14 * 24);
    const auto kinds = MeasureAvailability(*snapshot, kNow, ahead);
    const auto moments = Moments(*snapshot, kNow + 14 * 86400);
    ASSERT_GT(moments.size(), 10);
    for (const Availability& kind : kinds) {
      SCOPED_TRACE(Describe(kind.kind));
      EXPECT_EQ(kind.now, CountSlowly(*snapshot, kind.kind, kNow));
      size_t least = kind.now;
      CalendarSecond from = kNow;
      std::optional<CalendarSecond> until;
      for (const CalendarSecond moment : moments) {
        const size_t count = CountSlowly(*snapshot, kind.kind, moment);
        if (count < least) {
          least = count;
          from = moment;
          until.reset();
        } else if (count > least && !until) {
          until = moment;
        }
      }
      ASSERT_EQ(kind.least, least);
      ASSERT_EQ(kind.least_from, from);
      ASSERT_EQ(kind.least_until, until);
      empty += least == 0;
    }
  }
  EXPECT_GT(empty, 0);
}

TEST(Availability, LooksAtEveryCountryLimitAndContext) {
  SmallWorld world;
  world.AddItem("a", {1, 0}, "saga");
  world.AddItem("b", {0, 1});
  world.AddUser("u", {1, 0});
  world.AddUser("v", {1, 0});
  world.users[0].country = "DE";
  world.users[0].maturity_limit = 6;
  world.users[1].country = "FR";
  world.policy =
      "blocks { name: 'tv' match { item_ids: 'a' } audience { devices: 'tv' "
      "scenes: 'row' } }";
  const auto snapshot = Make(world);
  std::vector<std::string> kinds, expected;
  for (const Availability& kind :
       MeasureAvailability(*snapshot, kNow, kAvailabilityAhead)) {
    if (kind.kind.is_plain()) {
      (kind.kind.expected ? expected : kinds).push_back(Describe(kind.kind));
    }
    // The block asks for both: a device and a scene.
    EXPECT_EQ(kind.least, kind.kind.is_plain() ? 2 : 1);
    if (!kind.kind.is_plain()) {
      EXPECT_EQ(kind.kind.device, "tv");
      EXPECT_EQ(kind.kind.scene, "row");
    }
  }
  EXPECT_THAT(expected, ElementsAre("in DE with age limit 6",
                                    "in DE without an age limit",
                                    "in FR without an age limit"));
  EXPECT_THAT(kinds, ElementsAre("in an unknown country with age limit 6",
                                 "in an unknown country without an age limit",
                                 "in FR with age limit 6"));
}

TEST(Availability, AReportNamesTheBlocksThatHideEverything) {
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
  const auto snapshot = Make(world);
  const AvailabilityReport report = JudgeAvailability(
      *snapshot, MeasureAvailability(*snapshot, kNow, kAvailabilityAhead));
  EXPECT_FALSE(report.all_empty_now);
  EXPECT_EQ(report.median_now, 1);
  ASSERT_EQ(report.empty.size(), 2);
  EXPECT_THAT(report.empty[0],
              AllOf(HasSubstr("nobody in DE without an age limit can be shown "
                              "anything from " +
                              At(3600) + " until " + At(7200)),
                    HasSubstr("'idle' (line 1) and 'x' (line 2)")));
  EXPECT_THAT(report.empty[1], HasSubstr("on device 'tv'"));
  EXPECT_THAT(report.few, IsEmpty());
}

TEST(Availability, AReportNamesLicencesAndAges) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.items[0].maturity = 18;
  world.items[0].licences = {{LicenceWindow{.country = "DE"}}};
  world.AddUser("u", {1, 0});
  world.AddUser("v", {1, 0});
  world.users[0].country = "DE";
  world.users[0].maturity_limit = 6;
  world.users[1].country = "FR";
  const auto snapshot = Make(world);
  const AvailabilityReport report = JudgeAvailability(
      *snapshot, MeasureAvailability(*snapshot, kNow, kAvailabilityAhead));
  EXPECT_THAT(
      report.empty,
      ElementsAre(HasSubstr("in DE with age limit 6 can be shown anything now: "
                            "none of the 1 licensed titles is for that age"),
                  HasSubstr("in FR without an age limit can be shown anything "
                            "now: no title is licensed there")));
  EXPECT_THAT(report.few, ElementsAre(HasSubstr("no more than 1 of 20")));
}

// A kind as a measurement finds it: so many titles now and at the least.
Availability Found(const std::string& country, size_t now, size_t least) {
  return {.kind = {.country = country, .expected = true},
          .now = now,
          .least = least,
          .least_from = kNow + 60};
}

TEST(Availability, FiveOfASortAreToldAndTheOthersCounted) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.items[0].licences.emplace();
  const auto snapshot = Make(world);
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
    return absl::StrCat("nobody in ", country,
                        " without an age limit can be shown anything now: no "
                        "title is licensed there then");
  };
  EXPECT_THAT(empty(0, true), IsEmpty());
  EXPECT_THAT(empty(1, true), ElementsAre(line("C0")));
  EXPECT_THAT(empty(5, true), ElementsAre(line("C0"), line("C1"), line("C2"),
                                          line("C3"), line("C4")));
  EXPECT_THAT(empty(7, true),
              ElementsAre(line("C0"), line("C1"), line("C2"), line("C3"),
                          line("C4"), "and 2 other kinds of viewers"));
  // Of those that are not expected, one.
  EXPECT_THAT(empty(1, false), ElementsAre(line("C0")));
  EXPECT_THAT(empty(3, false),
              ElementsAre(line("C0"), "and 2 other kinds of viewers"));
  EXPECT_THAT(empty(8, false),
              ElementsAre(line("C0"), "and 7 other kinds of viewers"));
}

TEST(Availability, FewIsLessThanAListAndSaysWhen) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  const auto snapshot = Make(world);
  std::vector<Availability> kinds = {Found("AA", 19, 19), Found("BB", 20, 20),
                                     Found("CC", 30, 1),  Found("DD", 30, 7),
                                     Found("EE", 8, 8),   Found("FF", 9, 9)};
  kinds[3].least_until = kNow + 120;
  kinds[4].least_until = kNow + 180;
  kinds[5].kind.expected = false;
  const AvailabilityReport report = JudgeAvailability(*snapshot, kinds);
  const auto line = [](const std::string& country, int titles,
                       const std::string& when) {
    return absl::StrCat("viewers in ", country,
                        " without an age limit can be shown no more than ",
                        titles, " of 20 titles ", when);
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
TEST(Availability, TheMedianIsOfThePlainKindsThatAreExpected) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  const auto snapshot = Make(world);
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

TEST(Availability, NobodyAnythingIsOnlyWhereNoKindHasATitle) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  const auto snapshot = Make(world);
  const auto all_empty = [&](size_t a, size_t b) {
    return JudgeAvailability(*snapshot, {Found("DE", a, 0), Found("FR", b, 0)})
        .all_empty_now;
  };
  EXPECT_TRUE(all_empty(0, 0));
  EXPECT_FALSE(all_empty(1, 0));
  EXPECT_FALSE(all_empty(0, 1));
  EXPECT_FALSE(AvailabilityReport{}.all_empty_now);
}

// a is for 18 years, c is licensed in DE alone, d nowhere.
TEST(Availability, WhyNothingNamesWhatCanNotBeSpared) {
  SmallWorld world;
  world.AddItem("a", {1, 0}, "saga");
  world.AddItem("b", {0, 1}, "saga");
  world.AddItem("c", {0, 1});
  world.items[0].maturity = 18;
  world.items[1].maturity = 12;
  world.items[2].licences = {{LicenceWindow{.country = "DE"}}};
  world.AddItem("d", {0, 1});
  world.items[3].licences.emplace();
  world.policy =
      "blocks { name: 'saga' match { attribute: 'franchise' values: 'saga' } "
      "}\n"
      "blocks { name: 'b' match { item_ids: 'b' } }\n"
      "blocks { name: 'c' match { item_ids: 'c' } }\n"
      "blocks { name: 'tv' match { item_ids: ['a', 'b', 'c'] } audience { "
      "devices: 'tv' } }\n";
  const auto snapshot = Make(world);
  const auto why = [&](const ViewerKind& kind) {
    return WhyNothing(*snapshot, kind, kNow);
  };
  EXPECT_EQ(why({.country = "FR", .maturity_limit = 6}),
            "none of the 2 licensed titles is for that age");
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

TEST(Availability, AKindIsDescribedByAllThatMakesIt) {
  EXPECT_EQ(Describe(ViewerKind{}),
            "in an unknown country without an age limit");
  EXPECT_EQ(Describe(ViewerKind{.country = "DE",
                                .maturity_limit = 6,
                                .device = "tv",
                                .language = "de",
                                .scene = "row"}),
            "in DE with age limit 6 on device 'tv' with language 'de' in scene "
            "'row'");
  EXPECT_TRUE(ViewerKind{.country = "DE"}.is_plain());
  EXPECT_FALSE(ViewerKind{.device = "tv"}.is_plain());
  EXPECT_FALSE(ViewerKind{.language = "de"}.is_plain());
  EXPECT_FALSE(ViewerKind{.scene = "row"}.is_plain());
  EXPECT_FALSE(ViewerKind{}.expected);
}

TEST(Availability, WithoutUsersANewcomerIsExpected) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  const auto kinds =
      MeasureAvailability(*Make(world), kNow, kAvailabilityAhead);
  ASSERT_EQ(kinds.size(), 1);
  EXPECT_EQ(Describe(kinds[0].kind),
            "in an unknown country without an age limit");
  EXPECT_TRUE(kinds[0].kind.expected);
  EXPECT_EQ(kinds[0].now, 1);
}

TEST(Availability, ContextsAreTwoHundredAtMost) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.AddItem("b", {1, 0});
  world.policy = "blocks { name: 'b' match { item_ids: 'a' } audience {";
  for (int i = 0; i < 210; ++i) {
    absl::StrAppend(&world.policy, " devices: 'd", i, "'");
  }
  absl::StrAppend(&world.policy, " } }");
  EXPECT_EQ(MeasureAvailability(*Make(world), kNow, kAvailabilityAhead).size(),
            200);
}

// A block begins with the last second of two weeks, or one later.
TEST(Availability, IsLookedAtForTwoWeeks) {
  constexpr int64_t kTwoWeeks = 14 * 86400;
  for (const int64_t begin : {kTwoWeeks, kTwoWeeks + 1}) {
    SmallWorld world;
    world.AddItem("a", {1, 0});
    world.AddItem("b", {1, 0});
    world.policy = absl::StrCat(
        "blocks { name: 'b' match { item_ids: 'a' } window { start: '",
        At(begin), "' } }");
    const auto kinds =
        MeasureAvailability(*Make(world), kNow, kAvailabilityAhead);
    ASSERT_EQ(kinds.size(), 1);
    EXPECT_EQ(kinds[0].least, begin == kTwoWeeks ? 1 : 2);
  }
}

TEST(Availability, CapsThatCanNotFillAListAreFound) {
  SmallWorld world;
  for (int i = 0; i < 30; ++i) {
    world.AddItem(absl::StrCat("t", i), {1, 0},
                  i < 5 ? "" : absl::StrCat("f", i % 3));
  }
  world.policy =
      "caps { name: 'soft' attribute: 'franchise' max: 1 }\n"
      "caps { name: 'hard' attribute: 'franchise' max: 2 never_gives_way: true "
      "}\n"
      "caps { name: 'wide' attribute: 'franchise' max: 5 never_gives_way: true "
      "}\n";
  const auto snapshot = Make(world);
  const auto faults =
      FindUnfillable(snapshot->policy(), snapshot->catalog(), kFullList);
  ASSERT_EQ(faults.size(), 1);
  EXPECT_EQ(faults[0].line, 2);
  EXPECT_THAT(faults[0].what,
              AllOf(HasSubstr("cap 'hard'"), HasSubstr("more than 11 titles")));
}

}  // namespace
}  // namespace marquee
