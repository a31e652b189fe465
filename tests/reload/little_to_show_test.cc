// Versions that are sound in every byte and can show no user anything, or less
// than half of what is shown, are not taken without force.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class LittleToShow : public ReloaderFixture {
 protected:
  // Serves the last version: of a server that has looked at each, or of one
  // that starts now.
  void ServeLast(const std::vector<int>& shown, bool seen) {
    std::filesystem::remove_all(options_.snapshots);
    bool started = false;
    for (const int items : shown) {
      BuildShowing(items);
      if (seen && started) Poll();
      if (seen && !started) {
        ASSERT_TRUE(Start().ok());
      }
      started = seen;
    }
    if (!seen) {
      ASSERT_TRUE(Start().ok());
    }
  }
  // The next version, in which only the first so many items may be shown until
  // `until` seconds from now; -1: for ever.
  void BuildShowing(int items, int64_t until = -1) {
    SmallWorld world = TinyWorld();
    world.policy.clear();
    for (int i = 0; i < 12; ++i) {
      world.AddItem(absl::StrCat("t", i), {1, static_cast<float>(i)});
    }
    const std::string window =
        until < 0 ? ""
                  : absl::StrCat(" window { end: '",
                                 MomentText(absl::FromUnixSeconds(kSmallNow) +
                                            absl::Seconds(until)),
                                 "' }");
    std::string shown = "item_ids: 't0' ";
    for (int i = 1; i < items; ++i) {
      absl::StrAppend(&shown, "item_ids: 't", i, "' ");
    }
    world.policy = absl::StrCat("blocks { name: 'only' match { ", shown,
                                "} only: true", window, " }\n");
    if (items == 0) {
      absl::StrAppend(&world.policy,
                      "blocks { name: 'none' match { item_ids: 't0' }", window,
                      " }\n");
    }
    BuildTiny(world, ScratchPath("world"));
  }
};

TEST_F(LittleToShow, LessThanHalfAsksForForceWithBothNumbers) {
  BuildShowing(10);
  ASSERT_TRUE(Start().ok());
  BuildShowing(4);
  Poll();
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(Lines("snapshot refused"), 1);
  EXPECT_THAT(Refused(reloader_->Reload(2)),
              AllOf(HasSubstr("can show 4 items"),
                    HasSubstr("version 1 shows 10"), HasSubstr("force")));
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  EXPECT_EQ(Served().number, 2);
}

TEST_F(LittleToShow,
       APinnedVersionIsLoadedWheneverItAppearsHoweverLittleItShows) {
  BuildShowing(10);
  options_.pinned_version = 2;
  ASSERT_FALSE(Start().ok());
  BuildShowing(0);
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_EQ(Lines("snapshot refused"), 0);
}

TEST_F(LittleToShow, HalfIsEnough) {
  BuildShowing(10);
  ASSERT_TRUE(Start().ok());
  BuildShowing(5);
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_THAT(Log(), HasSubstr("users can be shown few items"));
  EXPECT_EQ(Lines("users can be shown nothing"), 0);
}

TEST_F(LittleToShow, NothingForAnybodyIsTakenNeitherByPollingNorAtAStart) {
  BuildShowing(1);
  ASSERT_TRUE(Start().ok());
  BuildShowing(0);
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(Refused(reloader_->Reload(2)),
              AllOf(HasSubstr("no user anything"), HasSubstr("'only' (line 1)"),
                    HasSubstr("'none' (line 2)")));
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Served().number, 1);
  options_.pinned_version = 2;
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Served().number, 2);
  EXPECT_THAT(Log(), HasSubstr("users can be shown nothing"));
}

TEST_F(LittleToShow, WhatCanShowMoreLaterIsTakenThenAndToldOnce) {
  BuildShowing(10);
  options_.poll = absl::Minutes(5);
  ASSERT_TRUE(Start().ok());
  BuildShowing(0, /*until=*/1000);
  for (int i = 0; i < 3; ++i) Poll();
  EXPECT_EQ(Served().number, 1);
  for (int i = 0; i < 3; ++i) Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_EQ(Lines("snapshot refused"), 1);
}

// Whatever it was told of the one in between before.
TEST_F(LittleToShow, ABlockedVersionIsLeftForOneThatShowsEnough) {
  for (const bool seen : {false, true}) {
    ServeLast({10, 3, 10}, seen);
    ASSERT_EQ(Served().number, 3);
    Block(3);
    Poll();
    EXPECT_EQ(Served().number, 1) << seen;
    // There is nothing else left.
    Block(1);
    Poll();
    EXPECT_EQ(Served().number, 2) << seen;
  }
}

// What it was compared with is what is left.
TEST_F(LittleToShow, WhatWasRefusedForABlockedVersionIsNotReadAgainFirst) {
  BuildShowing(10);
  ASSERT_TRUE(Start().ok());
  BuildShowing(3);
  Poll();
  ASSERT_EQ(Reloads("failed"), 1);
  Block(1);
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_EQ(Reloads("failed"), 1);
}

TEST_F(LittleToShow, ALoadOfThePinnedVersionIsNotRefusedForShowingLittle) {
  BuildShowing(4);
  BuildShowing(12);
  options_.pinned_version = 1;
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  const auto pinned = reloader_->Reload(0);
  ASSERT_TRUE(pinned.ok()) << pinned.status();
  EXPECT_EQ(Served().number, 1);
}

// An operator who goes back to less does not want what was refused.
TEST_F(LittleToShow, WhatWasRefusedIsNotTakenForWhatServesNow) {
  BuildShowing(4);
  BuildShowing(12);
  ASSERT_TRUE(Start().ok());
  BuildShowing(3);
  Poll();
  ASSERT_EQ(Served().number, 2);
  ASSERT_TRUE(reloader_->Reload(1, /*force=*/true).ok());
  Poll();
  EXPECT_EQ(Served().number, 1);
}

// Less than half of something else says nothing.
TEST_F(LittleToShow, WhereABlockedVersionIsLeftForIsTheSameForEveryServer) {
  for (const bool seen : {false, true}) {
    ServeLast({12, 5, 9}, seen);
    ASSERT_EQ(Served().number, 3);
    Block(3);
    Poll();
    EXPECT_EQ(Served().number, 2) << seen;
  }
}

TEST_F(LittleToShow, LeavingABlockedVersionDoesNotCompareWhatTheyShow) {
  BuildShowing(2);
  BuildShowing(10);
  ASSERT_TRUE(Start().ok());
  ASSERT_EQ(Served().number, 2);
  Block(2);
  Poll();
  EXPECT_EQ(Served().number, 1);
}

// Ten minutes after it was refused, and no sooner.
TEST_F(LittleToShow, IsTriedAgainAfterTenMinutes) {
  BuildShowing(10);
  options_.poll = absl::Seconds(30);
  ASSERT_TRUE(Start().ok());
  BuildShowing(0, /*until=*/100);
  for (int i = 0; i < 20; ++i) Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(Reloads("failed"), 1);
  Poll();
  EXPECT_EQ(Served().number, 2);
}

// Its numbers change all the time: that is no other fault.
TEST_F(LittleToShow, OtherNumbersOfTheSameVersionAreNotToldAgain) {
  BuildShowing(10);
  options_.poll = absl::Minutes(10);
  ASSERT_TRUE(Start().ok());
  SmallWorld world = TinyWorld();
  for (int i = 0; i < 12; ++i) {
    world.AddItem(absl::StrCat("t", i), {1, static_cast<float>(i)});
  }
  world.policy = absl::StrCat(
      "blocks { name: 'now' match { item_ids: ['t0', 't1', 't2'] } only: true "
      "}\nblocks { name: 'later' match { item_ids: 't0' } window { start: '",
      MomentText(absl::FromUnixSeconds(kSmallNow + 700)), "' } }\n");
  BuildTiny(world, ScratchPath("world"));
  Poll();
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(Reloads("failed"), 2);
  EXPECT_THAT(Line("snapshot refused"), HasSubstr("can show 3 items"));
  // Those of another snapshot under the number are.
  world.policy = "blocks { name: 'now' match { item_ids: 't0' } only: true }";
  std::string other;
  for (int i = 0; i < 2; ++i) other = BuildTiny(world, ScratchPath("other"));
  std::filesystem::remove_all(Path(2));
  std::filesystem::rename(other, Path(2));
  Poll();
  EXPECT_EQ(Reloads("failed"), 3);
  EXPECT_EQ(Lines("snapshot refused"), 2);
  EXPECT_THAT(Log(), HasSubstr("can show 1 items"));
}

TEST_F(LittleToShow, SoonIsNoForce) {
  BuildShowing(1);
  ASSERT_TRUE(Start().ok());
  BuildShowing(0);
  reloader_->ReloadSoon();
  for (int i = 0; i < 2; ++i) Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(
      Line("snapshot refused"),
      HasSubstr(
          "version 2 can show no user anything now: no user in an unknown "
          "country without an age limit can be shown anything now: "
          "blocks 'only' (line 1) and 'none' (line 2) together hide all "
          "15 that are licensed and for that age; Reload with force, or "
          "snapshot_version, loads it anyway"));
}

TEST_F(LittleToShow, APinnedVersionIsTakenWhenItAppears) {
  options_.pinned_version = 1;
  std::filesystem::create_directories(options_.snapshots);
  ASSERT_FALSE(Start().ok());
  BuildShowing(0);
  Poll();
  EXPECT_EQ(Served().number, 1);
}

}  // namespace
}  // namespace marquee
