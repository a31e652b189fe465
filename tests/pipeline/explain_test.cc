// Every end that an item can meet, each constructed on purpose.
#include "core/pipeline/explain.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/base/request_limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr size_t kCandidates = 50;

// t0 to t69, t0 nearest to "u"; "plain" has no vector. All but t5 in English.
SmallWorld World() {
  SmallWorld world;
  for (int i = 0; i < 70; ++i) {
    const bool saga = i >= 7 && i <= 9;
    world.AddItem(absl::StrCat("t", i), {static_cast<float>(70 - i), 1},
                  saga ? "saga" : "");
    world.items.back().attributes["language"] = {i == 5 ? "de" : "en"};
  }
  world.items[1].licences = {{"FR", absl::FromUnixSeconds(kSmallNow - 1000),
                              absl::FromUnixSeconds(kSmallNow)}};
  world.items[2].maturity = 18;
  world.AddItem("plain", {});
  world.items.back().attributes["language"] = {"en"};
  world.AddUser("u", {1, 0});
  world.interactions = {{"u", "t3", 5, "play", 1}};
  world.policy = R"(blocks { name: "no-six" match { item_ids: "t6" } }
                    caps { name: "one-saga" attribute: "franchise" max: 1 })";
  return world;
}

// A model that likes items with a similarity of at most 40 better.
constexpr char kPrefersFar[] =
    "tree\nversion=v3\nnum_class=1\nnum_tree_per_iteration=1\n"
    "label_index=0\nmax_feature_idx=0\nobjective=lambdarank\n"
    "feature_names=cross.similarity\nfeature_infos=[-10:100]\n"
    "tree_sizes=200\n\n"
    "Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nsplit_gain=1\n"
    "threshold=40\ndecision_type=2\nleft_child=-1\nright_child=-2\n"
    "leaf_value=0.75 -0.25\nleaf_weight=1 1\nleaf_count=1 1\n"
    "internal_value=0\ninternal_weight=2\ninternal_count=2\nis_linear=0\n"
    "shrinkage=1\n\n\nend of trees\n";

class ExplainTest : public ::testing::Test {
 protected:
  void Start(const SmallWorld& world) {
    snapshot_ = world.Build(ScratchPath("world"));
    pipeline_ = std::make_unique<Pipeline>(
        *snapshot_, PipelineOptions{.candidates = kCandidates}, clock_);
    scratch_ = std::make_unique<PipelineScratch>(*snapshot_, kCandidates);
    request_.user_id = "u";
    request_.country = "FR";
    request_.limit = 10;
    request_.now = absl::FromUnixSeconds(kSmallNow);
  }
  void Ask() {
    ASSERT_TRUE(
        pipeline_->Recommend(request_, *scratch_, response_, &trace_).ok());
  }
  ItemOutcome Of(const std::string& id) {
    const absl::string_view ids[] = {id};
    return Explain({*pipeline_, request_, *scratch_, response_, trace_}, ids)
        .outcomes[0];
  }
  std::vector<std::string> Details(const std::vector<absl::string_view>& ids) {
    std::vector<std::string> details;
    for (const ItemOutcome& outcome :
         Explain({*pipeline_, request_, *scratch_, response_, trace_}, ids)
             .outcomes) {
      details.push_back(outcome.detail);
    }
    EXPECT_EQ(details.size(), ids.size());
    return details;
  }

  FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<PipelineScratch> scratch_;
  RecommendRequest request_;
  RecommendResponse response_;
  Trace trace_;
};

TEST_F(ExplainTest, AnItemWithoutARatingIsForNoUserWithALimit) {
  SmallWorld world = World();
  world.items[0].maturity.reset();
  Start(world);
  Ask();
  EXPECT_EQ(Of("t0").outcome, Outcome::kShown);
  request_.maturity_limit = kMaxMaturity;
  Ask();
  EXPECT_EQ(Of("t0").outcome, Outcome::kTooMature);
  EXPECT_THAT(Of("t0").detail,
              HasSubstr("has no age rating, the profile's limit is 99"));
}

TEST_F(ExplainTest, AScoreThatIsNoNumberIsTheLowest) {
  Start(World());
  Ask();
  const size_t count = trace_.candidates.size();
  ASSERT_GT(count, 16) << "fewer are sorted by insertion";
  trace_.ranker_scores.assign(count, NAN);
  trace_.ranker_scores[count - 1] = -5;
  const auto rank_of = [&](ItemRow row) {
    return Of(std::string(snapshot_->catalog().Id(row))).ranker_rank;
  };
  EXPECT_EQ(rank_of(trace_.candidates[count - 1].row), 1);
  std::vector<ItemRow> rest;
  for (size_t i = 0; i + 1 < count; ++i)
    rest.push_back(trace_.candidates[i].row);
  std::sort(rest.begin(), rest.end());
  EXPECT_EQ(rank_of(rest.front()), 2);
  EXPECT_EQ(rank_of(rest.back()), count);
}

TEST_F(ExplainTest, EveryEndOfAListInTheOrderOfRetrieval) {
  Start(World());
  request_.maturity_limit = 12;
  request_.exclude = {"t4"};
  Ask();
  // Left: t0, t5, t7, t10 … (t8 and t9 are capped).
  ItemOutcome outcome = Of("t0");
  EXPECT_EQ(outcome.outcome, Outcome::kShown);
  EXPECT_EQ(outcome.position, 1);
  EXPECT_EQ(outcome.exact_rank, 1);
  outcome = Of("t10");
  EXPECT_EQ(outcome.outcome, Outcome::kShown);
  EXPECT_EQ(outcome.position, 4);
  EXPECT_EQ(outcome.exact_rank, 6);  // behind t0, t5, t7, t8, t9

  EXPECT_EQ(Of("nothing").outcome, Outcome::kUnknownItem);
  outcome = Of("t1");  // its window ends at this very second
  EXPECT_EQ(outcome.outcome, Outcome::kNotLicensed);
  EXPECT_EQ(outcome.exact_rank, 0);
  EXPECT_THAT(outcome.detail, HasSubstr("not licensed in FR"));
  EXPECT_THAT(outcome.detail, HasSubstr("until 2026-06-01T00:00:00Z"));
  outcome = Of("t2");
  EXPECT_EQ(outcome.outcome, Outcome::kTooMature);
  EXPECT_THAT(outcome.detail, HasSubstr("is for 18 years"));
  EXPECT_THAT(outcome.detail, HasSubstr("limit is 12"));
  EXPECT_EQ(Of("t3").outcome, Outcome::kSeen);
  EXPECT_EQ(Of("t4").outcome, Outcome::kExcluded);
  outcome = Of("t6");
  EXPECT_EQ(outcome.outcome, Outcome::kBlocked);
  EXPECT_EQ(outcome.rule, "no-six");
  EXPECT_THAT(outcome.detail, HasSubstr("line 1"));
  outcome = Of("t8");
  EXPECT_EQ(outcome.outcome, Outcome::kCapped);
  EXPECT_EQ(outcome.rule, "one-saga");
  EXPECT_EQ(outcome.exact_rank, 4);
  EXPECT_EQ(Of("plain").outcome, Outcome::kNoVector);
  outcome = Of("t30");
  EXPECT_EQ(outcome.outcome, Outcome::kRankedBelow);
  EXPECT_EQ(outcome.exact_rank, 26);  // 31st, less t1, t2, t3, t4, t6
  EXPECT_EQ(outcome.ranker_rank, 0);
}

TEST_F(ExplainTest, AnItemBeyondTheCandidatesIsTold) {
  Start(World());
  Ask();
  // Not eligible: t1 (licence), t3 (seen), t6 (block). Candidates: 50 others.
  EXPECT_EQ(Of("t52").outcome, Outcome::kRankedBelow);
  const ItemOutcome outcome = Of("t53");
  EXPECT_EQ(outcome.outcome, Outcome::kNotRetrieved);
  EXPECT_EQ(outcome.exact_rank, 51);
  EXPECT_THAT(outcome.detail, HasSubstr("not among the 50 candidates"));
  EXPECT_THAT(outcome.detail, HasSubstr("rank 51"));
}

TEST_F(ExplainTest, FilteredItemsAreTold) {
  Start(World());
  request_.filters = {{"language", {"en"}}};
  Ask();
  EXPECT_EQ(Of("t5").outcome, Outcome::kFiltered);
  EXPECT_EQ(Of("t5").detail,
            "'Title t5' does not match the filters of the request");
  EXPECT_EQ(Of("t0").outcome, Outcome::kShown);
}

TEST_F(ExplainTest, RanksOfTheRankerAndOfRetrievalAreBothTold) {
  SmallWorld world = World();
  world.ranker = kPrefersFar;
  Start(world);
  Ask();
  // Similarity 70 - i: t30 … t52 have the higher leaf, in the order of rows.
  ItemOutcome outcome = Of("t30");
  EXPECT_EQ(outcome.outcome, Outcome::kShown);
  EXPECT_EQ(outcome.position, 1);
  EXPECT_EQ(outcome.ranker_rank, 1);
  EXPECT_EQ(outcome.exact_rank, 28);  // 31st, less t1, t3, t6
  EXPECT_EQ(outcome.detail,
            "'Title t30' is shown at position 1, rank 28 of retrieval, rank 1 "
            "of the ranker");
  outcome = Of("t0");
  EXPECT_EQ(outcome.outcome, Outcome::kRankedBelow);
  EXPECT_EQ(outcome.exact_rank, 1);
  EXPECT_EQ(outcome.ranker_rank, 24);  // behind t30 … t52
  EXPECT_EQ(outcome.detail,
            "'Title t0' was a candidate, rank 1 of retrieval, rank 24 of the "
            "ranker, and others had higher scores");
  EXPECT_EQ(Of("t2").ranker_rank, 25);  // behind t0
  EXPECT_EQ(Of("t69").ranker_rank, 0);
}

// b is a's twin; c is worse and different.
TEST_F(ExplainTest, AnItemPassedOverForDiversityIsTold) {
  SmallWorld world;
  world.AddItem("a", {1, 0});
  world.AddItem("b", {0.99f, 0});
  world.AddItem("c", {0.5f, 2});
  world.AddItem("d", {0.1f, 0});
  world.AddUser("u", {1, 0});
  world.policy = "diversity { name: \"mix\" strength: 0.7 }";
  Start(world);
  request_.limit = 2;
  Ask();
  EXPECT_EQ(Of("a").outcome, Outcome::kShown);
  EXPECT_EQ(Of("c").outcome, Outcome::kShown);
  const ItemOutcome outcome = Of("b");
  EXPECT_EQ(outcome.outcome, Outcome::kNotDiverse);
  EXPECT_EQ(outcome.rule, "mix");
  EXPECT_EQ(outcome.detail,
            "'Title b' was passed over for items less like those above them, "
            "rank 2 of retrieval");
  EXPECT_EQ(outcome.exact_rank, 2);
  EXPECT_EQ(Of("d").outcome, Outcome::kRankedBelow);
}

// The account of each item, one below the other.
TEST_F(ExplainTest, EveryEndIsToldInOneSentence) {
  Start(World());
  request_.maturity_limit = 12;
  request_.exclude = {"t4"};
  Ask();
  EXPECT_THAT(
      Details({"t0", "t10", "nothing", "t1", "t2", "t3", "t4", "t6", "t8",
               "plain", "t30", "t69"}),
      ElementsAre(
          "'Title t0' is shown at position 1, rank 1 of retrieval",
          "'Title t10' is shown at position 4, rank 6 of retrieval",
          "the catalogue has no item 'nothing'",
          "'Title t1' is not licensed in FR at 2026-06-01T00:00:00Z; there it "
          "is licensed from 2026-05-31T23:43:20Z until 2026-06-01T00:00:00Z",
          "'Title t2' is for 18 years, the profile's limit is 12",
          "'Title t3' was seen already",
          "'Title t4' is excluded by the request",
          "'Title t6' is hidden by block 'no-six' (line 1 of the policy)",
          "'Title t8' was held back by cap 'one-saga' (line 2 of the policy), "
          "rank 4 of retrieval",
          "'Title plain' has no vector in this snapshot, so retrieval can not "
          "find it, and no other source brought it",
          "'Title t30' was a candidate, rank 26 of retrieval, and others had "
          "higher scores",
          "'Title t69' was not among the 50 candidates: its inner product with "
          "the user's vector is rank 65, and no other source brought it"));
  const ItemOutcome unknown = Of("nothing");
  EXPECT_EQ(unknown.outcome, Outcome::kUnknownItem);
  EXPECT_EQ(unknown.exact_rank, 0);
  EXPECT_EQ(unknown.ranker_rank, 0);
  EXPECT_EQ(unknown.position, 0);
  EXPECT_EQ(unknown.rule, "");
  EXPECT_EQ(Of("t30").position, 0);
}

// "open" in one more country, "over" in two ways, "never" elsewhere.
TEST_F(ExplainTest, TheLicencesOfTheCountryAreTold) {
  const auto day = [](int year, int month) {
    return absl::FromCivil(absl::CivilDay(year, month, 1), absl::UTCTimeZone());
  };
  SmallWorld world;
  for (const char* const id : {"over", "never", "open"}) {
    world.AddItem(id, {1, 0});
  }
  world.items[0].licences = {
      {"*", absl::InfinitePast(), day(2020, 1)},
      {"FR", day(2022, 1), day(2023, 1)},
      {"DE", day(2030, 1), absl::InfiniteFuture()},
  };
  world.items[1].licences = {{"DE", day(2020, 1), day(2021, 1)}};
  world.AddUser("u", {1, 0});
  Start(world);
  Ask();
  const std::string at = " at 2026-06-01T00:00:00Z; there it ";
  EXPECT_THAT(
      Details({"over", "never", "open"}),
      ElementsAre(
          "'Title over' is not licensed in FR" + at +
              "is licensed from 2022-01-01T00:00:00Z until "
              "2023-01-01T00:00:00Z and until 2020-01-01T00:00:00Z",
          "'Title never' is not licensed in FR" + at + "has no licence at all",
          "'Title open' is shown at position 1, rank 1 of retrieval"));
  request_.country = "DE";
  Ask();
  EXPECT_THAT(Details({"over", "never"}),
              ElementsAre("'Title over' is not licensed in DE" + at +
                              "is licensed from 2030-01-01T00:00:00Z on and "
                              "until 2020-01-01T00:00:00Z",
                          "'Title never' is not licensed in DE" + at +
                              "is licensed from 2020-01-01T00:00:00Z until "
                              "2021-01-01T00:00:00Z"));
  request_.country = {};
  Ask();
  EXPECT_THAT(Details({"over", "never"}),
              ElementsAre("'Title over' is not licensed in an unknown country" +
                              at + "is licensed until 2020-01-01T00:00:00Z",
                          "'Title never' is not licensed in an unknown "
                          "country" +
                              at + "has no licence at all"));
}

TEST_F(ExplainTest, TwinsAreRankedByTheirRows) {
  SmallWorld world;
  for (const char* const id : {"a", "b", "c"}) world.AddItem(id, {1, 0});
  world.AddItem("best", {2, 0});
  world.AddUser("u", {1, 0});
  Start(world);
  Ask();
  EXPECT_EQ(Of("best").exact_rank, 1);
  EXPECT_EQ(Of("a").exact_rank, 2);
  EXPECT_EQ(Of("b").exact_rank, 3);
  EXPECT_EQ(Of("c").exact_rank, 4);
}

// The cold-start list has 50 items, of which 10 are shown.
TEST_F(ExplainTest, ANewUsersItemsHaveNoRanks) {
  SmallWorld world = World();
  for (int i = 0; i < 70; ++i)
    world.AddWatches(absl::StrCat("t", i), 80 - i, "FR");
  Start(world);
  request_.user_id = {};
  Ask();
  EXPECT_THAT(
      Details({"t0", "t20", "t69", "plain"}),
      ElementsAre(
          "'Title t0' is shown at position 1, without a rank",
          "'Title t20' was a candidate, without a rank, and others had higher "
          "scores",
          "'Title t69' was not among the 50 candidates, for which no vector "
          "was "
          "used",
          "'Title plain' was not among the 50 candidates, for which no vector "
          "was used"));
  EXPECT_EQ(Of("t69").outcome, Outcome::kNotRetrieved);
}

TEST_F(ExplainTest, EveryEndHasAName) {
  EXPECT_EQ(OutcomeName(Outcome::kShown), "shown");
  EXPECT_EQ(OutcomeName(Outcome::kUnknownItem), "unknown_item");
  EXPECT_EQ(OutcomeName(Outcome::kNotLicensed), "not_licensed");
  EXPECT_EQ(OutcomeName(Outcome::kTooMature), "too_mature");
  EXPECT_EQ(OutcomeName(Outcome::kSeen), "seen");
  EXPECT_EQ(OutcomeName(Outcome::kExcluded), "excluded");
  EXPECT_EQ(OutcomeName(Outcome::kFiltered), "filtered");
  EXPECT_EQ(OutcomeName(Outcome::kNotSeen), "not_seen");
  EXPECT_EQ(OutcomeName(Outcome::kBlocked), "blocked");
  EXPECT_EQ(OutcomeName(Outcome::kNoVector), "no_vector");
  EXPECT_EQ(OutcomeName(Outcome::kNotRetrieved), "not_retrieved");
  EXPECT_EQ(OutcomeName(Outcome::kRankedBelow), "ranked_below");
  EXPECT_EQ(OutcomeName(Outcome::kCapped), "capped");
  EXPECT_EQ(OutcomeName(Outcome::kNotDiverse), "not_diverse");
}

}  // namespace
}  // namespace marquee
