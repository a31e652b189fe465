// A program that computes other answers than the builder of a snapshot gets an
// error.
#include "core/acceptance/golden.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Golden : public ::testing::Test {
 protected:
  // The answers of one world under the golden requests of the tiny one.
  absl::Status CheckUnder(const SmallWorld& world) {
    const auto tiny = TinyWorld().Build(ScratchPath("tiny"));
    const auto other = world.Build(ScratchPath("other"));
    const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
    const Pipeline pipeline(*other, {}, clock);
    return CheckGolden(pipeline, tiny->manifest());
  }
};

TEST_F(Golden, TheSameWorldGivesTheSameAnswers) {
  EXPECT_TRUE(CheckUnder(TinyWorld()).ok()) << CheckUnder(TinyWorld());
}

TEST_F(Golden, RequestsAreANewUserAndUsers) {
  const auto tiny = TinyWorld().Build(ScratchPath("tiny"));
  ASSERT_EQ(tiny->manifest().golden_size(), 3);
  EXPECT_EQ(tiny->manifest().golden(0).user_id(), "");
  EXPECT_EQ(tiny->manifest().golden(1).user_id(), "u");
  EXPECT_EQ(tiny->manifest().golden(2).user_id(), "v");
  EXPECT_GT(tiny->manifest().golden(1).item_ids_size(), 0);
}

// Of the pinned list, "b" stands first for the new user, "a" second.
TEST_F(Golden, AnotherPolicyIsNoticedAndNamed) {
  SmallWorld world = TinyWorld();
  world.policy = "blocks { name: \"x\" match { item_ids: \"a\" } }";
  const absl::Status status = CheckUnder(world);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("golden request 0"), HasSubstr("instead of")));
}

TEST_F(Golden, AnotherModelIsNoticedByItsScoresOrOrder) {
  SmallWorld world = TinyWorld();
  const size_t at = world.ranker.find("leaf_value=-0.25 0.75");
  ASSERT_NE(at, std::string::npos);
  world.ranker.replace(at, 21, "leaf_value=0.75 -0.25");
  const absl::Status status = CheckUnder(world);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("golden request"), HasSubstr("score")));
}

TEST_F(Golden, OneBitOfOneScoreIsNoticedAndNamed) {
  const auto tiny = TinyWorld().Build(ScratchPath("tiny"));
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  const Pipeline pipeline(*tiny, {}, clock);
  config::Manifest manifest = tiny->manifest();
  config::GoldenRequest& golden = *manifest.mutable_golden(1);
  golden.set_score_bits(0, golden.score_bits(0) ^ 1);
  EXPECT_THAT(std::string(CheckGolden(pipeline, manifest).message()),
              AllOf(HasSubstr("golden request 1 (user 'u')"),
                    HasSubstr("score"), HasSubstr("at position 1")));
}

TEST_F(Golden, StoredNonsenseIsRefused) {
  const auto tiny = TinyWorld().Build(ScratchPath("tiny"));
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  const Pipeline pipeline(*tiny, {}, clock);
  config::Manifest manifest = tiny->manifest();
  manifest.mutable_golden(0)->set_limit(0);
  EXPECT_THAT(std::string(CheckGolden(pipeline, manifest).message()),
              HasSubstr("limit 0: must be 1 to 200"));
  manifest = tiny->manifest();
  manifest.mutable_golden(0)->clear_score_bits();
  EXPECT_THAT(std::string(CheckGolden(pipeline, manifest).message()),
              HasSubstr("not one score for each item"));
}

// The new user first, then users over the whole table.
TEST_F(Golden, UsersAreFromTheWholeTable) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  for (int i = 0; i < 6; ++i) world.AddUser(absl::StrCat("u", i), {1, 0});
  const auto snapshot = world.Build(ScratchPath("world"));
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  const Pipeline pipeline(*snapshot, {}, clock);
  const auto users = [&](size_t count) {
    config::Manifest manifest;
    EXPECT_TRUE(AddGolden(pipeline, clock.Now(), count, manifest).ok());
    std::vector<std::string> ids;
    for (const config::GoldenRequest& golden : manifest.golden()) {
      ids.push_back(golden.user_id());
      EXPECT_EQ(golden.unix_seconds(), kSmallNow);
      EXPECT_EQ(golden.limit(), 20);
      EXPECT_EQ(golden.item_ids_size(), 1);
    }
    return ids;
  };
  EXPECT_THAT(users(0), IsEmpty());
  EXPECT_THAT(users(1), ElementsAre(""));
  EXPECT_THAT(users(2), ElementsAre("", "u0"));
  EXPECT_THAT(users(3), ElementsAre("", "u0", "u3"));
  EXPECT_THAT(users(4), ElementsAre("", "u0", "u2", "u4"));
  EXPECT_THAT(users(7), ElementsAre("", "u0", "u1", "u2", "u3", "u4", "u5"));
}

TEST_F(Golden, AServiceOfOneUserOrNoneIsAskedAsItIs) {
  for (const bool one : {false, true}) {
    SmallWorld world;
    world.AddItem("a", {1, 0});
    if (one) world.AddUser("only", {1, 0});
    const auto snapshot = world.Build(ScratchPath(one ? "one" : "none"));
    const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
    const Pipeline pipeline(*snapshot, {}, clock);
    config::Manifest manifest;
    ASSERT_TRUE(AddGolden(pipeline, clock.Now(), 3, manifest).ok());
    EXPECT_EQ(manifest.golden(0).user_id(), "");
    for (const int i : {1, 2}) {
      EXPECT_EQ(manifest.golden(i).user_id(), one ? "only" : "");
    }
    EXPECT_TRUE(CheckGolden(pipeline, manifest).ok());
  }
}

// "c" is licensed in DE about the moment of the snapshot, "v" is from there;
// "u" has seen "b".
TEST_F(Golden, ARequestIsOfItsUserAtItsMomentAndOfItsLength) {
  const auto tiny = TinyWorld().Build(ScratchPath("tiny"));
  const config::Manifest& manifest = tiny->manifest();
  const auto ids = [&](int i) {
    const auto& list = manifest.golden(i).item_ids();
    return std::vector<std::string>(list.begin(), list.end());
  };
  EXPECT_THAT(ids(0), UnorderedElementsAre("a", "b", "d"));
  EXPECT_THAT(ids(1), UnorderedElementsAre("a", "d"));
  EXPECT_THAT(ids(2), UnorderedElementsAre("a", "b", "c"));
  // Whatever time it is for the server.
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow) + absl::Hours(1));
  const Pipeline pipeline(*tiny, {}, clock);
  EXPECT_TRUE(CheckGolden(pipeline, manifest).ok());

  config::Manifest other = manifest;
  other.mutable_golden(2)->set_limit(1);
  EXPECT_THAT(std::string(CheckGolden(pipeline, other).message()),
              HasSubstr("golden request 2 (user 'v'): 1 items instead of 3"));
  config::GoldenRequest& shorter = *other.mutable_golden(2);
  shorter.mutable_item_ids()->DeleteSubrange(1, 2);
  shorter.mutable_score_bits()->Truncate(1);
  EXPECT_TRUE(CheckGolden(pipeline, other).ok());
  shorter.set_limit(201);
  EXPECT_THAT(std::string(CheckGolden(pipeline, other).message()),
              HasSubstr("golden request 2: limit 201: must be 1 to 200"));
  other = manifest;
  for (config::GoldenRequest& golden : *other.mutable_golden()) {
    golden.set_limit(200);
  }
  EXPECT_TRUE(CheckGolden(pipeline, other).ok());
  other.mutable_golden(0)->set_country("DE");
  EXPECT_THAT(std::string(CheckGolden(pipeline, other).message()),
              HasSubstr("4 items instead of 3"));
  other = manifest;
  other.mutable_golden(1)->set_item_ids(1, "x");
  EXPECT_THAT(std::string(CheckGolden(pipeline, other).message()),
              AllOf(HasSubstr("golden request 1 (user 'u'): '"),
                    HasSubstr("' instead of 'x' at position 2: this program "
                              "does not compute what the builder")));
  other = manifest;
  other.mutable_golden(1)->set_score_bits(1, 0x41200000);
  EXPECT_THAT(std::string(CheckGolden(pipeline, other).message()),
              HasSubstr("instead of 10 at position 2"));
}

}  // namespace
}  // namespace marquee
