// Which sources bring the candidates of a request, and what becomes of them.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "core/pipeline/mix.h"
#include "core/pipeline/pipeline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Cause = Degradation::Cause;

// t0 to t5 have vectors, the better for u the higher; t1 and t0 are played. No
// other item has one: "hit" is played most, "fresh" and "fresher" are new,
// "rel" is liked by those who like "seen", as u does. "plain" has no vector,
// and likes "seen", too. "stranger" has seen nothing.
SmallWorld World() {
  SmallWorld world;
  world.only_personal = false;
  for (int i = 0; i < 6; ++i) {
    world.AddItem(absl::StrCat("t", i), {0.1f * static_cast<float>(i), 1});
  }
  for (const char* const id : {"hit", "fresh", "fresher", "seen", "rel"}) {
    world.AddItem(id, {});
  }
  world.items[7].released = absl::CivilDay(2026, 5, 1);
  world.items[8].released = absl::CivilDay(2026, 5, 25);
  world.AddUser("u", {1, 0});
  world.AddUser("plain", {});
  world.AddUser("stranger", {});
  world.AddWatches("hit", 40, "DE");
  world.AddWatches("t1", 20, "US");
  world.AddWatches("t0", 10, "US");
  for (const char* const user : {"u", "plain", "fan", "other fan"}) {
    world.interactions.push_back({user, "seen", 1, "play", 1});
  }
  for (const char* const user : {"fan", "other fan"}) {
    world.interactions.push_back({user, "rel", 1, "play", 1});
  }
  return world;
}

// Puts the adult items first; the similarity of kTinyModel would say nothing of
// an item without a vector.
std::string AdultFirst() {
  return absl::StrReplaceAll(kTinyModel,
                             {{"cross.similarity", "item.maturity"}});
}

class RequestSources : public ::testing::Test {
 protected:
  void Start(const SmallWorld& world, const PipelineOptions& options = {}) {
    std::filesystem::remove_all(ScratchPath("world"));
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
    for (const RecommendedItem& item : response_.items) {
      ids.push_back(Id(item.row));
    }
    return ids;
  }
  std::vector<std::string> Row(const std::vector<Source>& sources) {
    request_.sources = sources;
    return Ask();
  }
  std::string Id(ItemRow row) {
    return std::string(snapshot_->catalog().Id(row));
  }
  std::vector<Source> Origins() {
    std::vector<Source> sources;
    for (const RecommendedItem& item : response_.items) {
      sources.push_back(item.source);
    }
    return sources;
  }
  std::vector<Cause> Causes() {
    std::vector<Cause> causes;
    for (const Degradation& degradation : response_.degradations) {
      causes.push_back(degradation.cause);
    }
    return causes;
  }

  FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<PipelineScratch> scratch_;
  RecommendRequest request_;
  RecommendResponse response_;
};

TEST_F(RequestSources, ARowOfOneSourceKeepsItsOrderAndIsNotFilled) {
  SmallWorld world = World();
  world.items[0].maturity = 18;
  world.ranker = AdultFirst();
  Start(world);
  request_.limit = 9;
  EXPECT_THAT(Row({Source::kTrending}), ElementsAre("hit", "t1", "t0", "rel"));
  EXPECT_THAT(Origins(), Each(Source::kTrending));
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_FALSE(response_.engine.has_value()) << "no need to search";
  ASSERT_THAT(Causes(), ElementsAre(Cause::kSources));
  EXPECT_EQ(response_.degradations[0].detail,
            "the requested sources have 4 items");
  EXPECT_TRUE(std::is_sorted(
      response_.items.begin(), response_.items.end(),
      [](const auto& a, const auto& b) { return a.score > b.score; }));

  EXPECT_THAT(Row({Source::kNew}), ElementsAre("fresher", "fresh"));
  EXPECT_THAT(Row({Source::kBecause}), ElementsAre("rel"));
  EXPECT_THAT(Row({Source::kGenre}), IsEmpty());
  EXPECT_THAT(Causes(), ElementsAre(Cause::kSources));
  EXPECT_EQ(response_.tier, Tier::kFull);

  // A list that is full needs no reason.
  request_.limit = 3;
  EXPECT_THAT(Row({Source::kTrending}), ElementsAre("hit", "t1", "t0"));
  EXPECT_THAT(Causes(), IsEmpty());
}

// Neither what stands on the pages before nor a pin is counted with the
// sources.
TEST_F(RequestSources, AShortRowIsTheSourcesFaultOnEveryPageAndWithPins) {
  SmallWorld world = World();
  world.policy = "pins { name: 'p' item_id: 't3' position: 5 }";
  Start(world);
  request_.limit = 6;
  EXPECT_THAT(Row({Source::kTrending}),
              ElementsAre("hit", "t1", "t0", "rel", "t3"));
  EXPECT_THAT(Causes(), ElementsAre(Cause::kSources));
  request_.limit = 3;
  request_.shown = {"hit", "t1", "t0"};
  EXPECT_THAT(Row({Source::kTrending}), ElementsAre("rel", "t3"));
  ASSERT_THAT(Causes(), ElementsAre(Cause::kSources));
  EXPECT_EQ(response_.degradations[0].detail,
            "the requested sources have 1 more items");
  request_.shown = {"hit", "t1", "t0", "rel", "t3"};
  EXPECT_THAT(Row({Source::kTrending}), IsEmpty());
  EXPECT_THAT(Causes(), ElementsAre(Cause::kSources));
}

// Caps that hold an item of the row back are the reason.
TEST_F(RequestSources, ARowThatCapsCutIsTheCapsFault) {
  SmallWorld world = World();
  world.items[0].attributes["franchise"] = {"saga"};
  world.items[1].attributes["franchise"] = {"saga"};
  world.policy =
      "caps { name: 'c' attribute: 'franchise' max: 1 strict: true }";
  Start(world);
  request_.limit = 6;
  EXPECT_THAT(Row({Source::kTrending}), ElementsAre("hit", "t1", "rel"));
  EXPECT_THAT(Causes(), ElementsAre(Cause::kCaps));
}

TEST_F(RequestSources, ARowOfSeveralSourcesTakesTurns) {
  Start(World());
  request_.limit = 5;
  const auto expected = ElementsAre("hit", "fresher", "rel", "t1", "fresh");
  EXPECT_THAT(Row({Source::kTrending, Source::kNew, Source::kBecause}),
              expected);
  EXPECT_THAT(Origins(),
              ElementsAre(Source::kTrending, Source::kNew, Source::kBecause,
                          Source::kTrending, Source::kNew));
  // Whatever their order in the request.
  EXPECT_THAT(Row({Source::kBecause, Source::kNew, Source::kTrending}),
              expected);
}

// The ranker's room for candidates does not end a row that it does not order.
TEST_F(RequestSources, ARowIsAsLongAsItsSource) {
  Start(World(), {.candidates = 2});
  request_.limit = 4;
  EXPECT_EQ(Row({Source::kTrending}).size(), 4);
  EXPECT_TRUE(Causes().empty());
}

// A row of the user's own is a list for the user, which the ranker orders.
TEST_F(RequestSources, ARowWithTheUsersOwnIsRanked) {
  SmallWorld world = World();
  world.items[0].maturity = 18;
  world.ranker = AdultFirst();
  Start(world);
  request_.limit = 9;
  EXPECT_THAT(Row({Source::kPersonal}),
              ElementsAre("t0", "t1", "t2", "t3", "t4", "t5"));
  EXPECT_THAT(Origins(), Each(Source::kPersonal));
  EXPECT_THAT(Causes(), ElementsAre(Cause::kSources));
  EXPECT_EQ(Row({Source::kPersonal, Source::kTrending}).front(), "t0");
}

TEST_F(RequestSources, ARowWithoutVectorsIsFullForEverybody) {
  Start(World());
  for (const char* const user : {"plain", "stranger", "", "nobody"}) {
    request_.user_id = user;
    request_.limit = 3;
    EXPECT_THAT(Row({Source::kTrending}), ElementsAre("hit", "t1", "t0"));
    EXPECT_EQ(response_.tier, Tier::kFull);
    EXPECT_THAT(Causes(), IsEmpty());
  }
}

TEST_F(RequestSources, ARowOfVectorsForAUserWithoutOneSaysSo) {
  Start(World());
  request_.user_id = "plain";
  request_.limit = 2;
  EXPECT_THAT(Row({Source::kPersonal, Source::kNew}),
              ElementsAre("fresher", "fresh"));
  EXPECT_THAT(Causes(), ElementsAre(Cause::kNoVector));
  EXPECT_EQ(response_.tier, Tier::kPopular);
  EXPECT_THAT(Row({Source::kPersonal}), ElementsAre("hit", "t1"));
  EXPECT_THAT(Causes(), ElementsAre(Cause::kNoVector));
}

// Without retrieval and ranking there is nothing to save.
TEST_F(RequestSources, ARowWithoutVectorsIsFullUnderOverload) {
  Start(World());
  request_.best_tier = Tier::kPopular;
  request_.limit = 1;
  EXPECT_THAT(Row({Source::kBecause}), ElementsAre("rel"));
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(Causes(), IsEmpty());
}

// By default: no search for vectors, none for those who like the same.
TEST_F(RequestSources, OverloadLeavesTheCheapestSources) {
  Start(World());
  EXPECT_THAT(Ask(), Contains("t5"));
  EXPECT_THAT(Origins(), Contains(Source::kBecause));
  request_.best_tier = Tier::kPopular;
  request_.limit = 6;
  EXPECT_THAT(Ask(), ElementsAre("hit", "t1", "t0", "rel", "fresher", "fresh"));
  EXPECT_THAT(Origins(), ElementsAre(Source::kTrending, Source::kTrending,
                                     Source::kTrending, Source::kTrending,
                                     Source::kNew, Source::kNew));
  EXPECT_EQ(response_.tier, Tier::kPopular);
  EXPECT_THAT(Causes(), ElementsAre(Cause::kOverload));
}

TEST_F(RequestSources, AnItemWithoutAVectorReachesTheListOfAUserWithOne) {
  Start(World());
  request_.limit = 10;
  const std::vector<std::string> ids = Ask();
  const auto source = [&](const char* id) {
    const auto at = std::find(ids.begin(), ids.end(), id);
    EXPECT_NE(at, ids.end()) << id;
    return response_.items[at - ids.begin()].source;
  };
  EXPECT_EQ(ids.front(), "t5");
  EXPECT_EQ(source("t5"), Source::kPersonal);
  EXPECT_EQ(source("hit"), Source::kTrending);
  EXPECT_EQ(source("fresher"), Source::kNew);
  EXPECT_EQ(source("rel"), Source::kBecause);
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(ids, Not(Contains("seen")));
}

// Also of those that another source brought, for the ranker.
TEST_F(RequestSources, ScoresOfCandidatesAreInnerProducts) {
  SmallWorld world = World();
  world.ranker = AdultFirst();
  world.policy =
      "sources { name: 'p' source: 'personal' weight: 1 }\n"
      "sources { name: 't' source: 'trending' weight: 1 }\n";
  Start(world, {.candidates = 4});
  Trace trace;
  Ask(&trace);
  std::vector<std::string> ids;
  for (const Candidate& candidate : trace.candidates) {
    ids.push_back(Id(candidate.row));
  }
  ASSERT_THAT(ids, ElementsAre("t5", "hit", "t4", "t1"));
  EXPECT_FLOAT_EQ(trace.candidates[0].score, 0.5f);
  EXPECT_TRUE(std::isnan(trace.candidates[1].score));
  EXPECT_FLOAT_EQ(trace.candidates[2].score, 0.4f);
  EXPECT_FLOAT_EQ(trace.candidates[3].score, 0.1f) << "not of retrieval";
  ASSERT_THAT(trace.origins, SizeIs(4));
  EXPECT_THAT(trace.origins[3].rank, ElementsAre(0, 2, 0, 0, 0));
  EXPECT_THAT(trace.origins[2].rank, ElementsAre(2, 0, 0, 0, 0));
  EXPECT_THAT(trace.ranker_scores, SizeIs(4));
  // A user without a vector has none with any item.
  request_.user_id = "plain";
  Ask(&trace);
  ASSERT_THAT(trace.candidates, SizeIs(4));
  for (const Candidate& candidate : trace.candidates) {
    EXPECT_TRUE(std::isnan(candidate.score));
  }
}

TEST_F(RequestSources, AUserWithoutAVectorIsRankedIfThereIsARanker) {
  SmallWorld world = World();
  world.items[10].maturity = 18;  // rel
  world.ranker = AdultFirst();
  Start(world);
  request_.user_id = "plain";
  request_.limit = 3;
  Trace trace;
  EXPECT_EQ(Ask(&trace).front(), "rel");
  EXPECT_THAT(trace.ranker_scores, SizeIs(trace.candidates.size()));
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(Causes(), ElementsAre(Cause::kNoVector));
  EXPECT_EQ(response_.vector_source, VectorSource::kNone);

  request_.best_tier = Tier::kReduced;
  EXPECT_EQ(Ask().front(), "rel");
  EXPECT_EQ(response_.tier, Tier::kReduced);
  // Without the ranker, nothing is left but what is popular.
  request_.best_tier = Tier::kRetrievalOrder;
  EXPECT_EQ(Ask().front(), "hit");
  EXPECT_EQ(response_.tier, Tier::kPopular);
  EXPECT_THAT(Causes(), ElementsAre(Cause::kNoVector, Cause::kOverload));

  Start(World());
  request_.user_id = "plain";
  request_.best_tier = Tier::kFull;
  EXPECT_EQ(Ask().front(), "hit");
  EXPECT_EQ(response_.tier, Tier::kPopular);
}

TEST_F(RequestSources, TheMixIsThatOfTheAudience) {
  SmallWorld world = World();
  world.policy =
      "sources { name: 'a' source: 'new' weight: 1\n"
      "          audience { countries: 'FR' } }\n"
      "sources { name: 'b' source: 'because' weight: 1\n"
      "          audience { devices: 'tv' } }\n";
  Start(world);
  request_.country = "FR";
  request_.limit = 2;
  EXPECT_THAT(Ask(), ElementsAre("fresher", "fresh"));
  EXPECT_FALSE(response_.engine.has_value());
  request_.device = "tv";
  EXPECT_THAT(Ask(), ElementsAre("fresher", "rel"));
  request_.country = "US";
  request_.limit = 1;
  EXPECT_THAT(Ask(), ElementsAre("rel"));
  // In no audience: the default.
  request_.device = "";
  EXPECT_THAT(Ask(), ElementsAre("t5"));
  // The policy's row is not one that was requested: it is filled.
  request_.device = "tv";
  request_.limit = 5;
  EXPECT_THAT(Ask(), SizeIs(5));
  EXPECT_THAT(Origins(), Contains(Source::kPopular));
  EXPECT_THAT(Causes(), IsEmpty());
}

// The later plays of one, and more of the other long ago.
TEST_F(RequestSources, RulesSayHowFarBackASourceLooks) {
  SmallWorld world;
  world.only_personal = false;
  for (const char* const id : {"old", "late", "fresh", "fresher"}) {
    world.AddItem(id, {});
    world.items.back().attributes["genre"] = {"Drama"};
  }
  world.items[2].released = absl::CivilDay(2026, 5, 1);
  world.items[3].released = absl::CivilDay(2026, 5, 25);
  world.AddItem("seen", {1});
  world.items.back().attributes["genre"] = {"Drama"};
  world.AddUser("u", {1});
  world.interactions = {{"u", "seen", 1, "play", 1}};
  world.AddWatches("old", 400);
  world.AddWatches("late", 150);
  for (Interaction& play : world.interactions) {
    play.timestamp = kSmallNow - 86400 * (play.item_id == "late" ? 1 : 15);
  }
  for (const char* const source : {"trending", "genre"}) {
    for (const auto& [half_life, first] :
         {std::pair("30d", "old"), std::pair("6h", "late")}) {
      world.policy = absl::StrCat("sources { name: 'x' weight: 1 source: '",
                                  source, "' half_life: '", half_life, "' }");
      Start(world);
      request_.limit = 1;
      request_.sources.clear();
      EXPECT_THAT(Ask(), ElementsAre(first)) << source << half_life;
      // A row looks as far back as the rules say.
      EXPECT_THAT(Row({source == std::string("genre") ? Source::kGenre
                                                      : Source::kTrending}),
                  ElementsAre(first));
    }
  }
  for (const auto& [days, count] :
       {std::pair(6, 0), std::pair(7, 1), std::pair(30, 1), std::pair(31, 2)}) {
    world.policy = absl::StrCat(
        "sources { name: 'x' weight: 1 source: 'new' days: ", days, " }");
    // Their beginning is their first play.
    for (Interaction& play : world.interactions) play.timestamp = 1;
    Start(world);
    request_.limit = 5;
    EXPECT_THAT(Row({Source::kNew}), SizeIs(count)) << days;
  }
}

// ---- the mix alone

SourceRule Rule(Source source, int weight) {
  SourceRule rule;
  rule.source = source;
  rule.weight = weight;
  return rule;
}

TEST(Mix, IsTheDefaultWithoutRules) {
  EXPECT_EQ(MixOf({}, {}, {}).weights, SourceMix::Default().weights);
}

TEST(Mix, OfTheRulesOfASourceTheFirstThatAppliesCounts) {
  Policy policy;
  policy.sources = {Rule(Source::kTrending, 3), Rule(Source::kNew, 5),
                    Rule(Source::kTrending, 7), Rule(Source::kGenre, 2),
                    Rule(Source::kNew, 9),      Rule(Source::kGenre, 4)};
  policy.sources[0].horizon = Horizon::kHours;
  policy.sources[0].audience.countries = {"DE"};
  policy.sources[1].new_days = 30;
  policy.sources[2].horizon = Horizon::kDay;
  policy.sources[3].horizon = Horizon::kMonth;
  policy.sources[4].new_days = 60;
  const SourceMix german = MixOf({}, policy, {.country = "DE"});
  EXPECT_THAT(german.weights, ElementsAre(0, 3, 5, 0, 2));
  EXPECT_EQ(german.horizon, Horizon::kHours);
  EXPECT_EQ(german.genre_horizon, Horizon::kMonth);
  EXPECT_EQ(german.new_days, 30);
  const SourceMix other = MixOf({}, policy, {.country = "US"});
  EXPECT_THAT(other.weights, ElementsAre(0, 7, 5, 0, 2));
  EXPECT_EQ(other.horizon, Horizon::kDay);
}

TEST(Mix, OfARequestHasTheWindowsOfTheRules) {
  Policy policy;
  policy.sources = {Rule(Source::kTrending, 3), Rule(Source::kNew, 5)};
  policy.sources[0].horizon = Horizon::kHours;
  policy.sources[1].new_days = 30;
  RecommendRequest request;
  request.sources = {Source::kNew, Source::kGenre};
  const SourceMix mix = MixOf(request, policy, {});
  EXPECT_THAT(mix.weights, ElementsAre(0, 0, 1, 0, 1));
  EXPECT_EQ(mix.horizon, Horizon::kHours);
  EXPECT_EQ(mix.genre_horizon, Horizon::kWeek);
  EXPECT_EQ(mix.new_days, 30);
}

TEST(Mix, WithoutVectorsIsWhatIsLeft) {
  const auto without = [](std::array<int, kCandidateSources> weights) {
    SourceMix mix;
    mix.weights = weights;
    return WithoutVector(mix).weights;
  };
  EXPECT_THAT(without({8, 4, 1, 4, 2}), ElementsAre(0, 4, 1, 4, 2));
  EXPECT_THAT(without({8, 0, 0, 0, 1}), ElementsAre(0, 0, 0, 0, 1));
  EXPECT_THAT(without({8, 0, 0, 0, 0}), ElementsAre(0, 4, 1, 0, 0));
}

TEST(Mix, TheCheapestPartIsTrendingAndNew) {
  const auto cheapest = [](std::array<int, kCandidateSources> weights) {
    SourceMix mix;
    mix.weights = weights;
    return Cheapest(mix).weights;
  };
  EXPECT_THAT(cheapest({8, 3, 2, 4, 2}), ElementsAre(0, 3, 2, 0, 0));
  EXPECT_THAT(cheapest({8, 0, 2, 4, 2}), ElementsAre(0, 0, 2, 0, 0));
  EXPECT_THAT(cheapest({8, 0, 0, 4, 2}), ElementsAre(0, 4, 1, 0, 0));
}

// ---- what the user liked last

class Latest : public RequestSources {
 protected:
  std::vector<std::string> Of(const std::vector<RecentEvent>& events) {
    request_.recent_events = events;
    EXPECT_TRUE(ResolveUser(*snapshot_, request_, scratch_->user).ok());
    std::vector<std::string> ids;
    for (const ItemRow row : scratch_->user.latest) ids.push_back(Id(row));
    return ids;
  }
};

TEST_F(Latest, EventsOfTheRequestThenLikedItemsByTheirLastPlay) {
  SmallWorld world;
  for (int i = 0; i < 8; ++i) world.AddItem(absl::StrCat("t", i), {1});
  world.AddUser("u", {1});
  world.interactions = {
      {"u", "t0", 600, "play", 1},  {"u", "t1", 3000, "play", 1},
      {"u", "t2", 1200, "play", 1}, {"u", "t0", 1800, "play", 1},
      {"u", "t3", 9000, "play", 0}, {"u", "t5", 1200, "play", 1}};
  Start(world);
  // Of one moment, the lower row first.
  EXPECT_THAT(Of({}), ElementsAre("t1", "t0", "t2", "t5"));
  EXPECT_THAT(Of({{"t6", 1}, {"t7", 1}, {"nowhere", 1}, {"t2", 1}, {"t6", 1}}),
              ElementsAre("t6", "t2", "t7", "t1", "t0", "t5"));
  request_.user_id = "nobody";
  EXPECT_THAT(Of({{"t6", 1}, {"t7", 1}}), ElementsAre("t7", "t6"));
  EXPECT_THAT(Of({}), IsEmpty());
}

TEST_F(Latest, AreThirtyAtMost) {
  SmallWorld world;
  for (int i = 0; i < 80; ++i) world.AddItem(absl::StrCat("t", i), {1});
  world.AddUser("u", {1});
  for (int i = 0; i < 40; ++i) {
    world.interactions.push_back(
        {"u", absl::StrCat("t", i), 600 * (i + 1), "play", 1});
  }
  Start(world);
  const std::vector<std::string> stored = Of({});
  ASSERT_THAT(stored, SizeIs(30));
  EXPECT_EQ(stored.front(), "t39");
  EXPECT_EQ(stored.back(), "t10");
  // One of the stored, and a new one: 29 of the stored are left.
  const std::vector<std::string> both = Of({{"t39", 1}, {"t70", 1}});
  ASSERT_THAT(both, SizeIs(30));
  EXPECT_EQ(both[0], "t70");
  EXPECT_EQ(both[1], "t39");
  EXPECT_EQ(both[2], "t38");
  EXPECT_EQ(both.back(), "t11");
  std::vector<std::string> ids;
  for (int i = 40; i < 75; ++i) ids.push_back(absl::StrCat("t", i));
  std::vector<RecentEvent> events;
  for (const std::string& id : ids) events.push_back({id, 1});
  const std::vector<std::string> recent = Of(events);
  ASSERT_THAT(recent, SizeIs(30));
  EXPECT_EQ(recent.front(), "t74");
  EXPECT_EQ(recent.back(), "t45");
}

}  // namespace
}  // namespace marquee
