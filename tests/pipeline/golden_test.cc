// Whoever computes other answers than the builder of a snapshot is told so.
#include "core/pipeline/golden.h"

#include <memory>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/data/scratch.h"
#include "tests/pipeline/small_world.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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

TEST_F(Golden, RequestsAreANewcomerAndUsers) {
  const auto tiny = TinyWorld().Build(ScratchPath("tiny"));
  ASSERT_EQ(tiny->manifest().golden_size(), 3);
  EXPECT_EQ(tiny->manifest().golden(0).user_id(), "");
  EXPECT_EQ(tiny->manifest().golden(1).user_id(), "u");
  EXPECT_EQ(tiny->manifest().golden(2).user_id(), "v");
  EXPECT_GT(tiny->manifest().golden(1).item_ids_size(), 0);
}

// Of the pinned list, "b" stands first for the newcomer, "a" second.
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
              HasSubstr("not one score for each title"));
}

}  // namespace
}  // namespace marquee
