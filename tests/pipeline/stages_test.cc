// What one request gets from each stage, and what the answer and the trace tell
// of it.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/pipeline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/slow_clock.h"
#include "tests/pipeline/small_world.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Stages : public ::testing::Test {
 protected:
  void Start(const SmallWorld& world, const PipelineOptions& options = {}) {
    snapshot_ = world.Build(ScratchPath("world"));
    pipeline_ = std::make_unique<Pipeline>(*snapshot_, options, clock_);
    scratch_ =
        std::make_unique<PipelineScratch>(*snapshot_, options.candidates);
    request_.user_id = "u";
    request_.now = absl::FromUnixSeconds(kSmallNow);
  }
  std::vector<std::string> Ask(Trace* trace = nullptr) {
    const absl::Status status =
        pipeline_->Recommend(request_, *scratch_, response_, trace);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> ids;
    for (const RecommendedItem& item : response_.items)
      ids.emplace_back(snapshot_->catalog().Id(item.row));
    return ids;
  }
  std::string Id(ItemRow row) {
    return std::string(snapshot_->catalog().Id(row));
  }
  Source SourceOf(size_t place) { return response_.items[place].source; }
  absl::Duration TimeOf(Stage stage) {
    return response_.stage_time[static_cast<size_t>(stage)];
  }

  SlowClock clock_;
  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<PipelineScratch> scratch_;
  RecommendRequest request_;
  RecommendResponse response_;
};

std::string Of(const Trace::StageCount& count) {
  return absl::StrCat(StageName(count.stage), " ", count.in, " ", count.out);
}

std::vector<std::string> Of(const std::vector<Trace::StageCount>& stages) {
  std::vector<std::string> texts;
  for (const Trace::StageCount& count : stages) texts.push_back(Of(count));
  return texts;
}

// t0 to t8, the better the higher, t8 alone is adult; "plain" has no vector.
SmallWorld World() {
  SmallWorld world;
  for (int i = 0; i < 9; ++i) {
    world.AddItem(absl::StrCat("t", i), {0.1f * static_cast<float>(i), 1});
  }
  world.items[8].maturity = 18;
  world.AddItem("plain", {});
  world.AddUser("u", {1, 0});
  world.ranker = kTinyModel;
  return world;
}

// The model parts at a similarity of 0.5: t6 and t7 above it, in the order of
// rows, then the others.
TEST_F(Stages, ATraceTellsWhatEveryStageTookInAndLetThrough) {
  Start(World(), {.candidates = 5});
  request_.maturity_limit = 12;
  request_.limit = 3;
  Trace trace;
  Ask(&trace);  // what is there already is of another request
  EXPECT_THAT(Ask(&trace), ElementsAre("t6", "t7", "t3"));
  EXPECT_THAT(Of(trace.stages),
              ElementsAre("user_vector 1 1", "eligibility 10 9", "retrieve 9 5",
                          "rank 5 5", "rerank 5 3"));
  EXPECT_EQ(response_.requested, 3);
  EXPECT_EQ(response_.eligible, 9);
  EXPECT_EQ(response_.retrieved, 5);
  EXPECT_EQ(response_.candidates, 5);
  EXPECT_EQ(response_.engine, RetrievalEngine::kExact);
  EXPECT_EQ(response_.vector_source, VectorSource::kStored);
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(response_.degradations, IsEmpty());

  std::vector<std::string> retrieved, boosted;
  for (const Candidate& c : trace.candidates) retrieved.push_back(Id(c.row));
  for (const Candidate& c : trace.boosted) boosted.push_back(Id(c.row));
  EXPECT_THAT(retrieved, ElementsAre("t7", "t6", "t5", "t4", "t3"));
  EXPECT_THAT(trace.ranker_scores,
              ElementsAre(0.75, 0.75, -0.25, -0.25, -0.25));
  EXPECT_THAT(boosted, ElementsAre("t6", "t7", "t3", "t4", "t5"));
  // Features of candidates, for explanations: the similarity.
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_FLOAT_EQ(scratch_->ranker.features.At(i, 0),
                    0.1f * static_cast<float>(7 - i));
  }
  // The same list without a trace.
  EXPECT_THAT(Ask(), ElementsAre("t6", "t7", "t3"));
}

// A ranker that knows items by their ranks computes no features of them.
TEST_F(Stages, ATraceHasTheFeaturesThatTheRankerNeededNot) {
  SmallWorld world = World();
  const size_t at = world.ranker.find("cross.similarity");
  ASSERT_NE(at, std::string::npos);
  world.ranker.replace(at, 16, "item.maturity");
  Start(world);
  ASSERT_TRUE(snapshot_->ranker()->ranks_items());
  Trace trace;
  EXPECT_EQ(Ask(&trace).front(), "t8");
  ASSERT_THAT(trace.candidates, SizeIs(9));
  for (size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(scratch_->ranker.features.At(i, 0), i == 0 ? 18 : 0) << i;
  }
}

TEST_F(Stages, TimeIsOfTheStageThatTookIt) {
  Start(World());
  request_.limit = 3;
  Trace trace;
  // 1: the request begins. 2 to 4: a stage ends. 5: the ranker ends. 6: the
  // features are there, of a trace. Then: the rules end.
  const Stage kStageOf[] = {Stage::kUserVector, Stage::kEligibility,
                            Stage::kRetrieve, Stage::kRank};
  for (int look = 2; look <= 5; ++look) {
    clock_.looks_until_stall = look;
    Ask(&trace);
    for (const Stage stage : {Stage::kUserVector, Stage::kEligibility,
                              Stage::kRetrieve, Stage::kRank, Stage::kRerank}) {
      EXPECT_EQ(TimeOf(stage),
                (stage == kStageOf[look - 2] ? 101 : 1) * absl::Milliseconds(1))
          << StageName(stage) << " at look " << look;
    }
  }
  clock_.looks_until_stall = 6;
  Ask(&trace);
  EXPECT_EQ(TimeOf(Stage::kRank), absl::Milliseconds(1));
  EXPECT_EQ(TimeOf(Stage::kRerank), absl::Milliseconds(1))
      << "what explains is not part of a stage";
}

TEST_F(Stages, FaultsOfARequestEndIt) {
  Start(World());
  const std::vector<float> embedding = {1};
  request_.embedding = embedding;
  EXPECT_EQ(pipeline_->Recommend(request_, *scratch_, response_).code(),
            absl::StatusCode::kInvalidArgument);
  request_ = {};
  request_.filters = {{"colour", {"red"}}};
  EXPECT_EQ(pipeline_->Recommend(request_, *scratch_, response_).code(),
            absl::StatusCode::kInvalidArgument);
}

// Two candidates are asked for and five items: popular ones fill the list.
TEST_F(Stages, ALongListOfFewCandidatesIsFilledUp) {
  SmallWorld world = World();
  world.AddWatches("t1", 4);
  world.AddWatches("t0", 3);
  for (const char* const id : {"t8", "t7"}) world.AddWatches(id, 1);
  Start(world, {.candidates = 2, .use_ranker = false});
  request_.limit = 4;
  EXPECT_THAT(Ask(), ElementsAre("t8", "t7", "t1", "t0"));
  EXPECT_EQ(response_.candidates, 2);
  EXPECT_EQ(SourceOf(1), Source::kPersonal);
  EXPECT_EQ(SourceOf(2), Source::kPopular);
  // The cold-start list has what was asked for.
  request_.user_id = {};
  Trace trace;
  EXPECT_THAT(Ask(&trace), SizeIs(4));
  EXPECT_EQ(response_.candidates, 4);
  EXPECT_THAT(Of(trace.stages),
              ElementsAre("user_vector 1 1", "eligibility 10 10",
                          "retrieve 10 4", "rerank 4 4"));
}

TEST_F(Stages, WithoutARankerNothingIsScored) {
  Start(World(), {.use_ranker = false});
  Trace trace;
  EXPECT_THAT(Ask(&trace), ElementsAre("t8", "t7", "t6", "t5", "t4", "t3", "t2",
                                       "t1", "t0", "plain"));
  EXPECT_THAT(trace.ranker_scores, IsEmpty());
  EXPECT_THAT(trace.stages, SizeIs(4));
}

// Retrieval finds the long ones first; likeness is the angle.
TEST_F(Stages, SimilarItemsAreInTheOrderOfTheirAngles) {
  SmallWorld world;
  world.AddItem("nowhere", {0, 0});
  world.AddItem("diagonal", {30, 30});
  world.AddItem("near", {10, 0.5f});
  world.AddItem("short", {0.1f, 0});
  world.AddItem("behind", {-2, 0});
  world.AddItem("like this", {1, 0});
  world.AddItem("wide", {0.02f, 0.04f});
  world.AddUser("u", {0, 1});
  world.ranker = kTinyModel;
  world.policy = "pins { name: 'p' item_id: 'behind' position: 2 }";
  Start(world, {.candidates = 20});
  request_.similar_to = "like this";
  Trace trace;
  Ask(&trace);
  EXPECT_THAT(Ask(&trace), ElementsAre("short", "behind", "near", "diagonal",
                                       "wide", "nowhere"));
  EXPECT_EQ(SourceOf(0), Source::kSimilar);
  EXPECT_EQ(SourceOf(1), Source::kPinned);
  EXPECT_EQ(response_.vector_source, VectorSource::kItem);
  // A vector of zeros is none: that item fills up.
  EXPECT_EQ(response_.candidates, 5);
  EXPECT_EQ(response_.retrieved, 5);
  EXPECT_EQ(response_.outliers, 0);
  EXPECT_THAT(Of(trace.stages),
              ElementsAre("user_vector 1 1", "eligibility 7 6", "retrieve 5 5",
                          "rerank 5 6"));
}

// Leaves: 0.25, 0.5, more than a float holds, less, and inf - inf, for a
// similarity of 1 to 5.
constexpr char kFarScores[] =
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\n"
    "label_index=0\nmax_feature_idx=1\nobjective=lambdarank\n"
    "feature_names=cross.similarity item.vector_length\n"
    "feature_infos=[-10:10] [-10:10]\ntree_sizes=500\n\n"
    "Tree=0\nnum_leaves=5\nnum_cat=0\nsplit_feature=0 0 0 0\n"
    "split_gain=1 1 1 1\nthreshold=1.5 2.5 3.5 4.5\ndecision_type=2 2 2 2\n"
    "left_child=-1 -2 -3 -4\nright_child=1 2 3 -5\n"
    "leaf_value=0.25 0.5 1e300 -1e300 0\nleaf_weight=1 1 1 1 1\n"
    "leaf_count=1 1 1 1 1\ninternal_value=0 0 0 0\n"
    "internal_weight=1 1 1 1\ninternal_count=5 4 3 2\nis_linear=1\n"
    "leaf_const=0.25 0.5 1e300 -1e300 0\nnum_features=0 0 0 0 2\n"
    "leaf_features=    0 1 \nleaf_coeff=    1e308 -1e308 \nshrinkage=1\n\n\n"
    "end of trees\n";

TEST_F(Stages, ScoresThatAreNoNumbersComeLastAndKeepTheOthersInOrder) {
  SmallWorld world;
  world.AddItem("one", {1, 0});
  world.AddItem("two", {2, 0});
  world.AddItem("five", {5, 0});
  world.AddItem("four", {4, 0});
  world.AddItem("three", {3, 0});
  world.AddUser("u", {1, 0});
  world.ranker = kFarScores;
  Start(world);
  Trace trace;
  EXPECT_THAT(Ask(&trace), ElementsAre("three", "two", "one", "five", "four"));
  ASSERT_THAT(trace.ranker_scores, SizeIs(5));
  EXPECT_TRUE(std::isnan(trace.ranker_scores[0])) << "of 'five'";
  EXPECT_EQ(response_.outliers, 3);
}

TEST_F(Stages, RelaxedCapsAreTold) {
  SmallWorld world;
  for (const char* const id : {"a", "b", "c"}) world.AddItem(id, {1, 0}, "f");
  world.AddItem("d", {0.5f, 0});
  world.AddUser("u", {1, 0});
  world.policy = "caps { name: 'one' attribute: 'franchise' max: 1 }";
  Start(world);
  request_.limit = 2;
  EXPECT_THAT(Ask(), ElementsAre("a", "d"));
  EXPECT_THAT(response_.degradations, IsEmpty());
  request_.limit = 3;
  EXPECT_THAT(Ask(), ElementsAre("a", "d", "b"));
  ASSERT_THAT(response_.degradations, SizeIs(1));
  EXPECT_EQ(response_.degradations[0].cause, Degradation::Cause::kCapRelaxed);
  EXPECT_EQ(response_.degradations[0].detail, "caps relaxed for 1 items");
  // The third place looks for an item within the cap, after the deadline.
  request_.deadline = clock_.Peek() + absl::Milliseconds(50);
  clock_.looks_until_stall = 6;
  EXPECT_THAT(Ask(), ElementsAre("a", "d", "b"));
  ASSERT_THAT(response_.degradations, SizeIs(1));
  EXPECT_EQ(response_.degradations[0].detail,
            "caps relaxed for 1 items: the deadline passed while items "
            "within them were looked for");
}

// As if the first look had let an item through: the request forbids it when
// the list is about to be made.
TEST_F(Stages, TheLastLookTakesOutWhatMayNotBeShown) {
  Start(World(), {.use_ranker = false});
  request_.limit = 3;
  clock_.looks_until_stall = 4;
  clock_.meanwhile = [&] { request_.exclude = {"t7", "t0"}; };
  EXPECT_THAT(Ask(), ElementsAre("t8", "t6"));
  EXPECT_EQ(response_.removed_by_final_check, 1);
  ASSERT_THAT(response_.degradations, SizeIs(1));
  EXPECT_EQ(response_.degradations[0].cause, Degradation::Cause::kFinalCheck);
}

}  // namespace
}  // namespace marquee
