// What becomes of a request on a worker, and of its answer on the wire.
#include "server/service/answer.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/service/answer_writer.h"
#include "tests/service/served_world.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Twelve items on a quarter of a circle, from that of the user who asks:
// the nearest is "t0".
SmallWorld Circle() {
  SmallWorld world;
  for (int i = 0; i < 12; ++i) {
    const float part = static_cast<float>(i) / 11;
    world.AddItem(absl::StrCat("t", i), {1 - part, part}, i < 3 ? "saga" : "");
  }
  world.AddUser("u", {1, 0});
  world.AddUser("nobody", {});
  world.AddWatches("t5", 3);
  world.policy =
      "caps { name: 'one' attribute: 'franchise' max: 1\n"
      "       strict: true }\n"
      "boosts { name: 'up' multiplier: 2 match { item_ids: 't4' } }\n"
      "boosts { name: 'more' multiplier: 1.5 match { item_ids: 't4' } }\n"
      "pins { name: 'top' item_id: 't9' position: 2 }\n";
  world.ranker = absl::StrReplaceAll(
      kTinyModel, {{"max_feature_idx=0", "max_feature_idx=1"},
                   {"=cross.similarity", "=cross.similarity item.log_watches"},
                   {"=[-10:10]", "=[-10:10] [0:20]"}});
  return world;
}

class AnswerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    static FakeClock clock(absl::FromUnixSeconds(kSmallNow));
    serving_ =
        LoadServed(Circle(), absl::StrCat("marquee_answers_", getpid()), clock);
  }
  static void TearDownTestSuite() { serving_.reset(); }

  Turn Now() const {
    return {.serving = *serving_,
            .now = absl::FromUnixSeconds(kSmallNow),
            .deadline = SteadyTime::InfiniteFuture(),
            .queue_wait = absl::Milliseconds(1250)};
  }
  static std::vector<std::string> Ids(const v1::RecommendResponse& answer) {
    std::vector<std::string> ids;
    for (const v1::RecommendedItem& item : answer.items()) {
      ids.push_back(item.item_id());
    }
    return ids;
  }

  inline static std::shared_ptr<ServingSnapshot> serving_;
  RequestMetrics metrics_;
  Worker worker_{metrics_};
};

TEST_F(AnswerTest, EveryItemComesWithItsSourceAndItsReasons) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u");
  request.set_limit(4);
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  EXPECT_EQ(answer.recommendation_id().size(), 32);
  EXPECT_EQ(answer.snapshot_version(), 1);
  EXPECT_EQ(answer.tier(), v1::TIER_FULL);
  EXPECT_EQ(answer.requested(), 4);
  EXPECT_EQ(answer.filled(), 4);
  EXPECT_EQ(answer.timings_size(), 0);
  ASSERT_EQ(answer.items_size(), 4);
  EXPECT_EQ(answer.items(0).item_id(), "t4");
  EXPECT_EQ(answer.items(0).source(), v1::SOURCE_PERSONAL);
  EXPECT_GT(answer.items(0).score(), answer.items(2).score());
  ASSERT_EQ(answer.items(0).reasons_size(), 2);
  EXPECT_EQ(answer.items(0).reasons(0).kind(), v1::Reason::KIND_BOOST);
  EXPECT_EQ(answer.items(0).reasons(0).rule(), "up");
  EXPECT_EQ(answer.items(0).reasons(1).rule(), "more");
  EXPECT_EQ(answer.items(1).item_id(), "t9");
  EXPECT_EQ(answer.items(1).source(), v1::SOURCE_PINNED);
  ASSERT_EQ(answer.items(1).reasons_size(), 1);
  EXPECT_EQ(answer.items(1).reasons(0).kind(), v1::Reason::KIND_PIN);
  EXPECT_EQ(answer.items(1).reasons(0).rule(), "top");
  EXPECT_EQ(answer.items(2).item_id(), "t0");
  EXPECT_EQ(answer.items(2).reasons_size(), 0);
}

TEST_F(AnswerTest, ServedItemsAndAnswersAreCounted) {
  const uint64_t before = serving_->served().Shape().impressions;
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u");
  request.set_limit(3);
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  RequestMetrics::Sum sum;
  metrics_.AddTo(sum);
  EXPECT_EQ(sum.counts.tiers[0], 1);
  EXPECT_EQ(serving_->served().Shape().impressions, before + 3);
}

TEST_F(AnswerTest, TheNameOfARequestComesBack) {
  v1::SimilarItemsRequest request;
  request.set_item_id("t1");
  request.mutable_context()->set_client_request_id("row-7");
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  EXPECT_EQ(answer.client_request_id(), "row-7");
}

TEST_F(AnswerTest, ANewUserIsToldSo) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("stranger");
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  EXPECT_EQ(answer.tier(), v1::TIER_FULL);
  ASSERT_GE(answer.degradations_size(), 1);
  EXPECT_EQ(answer.degradations(0).cause(), v1::Degradation::CAUSE_NO_VECTOR);
  EXPECT_NE(answer.degradations(0).detail(), "");
  EXPECT_EQ(answer.warnings_size(), 0);
  EXPECT_EQ(answer.requested(), 20);
  EXPECT_EQ(answer.filled(), answer.items_size());
}

TEST_F(AnswerTest, ANameThatNothingKnowsIsTold) {
  v1::RecommendRequest request;
  request.mutable_context()->set_device("fridge");
  request.mutable_context()->add_exclude_item_ids("no such item");
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  ASSERT_EQ(answer.warnings_size(), 2);
  EXPECT_EQ(answer.warnings(0).kind(), v1::Warning::KIND_DEVICE);
  EXPECT_EQ(answer.warnings(0).field(), "context.device");
  EXPECT_THAT(answer.warnings(0).detail(), HasSubstr("'fridge'"));
  EXPECT_EQ(answer.warnings(1).kind(), v1::Warning::KIND_ITEM);
}

TEST_F(AnswerTest, ItemsLikeOne) {
  v1::SimilarItemsRequest request;
  request.set_item_id("t11");
  request.set_limit(3);
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  EXPECT_THAT(Ids(answer), ElementsAre("t10", "t9", "t8"));
  EXPECT_EQ(answer.items(0).source(), v1::SOURCE_SIMILAR);
  request.set_item_id("t77");
  v1::RecommendResponse none;
  const absl::Status status = Answer(request, Now(), worker_, none);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("t77"));
}

TEST_F(AnswerTest, TimingsAreThoseOfTheQueueAndOfEveryStage) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u");
  request.mutable_context()->set_include_timings(true);
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  ASSERT_EQ(answer.timings_size(), 1 + static_cast<int>(kStages));
  EXPECT_EQ(answer.timings(0).stage(), v1::STAGE_QUEUE);
  EXPECT_EQ(answer.timings(0).duration().seconds(), 1);
  EXPECT_EQ(answer.timings(0).duration().nanos(), 250'000'000);
  RecommendResponse response;
  for (size_t i = 0; i < kStages; ++i) {
    response.stage_time[i] = absl::Microseconds(100 + i);
    EXPECT_EQ(answer.timings(static_cast<int>(i) + 1).stage(),
              StageOnTheWire(static_cast<Stage>(i)));
  }
  v1::RecommendResponse wire;
  WriteTimings(absl::ZeroDuration(), response, wire);
  for (size_t i = 0; i < kStages; ++i) {
    EXPECT_EQ(wire.timings(static_cast<int>(i) + 1).duration().nanos(),
              100'000 + 1000 * static_cast<int>(i));
  }
}

TEST_F(AnswerTest, TheWireKeepsMomentsToTheNanosecond) {
  google::protobuf::Timestamp wire;
  WriteTimestamp(absl::FromUnixSeconds(5) + absl::Nanoseconds(7), wire);
  EXPECT_EQ(wire.seconds(), 5);
  EXPECT_EQ(wire.nanos(), 7);
  // Nanoseconds count forwards, before 1970 too.
  WriteTimestamp(absl::FromUnixSeconds(-5) + absl::Nanoseconds(7), wire);
  EXPECT_EQ(wire.seconds(), -5);
  EXPECT_EQ(wire.nanos(), 7);
}

TEST_F(AnswerTest, AnExplanationTellsTheWholeWay) {
  v1::ExplainRequest request;
  request.mutable_request()->mutable_context()->set_user_id("u");
  request.mutable_request()->set_limit(4);
  for (const char* id : {"t0", "t1", "t77", "t11"}) request.add_item_ids(id);
  v1::ExplainResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  EXPECT_THAT(Ids(answer.response()), ElementsAre("t4", "t9", "t0", "t3"));
  EXPECT_EQ(answer.vector_source(), v1::VECTOR_SOURCE_STORED);
  EXPECT_EQ(answer.engine(), v1::RETRIEVAL_ENGINE_EXACT);

  ASSERT_EQ(answer.stages_size(),
            static_cast<int>(worker_.trace.stages.size()));
  ASSERT_GE(answer.stages_size(), 3);
  for (int i = 0; i < answer.stages_size(); ++i) {
    const Trace::StageCount& count =
        worker_.trace.stages[static_cast<size_t>(i)];
    EXPECT_EQ(answer.stages(i).stage(), StageOnTheWire(count.stage));
    EXPECT_EQ(answer.stages(i).in(), count.in);
    EXPECT_EQ(answer.stages(i).out(), count.out);
  }

  // The similarities of "u" and t4, t9, t0 and t3 by rank.
  ASSERT_EQ(answer.items_size(), 4);
  const int ranks[] = {5, 10, 1, 4};
  for (int i = 0; i < 4; ++i) {
    const v1::ExplainedItem& item = answer.items(i);
    const std::string& id = answer.response().items(i).item_id();
    EXPECT_EQ(item.item_id(), id);
    EXPECT_EQ(item.title(), "Title " + id);
    EXPECT_EQ(item.retrieval_rank(), ranks[i]);
    EXPECT_GT(item.retrieval_score(), 0);
    ASSERT_EQ(item.features_size(), 2);
    EXPECT_EQ(item.features(0).name(), "cross.similarity");
    EXPECT_EQ(item.features(1).name(), "item.log_watches");
    // The model has two leaves, and among equals the lower row is first.
    const bool near = item.features(0).value() > 0.5f;
    EXPECT_EQ(item.ranker_score(), near ? 0.75f : -0.25f);
    EXPECT_EQ(item.ranker_rank(), ranks[i]);
  }
  EXPECT_GT(answer.items(2).features(0).value(),
            answer.items(0).features(0).value());

  ASSERT_EQ(answer.outcomes_size(), 4);
  const v1::ItemOutcome::Outcome expected[] = {
      v1::ItemOutcome::OUTCOME_SHOWN, v1::ItemOutcome::OUTCOME_CAPPED,
      v1::ItemOutcome::OUTCOME_UNKNOWN_ITEM,
      v1::ItemOutcome::OUTCOME_RANKED_BELOW};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(answer.outcomes(i).item_id(), request.item_ids(i));
    EXPECT_EQ(answer.outcomes(i).outcome(), expected[i]);
    EXPECT_NE(answer.outcomes(i).detail(), "");
  }
  EXPECT_EQ(answer.outcomes(0).position(), 3);
  EXPECT_EQ(answer.outcomes(0).exact_retrieval_rank(), 1);
  EXPECT_EQ(answer.outcomes(0).ranker_rank(), 1);
  EXPECT_EQ(answer.outcomes(1).rule(), "one");
  EXPECT_EQ(answer.outcomes(1).position(), 0);
  EXPECT_EQ(answer.outcomes(1).exact_retrieval_rank(), 2);
  EXPECT_EQ(answer.outcomes(3).exact_retrieval_rank(), 12);
}

// Nothing beat them: there are places left.
TEST_F(AnswerTest, ACapThatLeavesAListShortIsNamed) {
  v1::ExplainRequest request;
  // For somebody at the other end, in the order of retrieval: the last three
  // are of one franchise.
  for (const float value : {0.0f, 1.0f}) {
    request.mutable_request()->add_user_embedding(value);
  }
  request.mutable_request()->set_limit(12);
  for (const char* id : {"t1", "t0"}) request.add_item_ids(id);
  Turn turn = Now();
  turn.best_tier = Tier::kRetrievalOrder;
  v1::ExplainResponse answer;
  ASSERT_TRUE(Answer(request, turn, worker_, answer).ok());
  EXPECT_EQ(answer.response().filled(), 10);
  for (const v1::ItemOutcome& outcome : answer.outcomes()) {
    EXPECT_EQ(outcome.outcome(), v1::ItemOutcome::OUTCOME_CAPPED)
        << outcome.detail();
    EXPECT_EQ(outcome.rule(), "one");
  }
}

// Without a vector there is no engine. The ranker orders what the other sources
// bring.
TEST_F(AnswerTest, AnExplanationOfAListWithoutAVector) {
  v1::ExplainRequest request;
  request.mutable_request()->set_limit(2);
  v1::ExplainResponse answer;
  ASSERT_TRUE(Answer(request, Now(), worker_, answer).ok());
  EXPECT_EQ(answer.vector_source(), v1::VECTOR_SOURCE_NONE);
  EXPECT_EQ(answer.engine(), v1::RETRIEVAL_ENGINE_UNSPECIFIED);
  ASSERT_EQ(answer.items_size(), 2);
  EXPECT_EQ(answer.items(0).title(), "Title t5");
  EXPECT_EQ(answer.items(0).retrieval_rank(), 0);
  EXPECT_EQ(answer.items(0).ranker_rank(), 1);
  EXPECT_EQ(answer.items(0).features_size(), 2);
  ASSERT_EQ(answer.items(0).sources_size(), 1);
  EXPECT_EQ(answer.items(0).sources(0).source(), v1::SOURCE_TRENDING);
  EXPECT_EQ(answer.items(0).sources(0).rank(), 1);
}

// Ranks are those of the ranker's scores, whatever order retrieval had; among
// equals the lower row is first.
TEST_F(AnswerTest, RanksOfAnExplanationFollowTheRanker) {
  SmallWorld world = Circle();
  world.policy.clear();
  // What is far from the user scores more.
  const std::string leaves = "leaf_value=-0.25 0.75";
  world.ranker.replace(world.ranker.find(leaves), leaves.size(),
                       "leaf_value=0.75 -0.25");
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  const auto serving =
      LoadServed(world, absl::StrCat("marquee_answers_far_", getpid()), clock);
  v1::ExplainRequest request;
  request.mutable_request()->mutable_context()->set_user_id("u");
  v1::ExplainResponse answer;
  Turn turn{.serving = *serving,
            .now = absl::FromUnixSeconds(kSmallNow),
            .deadline = SteadyTime::InfiniteFuture()};
  ASSERT_TRUE(Answer(request, turn, worker_, answer).ok());
  ASSERT_EQ(answer.items_size(), 12);
  const Trace& trace = worker_.trace;
  for (const v1::ExplainedItem& item : answer.items()) {
    const size_t at = static_cast<size_t>(item.retrieval_rank()) - 1;
    int before = 0;
    for (size_t i = 0; i < trace.candidates.size(); ++i) {
      const double score = trace.ranker_scores[i];
      before += score > trace.ranker_scores[at] ||
                (score == trace.ranker_scores[at] &&
                 trace.candidates[i].row < trace.candidates[at].row);
    }
    EXPECT_EQ(item.ranker_rank(), before + 1) << item.item_id();
    EXPECT_EQ(item.ranker_score(),
              item.features(0).value() > 0.5f ? -0.25f : 0.75f);
  }
  EXPECT_NE(answer.items(0).retrieval_rank(), 1);
  EXPECT_EQ(answer.items(0).ranker_rank(), 1);
}

TEST_F(AnswerTest, ATurnWhoseTimeIsOverGetsTheCheapestAnswer) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u");
  Turn turn = Now();
  turn.deadline = SteadyTime::FromStart(-absl::Seconds(1));
  v1::RecommendResponse answer;
  ASSERT_TRUE(Answer(request, turn, worker_, answer).ok());
  EXPECT_EQ(answer.tier(), v1::TIER_POPULAR);
  ASSERT_GE(answer.degradations_size(), 1);
  EXPECT_EQ(answer.degradations(0).cause(), v1::Degradation::CAUSE_DEADLINE);
}

// In the order of retrieval: the ranker did not run.
TEST_F(AnswerTest, AnExplanationOfACheaperTier) {
  v1::ExplainRequest request;
  request.mutable_request()->mutable_context()->set_user_id("u");
  Turn turn = Now();
  turn.best_tier = Tier::kRetrievalOrder;
  v1::ExplainResponse answer;
  ASSERT_TRUE(Answer(request, turn, worker_, answer).ok());
  EXPECT_EQ(answer.response().tier(), v1::TIER_RETRIEVAL_ORDER);
  EXPECT_EQ(answer.items(0).retrieval_rank(), 1);
  EXPECT_EQ(answer.items(0).ranker_rank(), 0);
  EXPECT_EQ(answer.items(0).features_size(), 0);
}

TEST_F(AnswerTest, AnExplanationNamesTheFieldOfTheRequest) {
  v1::ExplainRequest request;
  v1::AttributeFilter& filter =
      *request.mutable_request()->mutable_context()->add_filters();
  filter.set_attribute("colour");
  filter.add_any_of("red");
  v1::ExplainResponse answer;
  const absl::Status status = Answer(request, Now(), worker_, answer);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              ::testing::StartsWith("request.context.filters[0]"));
}

// One worker, two snapshots by turns: its memory is made anew.
TEST_F(AnswerTest, AWorkerTakesMemoryThatFitsTheSnapshot) {
  EXPECT_EQ(worker_.generation, 0) << "no snapshot has it";
  const PipelineScratch* const first = &worker_.ScratchFor(*serving_);
  EXPECT_EQ(&worker_.ScratchFor(*serving_), first);
  EXPECT_EQ(worker_.generation, serving_->generation());
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  const auto other = LoadServed(
      TinyWorld(), absl::StrCat("marquee_answers_other_", getpid()), clock);
  worker_.ScratchFor(*other);
  EXPECT_EQ(worker_.generation, other->generation());
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u");
  for (const auto& serving : {other, serving_, other}) {
    Turn turn{.serving = *serving,
              .now = absl::FromUnixSeconds(kSmallNow),
              .deadline = SteadyTime::InfiniteFuture()};
    v1::RecommendResponse answer;
    ASSERT_TRUE(Answer(request, turn, worker_, answer).ok());
    EXPECT_GT(answer.items_size(), 1);
  }
}

}  // namespace
}  // namespace marquee
