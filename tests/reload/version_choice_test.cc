#include "server/reload/version_choice.h"

#include "gtest/gtest.h"

namespace marquee {
namespace {

VersionState Version(uint64_t number, uint64_t identity) {
  return {.number = number, .has_manifest = true, .identity = identity};
}
VersionState Unreadable(uint64_t number) {
  return {.number = number, .has_manifest = true};
}
VersionState Gone(uint64_t number) { return {.number = number}; }

VersionHistory Served(std::initializer_list<VersionName> versions) {
  VersionHistory history;
  for (const VersionName& version : versions) history.Published(version);
  return history;
}

TEST(VersionChoice, BeforeAnythingServesEveryVersionIsWanted) {
  EXPECT_TRUE(IsWanted(Version(1, 11), {}, false));
  EXPECT_TRUE(IsWanted(Unreadable(1), {}, false));
}

TEST(VersionChoice, WhatIsNewerThanEverythingThatServed) {
  const VersionHistory history = Served({{2, 22}, {1, 11}});
  EXPECT_TRUE(IsWanted(Version(3, 33), history, false));
  EXPECT_TRUE(IsWanted(Unreadable(3), history, false));
  EXPECT_FALSE(IsWanted(Version(2, 22), history, false));
  EXPECT_FALSE(IsWanted(Version(1, 11), history, false));
}

TEST(VersionChoice, AnotherSnapshotUnderTheNumberThatServesOrServedLast) {
  const VersionHistory history = Served({{3, 33}, {1, 11}});
  EXPECT_TRUE(IsWanted(Version(3, 99), history, false));
  EXPECT_TRUE(IsWanted(Version(1, 99), history, false));
  EXPECT_FALSE(IsWanted(Version(2, 99), history, false));
  // What can not be read is tried and refused aloud, what is being removed is
  // not.
  EXPECT_TRUE(IsWanted(Unreadable(1), history, false));
  EXPECT_FALSE(IsWanted(Gone(1), history, false));
}

TEST(VersionChoice, OfOneNumberTheSnapshotThatCameLastIsNotWantedAgain) {
  const VersionHistory history = Served({{3, 33}, {3, 99}, {1, 11}});
  EXPECT_FALSE(IsWanted(Version(3, 99), history, false));
  EXPECT_TRUE(IsWanted(Version(3, 33), history, false));
}

TEST(VersionChoice, WhatWasBlockedAndIsFreeAgain) {
  VersionHistory history = Served({{3, 33}, {1, 11}});
  history.was_blocked = {33, 10};
  EXPECT_TRUE(IsWanted(Version(3, 33), history, false));
  EXPECT_FALSE(IsWanted(Version(2, 22), history, false));
  // What serves all the same needs not be taken.
  history.was_blocked.insert(11);
  EXPECT_FALSE(IsWanted(Version(1, 11), history, false));
  history.Published({3, 33});
  history.Published({1, 11});
  EXPECT_FALSE(IsWanted(Version(3, 33), history, false));
}

TEST(VersionChoice, AnyOtherWhenTheServedOneIsBlocked) {
  const VersionHistory history = Served({{3, 33}});
  EXPECT_TRUE(IsWanted(Version(1, 11), history, true));
  EXPECT_FALSE(IsWanted(Version(3, 33), history, true));
}

TEST(VersionChoice, OnlyThePinnedNumber) {
  VersionHistory history;
  history.pinned = 2;
  EXPECT_TRUE(IsWanted(Version(2, 22), history, false));
  EXPECT_FALSE(IsWanted(Version(3, 33), history, false));
  history.Published({2, 22});
  EXPECT_FALSE(IsWanted(Version(2, 22), history, false));
  EXPECT_TRUE(IsWanted(Version(2, 99), history, false));
  EXPECT_FALSE(IsWanted(Gone(2), history, false));
  // Another one was loaded with force.
  history.Published({3, 33});
  EXPECT_FALSE(IsWanted(Version(2, 22), history, false));
  EXPECT_FALSE(IsWanted(Version(1, 11), history, true));
}

}  // namespace
}  // namespace marquee
