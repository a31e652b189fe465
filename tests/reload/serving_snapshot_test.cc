#include "server/reload/serving_snapshot.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/snapshot/manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"
#include "server/reload/warm_up.h"
#include "tests/files/scratch.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

class LookedAtClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixSeconds(kSmallNow); }
  SteadyTime Steady() const override {
    ++looks;
    return {};
  }
  mutable int looks = 0;
};

class ServingSnapshotTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(ScratchPath("world"));
    version_ = BuildTiny(TinyWorld(), ScratchPath("world"));
  }
  absl::StatusOr<std::shared_ptr<ServingSnapshot>> Load(
      const ServingSnapshot::Options& options) {
    return ServingSnapshot::Load(version_, options, clock_);
  }
  std::string PlanOf(const RetrievalChoice& choice) {
    const auto serving = Load({.retrieval = choice});
    EXPECT_TRUE(serving.ok()) << serving.status();
    return (*serving)->pipeline().planner().plan().ToString();
  }

  FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  std::string version_;
};

TEST_F(ServingSnapshotTest, TheEngineIsTheOneThatWasChosen) {
  EXPECT_EQ(PlanOf({.engine = RetrievalEngine::kExact}),
            RetrievalPlan::Always(RetrievalEngine::kExact).ToString());
  EXPECT_EQ(PlanOf({.engine = RetrievalEngine::kCells}),
            RetrievalPlan::Always(RetrievalEngine::kCells).ToString());
  EXPECT_EQ(
      PlanOf({.exact_below = 1000}),
      RetrievalPlan::ExactBelow(1000, RetrievalEngine::kCells).ToString());
  EXPECT_EQ(PlanOf({.engine = RetrievalEngine::kExact, .exact_below = 1}),
            RetrievalPlan::ExactBelow(1, RetrievalEngine::kExact).ToString());
  EXPECT_EQ(PlanOf({.exact_below = 1}),
            RetrievalPlan::ExactBelow(1, RetrievalEngine::kCells).ToString());
  EXPECT_NE(PlanOf({}),
            RetrievalPlan::ExactBelow(0, RetrievalEngine::kCells).ToString());
}

// Of another placement the engines cost something else.
TEST_F(ServingSnapshotTest, AVersionThatSharesTheTablesTakesTheirPlan) {
  const auto first = *Load({.retrieval = {.engine = RetrievalEngine::kExact}});
  const auto plan = [&](const ServingSnapshot::Options& options) {
    return (*ServingSnapshot::Load(version_, options, clock_, first.get()))
        ->pipeline()
        .planner()
        .plan()
        .ToString();
  };
  const RetrievalChoice cells{.engine = RetrievalEngine::kCells};
  EXPECT_EQ(plan({.retrieval = cells}),
            RetrievalPlan::Always(RetrievalEngine::kExact).ToString());
  EXPECT_EQ(plan({.snapshot = {.hot_sections = Placement::kHugePages},
                  .retrieval = cells}),
            RetrievalPlan::Always(RetrievalEngine::kCells).ToString());
}

TEST_F(ServingSnapshotTest,
       AVersionThatAnswersOtherwiseThanItsBuilderIsRefused) {
  auto manifest = *ReadManifest(version_);
  config::GoldenRequest& golden = *manifest.mutable_golden(1);
  golden.set_score_bits(0, golden.score_bits(0) ^ 1);
  ASSERT_TRUE(WriteManifest(manifest, version_).ok());
  const auto serving = Load({});
  ASSERT_FALSE(serving.ok());
  EXPECT_THAT(std::string(serving.status().message()),
              HasSubstr("golden request 1"));
}

TEST_F(ServingSnapshotTest, AVersionWithoutUsersIsWarmedAllTheSame) {
  SmallWorld world = TinyWorld();
  world.users.clear();
  world.user_vectors.clear();
  world.interactions.clear();
  version_ = BuildTiny(world, ScratchPath("other"));
  const auto serving = Load({.warm_up_requests = 5});
  ASSERT_TRUE(serving.ok()) << serving.status();
  EXPECT_EQ((*serving)->snapshot().users().size(), 0);
}

TEST_F(ServingSnapshotTest, AGraphThatIsNotThereIsNotWaitedFor) {
  const auto serving = Load({.retrieval = {.engine = RetrievalEngine::kGraph}});
  EXPECT_EQ(serving.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(serving.status().message()),
              HasSubstr("version 1 has no graph"));
}

TEST_F(ServingSnapshotTest, EachLoadHasItsMomentAndItsNumber) {
  const auto first = *Load({});
  EXPECT_EQ(first->loaded(), clock_.Now());
  clock_.Advance(absl::Seconds(5));
  const auto second = *Load({});
  EXPECT_EQ(second->loaded(), clock_.Now());
  EXPECT_GE(first->generation(), 1);
  EXPECT_EQ(second->generation(), first->generation() + 1);
}

TEST_F(ServingSnapshotTest, MemoryIsKnownOnceItWasMeasured) {
  const auto serving = *Load({});
  EXPECT_TRUE(serving->sections().empty());
  ASSERT_TRUE(serving->MeasureSections().ok());
  EXPECT_FALSE(serving->sections().empty());
}

TEST_F(ServingSnapshotTest, ALoadThatIsNotWantedGivesUp) {
  std::stop_source stop;
  EXPECT_TRUE(CheckNotStopped(stop.get_token()).ok());
  stop.request_stop();
  EXPECT_EQ(CheckNotStopped(stop.get_token()).message(),
            "the server is stopping");
  for (const size_t requests : {0, 5}) {
    EXPECT_EQ(Load({.warm_up_requests = requests, .stop = stop.get_token()})
                  .status()
                  .code(),
              absl::StatusCode::kCancelled);
  }
}

// Golden requests first, then users over the whole table: as many as are asked
// for, each of which must be answered.
TEST_F(ServingSnapshotTest, WarmUpAsksAsUsersWillAndStopsWhenItIsTold) {
  const auto serving = *Load({});
  for (const size_t count : {0, 1, 3, 4, 50}) {
    EXPECT_TRUE(WarmUp(serving->pipeline(), count, clock_.Now(), {}).ok());
  }
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(
      WarmUp(serving->pipeline(), 0, clock_.Now(), stop.get_token()).ok());
  EXPECT_EQ(
      WarmUp(serving->pipeline(), 1, clock_.Now(), stop.get_token()).code(),
      absl::StatusCode::kCancelled);
}

// A request looks at the clock once a stage: golden requests, and then users
// over the whole table, are told apart by that.
TEST_F(ServingSnapshotTest, WarmUpComputesWhatUsersGet) {
  SmallWorld world = TinyWorld();
  world.AddUser("without", {});
  // In v's country nothing is ranked, which takes one look less.
  world.only_personal = false;
  world.policy =
      "sources { name: 'row' source: 'trending' weight: 1 "
      "audience { countries: 'DE' } }\n";
  version_ = BuildTiny(world, ScratchPath("other"));
  const LookedAtClock clock;
  const auto snapshot = *Snapshot::Load(version_);
  ASSERT_EQ(snapshot->users().size(), 3);
  const Pipeline pipeline(*snapshot, {}, clock);
  const auto looks_of = [&](absl::string_view user) {
    PipelineScratch scratch(*snapshot, pipeline.max_candidates());
    RecommendRequest request;
    request.user_id = user;
    request.now = clock.Now();
    RecommendResponse response;
    const int before = clock.looks;
    EXPECT_TRUE(pipeline.Recommend(request, scratch, response).ok());
    return clock.looks - before;
  };
  const int nobody = looks_of("");
  ASSERT_NE(nobody, looks_of("v"));
  const auto looks = [&](size_t count) {
    const int before = clock.looks;
    EXPECT_TRUE(WarmUp(pipeline, count, clock.Now(), {}).ok());
    return clock.looks - before;
  };
  // Golden: nobody, u and without; of 3 users at 4 and at 5 of 6 the last.
  std::vector<std::string> golden;
  for (const auto& request : snapshot->manifest().golden()) {
    golden.push_back(request.user_id());
  }
  ASSERT_EQ(golden, (std::vector<std::string>{"", "u", "v"}));
  EXPECT_EQ(looks(0), 0);
  EXPECT_EQ(looks(1), nobody);
  EXPECT_EQ(looks(2), nobody + looks_of("u"));
  EXPECT_EQ(looks(3), nobody + looks_of("u") + looks_of("v"));
  // Then the user in the middle, and the last one for the last third.
  EXPECT_EQ(looks(6), nobody + looks_of("u") + 2 * looks_of("v") +
                          2 * looks_of("without"));
}

}  // namespace
}  // namespace marquee
