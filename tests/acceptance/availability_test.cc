// What can be shown to whom, beside the slow, obvious count.
#include "core/acceptance/availability.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/acceptance/availability_report.h"
#include "core/base/random.h"
#include "core/pipeline/final_check.h"
#include "core/pipeline/resolved_user.h"
#include "core/rerank/policy_check.h"
#include "core/snapshot/version_ledger.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
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

// Item by item, as the final check looks at each.
size_t CountSlowly(const Snapshot& snapshot, const UserKind& kind,
                   CalendarSecond moment) {
  ResolvedUser user;
  user.context = kind.At(moment);
  user.country = snapshot.licences().FindCountry(kind.country);
  size_t count = 0;
  for (uint32_t row = 0; row < snapshot.catalog().size(); ++row) {
    count += !FindIneligibility(snapshot, {}, user, ItemRow{row});
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

TEST(Availability, IsWhatTheFinalCheckCountsAtEveryMoment) {
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
  int hidden = 0;
  for (const Availability& kind :
       MeasureAvailability(*snapshot, kNow, kAvailabilityAhead)) {
    if (kind.kind.is_plain()) {
      (kind.kind.expected ? expected : kinds).push_back(Describe(kind.kind));
    }
    // The block asks for both: a device and a scene.
    const bool hides = kind.kind.device == "tv" && kind.kind.scene == "row";
    EXPECT_EQ(kind.least, hides ? 1 : 2);
    hidden += hides;
  }
  EXPECT_EQ(hidden, 6);
  EXPECT_THAT(expected, ElementsAre("in DE with age limit 6",
                                    "in DE without an age limit",
                                    "in FR without an age limit"));
  EXPECT_THAT(kinds, ElementsAre("in an unknown country with age limit 6",
                                 "in an unknown country without an age limit",
                                 "in FR with age limit 6"));
}

// Each leaves something by itself.
TEST(Availability, BlocksForDifferentAudiencesMeetInOneUser) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.AddItem("b", {0, 1});
  world.AddUser("u", {1, 0});
  world.policy =
      "blocks { name: 'x' match { item_ids: 'a' } only: true "
      "audience { devices: 'tv' } }\n"
      "blocks { name: 'y' match { item_ids: 'b' } only: true "
      "audience { scenes: 'home' } }\n";
  const auto snapshot = Make(world);
  const AvailabilityReport report = JudgeAvailability(
      *snapshot, MeasureAvailability(*snapshot, kNow, kAvailabilityAhead));
  EXPECT_THAT(report.empty,
              ElementsAre(AllOf(HasSubstr("device 'tv' in scene 'home'"),
                                HasSubstr("'x' (line 1) and 'y' (line 2)"))));
  EXPECT_THAT(report.empty_unexpected, IsEmpty());
  EXPECT_THAT(report.left_out, IsEmpty());
  EXPECT_FALSE(report.all_empty_now);
}

TEST(Availability, ItemsThatOnlyAnUnknownCountryMaySeeAreNothing) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.AddItem("b", {0, 1});
  world.AddUser("u", {1, 0});
  world.users[0].country = "DE";
  for (const char* const item : {"a", "b"}) {
    absl::StrAppend(&world.policy, "blocks { name: '", item,
                    "' match { item_ids: '", item,
                    "' } audience { countries: 'DE' } }\n");
  }
  const auto snapshot = Make(world);
  const auto kinds = MeasureAvailability(*snapshot, kNow, kAvailabilityAhead);
  EXPECT_EQ(kinds[0].now, 2) << "in an unknown country";
  EXPECT_TRUE(JudgeAvailability(*snapshot, kinds).all_empty_now);
}

// 101 devices make 30 scenes tell 3,131 apart, but for those that the same
// blocks name.
TEST(Availability, WhatTheSameBlocksNameIsLookedAtOnce) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.AddItem("b", {1, 0});
  world.AddUser("u", {1, 0});
  std::string devices;
  for (int i = 0; i < 100; ++i)
    absl::StrAppend(&devices, " devices: 'd", i, "'");
  world.policy =
      absl::StrCat("blocks { name: 'x' match { item_ids: 'a' } audience {",
                   devices, " } }\n",
                   "blocks { name: 'y' match { item_ids: 'b' } audience { "
                   "devices: 'd7' scenes: 's' } }");
  const auto snapshot = Make(world);
  std::vector<std::string> contexts;
  for (const Availability& kind :
       MeasureAvailability(*snapshot, kNow, kAvailabilityAhead)) {
    contexts.push_back(
        absl::StrCat(kind.kind.device, "/", kind.kind.scene, ":", kind.least));
  }
  EXPECT_THAT(contexts,
              ElementsAre("/:2", "d0/:1", "d7/:1", "/s:2", "d7/s:0", "d0/s:1"));
  EXPECT_EQ(ContextsLeftOut(snapshot->policy()), 0);
}

TEST(Availability, CombinationsBeyondTheFirstFiveHundredAreToldAsLeftOut) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.AddItem("b", {1, 0});
  world.AddUser("u", {1, 0});
  const auto add = [&](int i, absl::string_view item, absl::string_view field) {
    absl::StrAppend(&world.policy, "blocks { name: '", field, i,
                    "' match { item_ids: '", item, "' } audience { ", field,
                    ": 'x", i, "' } }\n");
  };
  for (int i = 0; i < 25; ++i) {
    add(i, "a", "languages");
    add(i, "a", "scenes");
  }
  // Those for whom the last two blocks are come last in every order of names.
  add(99, "a", "devices");
  absl::StrAppend(&world.policy,
                  "blocks { name: 'last' match { item_ids: 'b' } audience { "
                  "devices: 'x99' } }\n");
  const auto snapshot = Make(world);
  const auto kinds = MeasureAvailability(*snapshot, kNow, kAvailabilityAhead);
  EXPECT_EQ(kinds.size(), 500);
  const AvailabilityReport report = JudgeAvailability(*snapshot, kinds);
  EXPECT_THAT(report.left_out, ElementsAre(HasSubstr("852 combinations")));
  ASSERT_FALSE(report.empty.empty());
  EXPECT_THAT(report.empty[0], HasSubstr("on device 'x99'"));
}

// Each of two blocks that meet on a phone names another device first; 625
// languages and scenes are told apart.
TEST(Availability, EveryDeviceIsLookedAtByItself) {
  for (const char* const field : {"devices", "languages", "scenes"}) {
    SmallWorld world;
    world.AddItem("a", {1, 0});
    world.AddItem("b", {1, 0});
    world.AddUser("u", {1, 0});
    const auto add = [&](absl::string_view name, absl::string_view item,
                         absl::string_view audience) {
      absl::StrAppend(&world.policy, "blocks { name: '", name,
                      "' match { item_ids: '", item, "' } audience { ",
                      audience, " } }\n");
    };
    const auto values = [&](absl::string_view first) {
      return absl::StrCat(field, ": '", first, "' ", field, ": 'phone'");
    };
    add("x", "a", values("kiosk"));
    add("y", "b", values("car"));
    // So that these two are not alike.
    add("z", "a", absl::StrCat(field, ": 'kiosk'"));
    for (const char* const other : {"devices", "languages", "scenes"}) {
      if (absl::string_view(other) == field) continue;
      for (int i = 0; i < 24; ++i) {
        add(absl::StrCat(other, i), "a", absl::StrCat(other, ": 'v", i, "'"));
      }
    }
    const auto snapshot = Make(world);
    const AvailabilityReport report = JudgeAvailability(
        *snapshot, MeasureAvailability(*snapshot, kNow, kAvailabilityAhead));
    EXPECT_THAT(report.empty, Contains(HasSubstr("'phone' can be shown")))
        << field;
  }
}

TEST(Availability, AKindIsDescribedByAllThatMakesIt) {
  EXPECT_EQ(Describe(UserKind{}), "in an unknown country without an age limit");
  EXPECT_EQ(Describe(UserKind{.country = "DE",
                              .maturity_limit = 6,
                              .device = "tv",
                              .language = "de",
                              .scene = "row"}),
            "in DE with age limit 6 on device 'tv' with language 'de' in scene "
            "'row'");
  EXPECT_TRUE(UserKind{.country = "DE"}.is_plain());
  EXPECT_FALSE(UserKind{.device = "tv"}.is_plain());
  EXPECT_FALSE(UserKind{.language = "de"}.is_plain());
  EXPECT_FALSE(UserKind{.scene = "row"}.is_plain());
  EXPECT_FALSE(UserKind{}.expected);
}

TEST(Availability, WithoutUsersANewUserIsExpected) {
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

}  // namespace
}  // namespace marquee
