// The user, the eligible items, and the final check.
#include "core/pipeline/resolved_user.h"

#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/pipeline/eligible_set.h"
#include "core/pipeline/final_check.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// t0 to t69, of which t60 to t69 have no vector; t1 is licensed in DE alone and
// until now, t2 is for 18 years, t3 is hidden on a TV; t4 to t9 are of "saga".
SmallWorld World() {
  SmallWorld world;
  for (int i = 0; i < 70; ++i) {
    world.AddItem(absl::StrCat("t", i),
                  i < 60 ? std::vector<float>{1, static_cast<float>(i)}
                         : std::vector<float>{},
                  i >= 4 && i < 10 ? "saga" : "");
  }
  world.items[1].licences = {{"DE", absl::FromUnixSeconds(kSmallNow - 10),
                              absl::FromUnixSeconds(kSmallNow)}};
  world.items[2].maturity = 18;
  world.AddUser("u", {0.5f, 2});
  world.users[0].country = "DE";
  world.users[0].language = "de";
  world.users[0].maturity_limit = 12;
  world.AddUser("plain", {});
  world.interactions = {{"u", "t20", 1, "play", 1}};
  world.policy =
      "blocks { name: 'b' match { item_ids: 't3' } audience { devices: 'tv' } "
      "}\n";
  return world;
}

class ResolvedUserTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(ScratchPath("world"));
    snapshot_ = World().Build(ScratchPath("world"));
    eligibility_ = std::make_unique<Eligibility>(
        snapshot_->catalog(), snapshot_->licences(), kSmallNow);
    request_.now = absl::FromUnixSeconds(kSmallNow - 1);
  }
  absl::Status Resolve() { return ResolveUser(*snapshot_, request_, user_); }
  ItemRow Row(const std::string& id) { return *snapshot_->catalog().Find(id); }
  // Whether the item may be shown; what eligibility and the final check agree
  // on.
  bool MayShow(const std::string& id) {
    EXPECT_TRUE(Resolve().ok());
    EXPECT_TRUE(
        FindEligible(*snapshot_, *eligibility_, request_, user_, set_).ok());
    size_t count = 0;
    size_t retrievable = 0;
    for (uint32_t row = 0; row < 70; ++row) {
      const bool shown = TestBit(set_.items, row);
      const auto why =
          FindIneligibility(*snapshot_, request_, user_, ItemRow{row});
      EXPECT_EQ(shown, !why) << snapshot_->catalog().Id(ItemRow{row});
      count += shown;
      if (!snapshot_->item_vectors().Has(ItemRow{row})) continue;
      EXPECT_EQ(TestBit(set_.retrievable, row), shown);
      retrievable += shown;
    }
    EXPECT_EQ(set_.count, count);
    EXPECT_EQ(set_.retrievable_count, retrievable);
    EXPECT_EQ(CountBits(set_.retrievable), retrievable);
    return TestBit(set_.items, Index(Row(id)));
  }
  std::optional<Ineligibility> Why(const std::string& id) {
    EXPECT_FALSE(MayShow(id));
    return FindIneligibility(*snapshot_, request_, user_, Row(id));
  }

  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<const Eligibility> eligibility_;
  RecommendRequest request_;
  ResolvedUser user_;
  EligibleSet set_;
};

TEST_F(ResolvedUserTest, TheProfileStandsForWhatTheRequestDoesNotSay) {
  request_.user_id = "u";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_TRUE(user_.row);
  EXPECT_EQ(user_.context.country, "DE");
  EXPECT_EQ(user_.context.language, "de");
  EXPECT_EQ(user_.context.maturity_limit, 12);
  EXPECT_EQ(user_.country, snapshot_->licences().FindCountry("DE"));
  request_.country = "FR";
  request_.language = "fr";
  request_.device = "tv";
  request_.scene = "home";
  request_.maturity_limit = 16;
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.context.country, "FR");
  EXPECT_EQ(user_.context.language, "fr");
  EXPECT_EQ(user_.context.device, "tv");
  EXPECT_EQ(user_.context.scene, "home");
  EXPECT_EQ(user_.context.maturity_limit, 12) << "the stricter one holds";
  request_.maturity_limit = 6;
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.context.maturity_limit, 6);
  request_ = {};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_FALSE(user_.row);
  EXPECT_EQ(user_.context.country, "");
  EXPECT_EQ(user_.context.maturity_limit, UserTable::kNoMaturityLimit);
}

TEST_F(ResolvedUserTest, TheVectorIsOfTheBestThatIsKnown) {
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kNone);
  EXPECT_FALSE(user_.has_vector());
  request_.user_id = "plain";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kNone);
  request_.user_id = "u";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kStored);
  EXPECT_TRUE(user_.has_vector());
  EXPECT_THAT(user_.vector, ElementsAre(0.5f, 2));
  // An event without a vector, or of no item, gives no vector.
  request_.recent_events = {{"t61", 1}, {"t99", 1}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kStored);
  request_.recent_events = {{"t5", 2}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kRecentEvents);
  const std::vector<float> embedding = {3, 4};
  request_.embedding = embedding;
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kRequest);
  EXPECT_THAT(user_.vector, ElementsAre(3, 4));
  request_.similar_to = "t7";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kItem);
  EXPECT_THAT(user_.vector, ElementsAre(1, 7));
  EXPECT_EQ(user_.similar_to, Row("t7"));
  request_.similar_to = {};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_FALSE(user_.similar_to);
}

// Items are {1, number}, the stored vector is {0.5, 2}, its half.
TEST_F(ResolvedUserTest, EventsMoveTheUserByTheirWeights) {
  request_.user_id = "plain";
  request_.recent_events = {{"t5"}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.vector, ElementsAre(1, 5));
  request_.recent_events = {{"t5"}, {"t9", 3}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.vector, ElementsAre(1, 8));
  request_.user_id = "u";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.vector, ElementsAre(0.75f, 5));
  EXPECT_EQ(user_.vector_source, VectorSource::kRecentEvents);
}

TEST_F(ResolvedUserTest, EventsThatAreSentAgainCountOnce) {
  request_.user_id = "plain";
  request_.recent_events = {{"t9", 2}, {"t5"}, {"t5"}, {"t9", 3}, {"t5"}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.vector, ElementsAre(1, 8));
  EXPECT_THAT(user_.seen, UnorderedElementsAre(Row("t5"), Row("t9")));
  EXPECT_EQ(user_.context.taste.watches, 2);
  // t20 is of the stored history, which the stored vector knows.
  request_.user_id = "u";
  request_.recent_events = {{"t20"}, {"t5"}, {"t20"}, {"t9", 3}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.vector, ElementsAre(0.75f, 5));
  EXPECT_THAT(user_.seen,
              UnorderedElementsAre(Row("t5"), Row("t9"), Row("t20")));
  request_.recent_events = {{"t20"}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.vector_source, VectorSource::kStored);
  EXPECT_THAT(user_.vector, ElementsAre(0.5f, 2));
  EXPECT_THAT(user_.seen, ElementsAre(Row("t20")));
}

// Stored once it was ever computed; else of the events.
TEST_F(ResolvedUserTest, TasteIsStoredOrOfTheEvents) {
  request_.recent_events = {{"t5"}, {"t61"}, {"t7"}};
  request_.user_id = "u";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.context.taste.watches, 1);
  EXPECT_EQ(user_.context.taste.watches, 1);
  for (const char* const user : {"plain", "stranger", ""}) {
    request_.user_id = user;
    ASSERT_TRUE(Resolve().ok());
    EXPECT_EQ(user_.context.taste.watches, 3);
    EXPECT_EQ(user_.context.taste.watches, 3);
  }
  request_.recent_events.clear();
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(user_.context.taste.watches, 0);
}

TEST_F(ResolvedUserTest, WhatWasWatchedLatelyAndBeforeIsSeen) {
  request_.user_id = "u";
  request_.recent_events = {{"t5", 1}, {"t99", 1}, {"t61", 1}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.seen,
              UnorderedElementsAre(Row("t5"), Row("t61"), Row("t20")));
  request_.recent_events.clear();
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.seen, ElementsAre(Row("t20")));
  request_.user_id = {};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(user_.seen, IsEmpty());
}

TEST_F(ResolvedUserTest, FaultsOfARequestAreNamed) {
  std::vector<float> embedding = {1};
  request_.embedding = embedding;
  EXPECT_EQ(Resolve(), absl::InvalidArgumentError(
                           "user_embedding: has 1 values, must have 2"));
  for (const float wrong : {std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
    embedding = {1, wrong};
    request_.embedding = embedding;
    EXPECT_EQ(Resolve(), absl::InvalidArgumentError(
                             "user_embedding[1]: must be a finite number"));
    embedding = {wrong, 1};
    EXPECT_EQ(Resolve(), absl::InvalidArgumentError(
                             "user_embedding[0]: must be a finite number"));
    // what follows it is of another user.
    const std::vector<float> longer = {1, 1, wrong};
    request_.embedding = std::span(longer).first(2);
    EXPECT_TRUE(Resolve().ok());
  }
  request_.similar_to = "t99";
  EXPECT_EQ(Resolve(),
            absl::NotFoundError("item_id: the catalogue has no item 't99'"));
  request_.similar_to = "t61";
  EXPECT_EQ(Resolve(), absl::FailedPreconditionError(
                           "item_id: item 't61' has no vector in this "
                           "snapshot: too few watches, or zeros"));
  request_ = {};
  request_.filters = {{"franchise", {"saga"}}, {"colour", {"red"}}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(FindEligible(*snapshot_, *eligibility_, request_, user_, set_),
            absl::InvalidArgumentError(
                "context.filters[1].attribute: unknown attribute 'colour'; the "
                "catalogue has: franchise"));
  EXPECT_EQ(FindIneligibility(*snapshot_, request_, user_, Row("t4")),
            Ineligibility::kFiltered);
}

TEST_F(ResolvedUserTest, EveryReasonNotToShowAnItemHolds) {
  request_.country = "DE";
  for (const char* id : {"t0", "t1", "t2", "t3", "t20", "t69"}) {
    EXPECT_TRUE(MayShow(id)) << id;
  }
  request_.country = "FR";
  EXPECT_EQ(Why("t1"), Ineligibility::kNotLicensed);
  request_.country = "DE";
  request_.now += absl::Seconds(1);
  EXPECT_EQ(Why("t1"), Ineligibility::kNotLicensed) << "it has ended";
  request_.maturity_limit = 18;
  EXPECT_TRUE(MayShow("t2"));
  request_.maturity_limit = 17;
  EXPECT_EQ(Why("t2"), Ineligibility::kTooMature);
  request_.user_id = "u";
  EXPECT_EQ(Why("t20"), Ineligibility::kSeen);
  request_.seen = SeenItems::kIncluded;
  EXPECT_TRUE(MayShow("t20"));
  EXPECT_TRUE(MayShow("t21"));
  request_.seen = SeenItems::kOnly;
  EXPECT_TRUE(MayShow("t20"));
  EXPECT_EQ(Why("t21"), Ineligibility::kNotSeen);
  EXPECT_EQ(set_.count, 1);
  request_.recent_events = {{"t22", 1}};
  EXPECT_TRUE(MayShow("t22"));
  EXPECT_EQ(set_.count, 2);
  request_.recent_events.clear();
  request_.seen = SeenItems::kLeftOut;
  EXPECT_FALSE(MayShow("t20"));
  EXPECT_EQ(set_.left_out, 1);
  request_.filters = {{"franchise", {"saga"}}};
  EXPECT_FALSE(MayShow("t20"));
  EXPECT_EQ(set_.left_out, 0) << "the filter hides it, too";
  request_.filters.clear();
  request_.exclude = {"t99", "t8"};
  EXPECT_EQ(Why("t8"), Ineligibility::kExcluded);
  EXPECT_TRUE(MayShow("t9"));
  request_.device = "tv";
  EXPECT_EQ(Why("t3"), Ineligibility::kBlocked);
  request_.similar_to = "t4";
  EXPECT_EQ(Why("t4"), Ineligibility::kExcluded);
  // Every filter must hold; of its values one.
  request_.filters = {{"franchise", {"none", "saga"}}};
  EXPECT_TRUE(MayShow("t9"));
  EXPECT_EQ(Why("t10"), Ineligibility::kFiltered);
  request_.filters.push_back({"franchise", {"none"}});
  EXPECT_EQ(Why("t9"), Ineligibility::kFiltered);
  EXPECT_EQ(set_.count, 0);
}

// Rows are kept in words of 64, items with a vector first.
TEST(EligibleSet, EveryItemWithAVectorIsRetrievableAndNoOther) {
  for (const uint32_t with_vector : {1, 63, 64, 65, 70}) {
    SCOPED_TRACE(with_vector);
    SmallWorld world;
    for (uint32_t i = 0; i < with_vector + 70; ++i) {
      world.AddItem(absl::StrCat("t", i), i < with_vector
                                              ? std::vector<float>{1, 0}
                                              : std::vector<float>{});
    }
    const auto snapshot =
        world.Build(ScratchPath(absl::StrCat("world", with_vector)));
    const Eligibility eligibility(snapshot->catalog(), snapshot->licences(),
                                  kSmallNow);
    RecommendRequest request;
    request.now = absl::FromUnixSeconds(kSmallNow);
    ResolvedUser user;
    ASSERT_TRUE(ResolveUser(*snapshot, request, user).ok());
    EligibleSet set;
    ASSERT_TRUE(FindEligible(*snapshot, eligibility, request, user, set).ok());
    EXPECT_EQ(set.count, with_vector + 70);
    EXPECT_EQ(set.retrievable_count, with_vector);
    EXPECT_EQ(set.retrievable.size(), BitmapWords(with_vector));
    for (uint32_t row = 0; row < 64 * set.retrievable.size(); ++row) {
      EXPECT_EQ(TestBit(set.retrievable, row), row < with_vector) << row;
    }
  }
}

TEST_F(ResolvedUserTest, FeaturesSeeTheDayAndTheHour) {
  request_.user_id = "u";
  request_.local_hour = 23;
  request_.device = "tv";
  for (const int64_t seconds : {0, 86399}) {
    request_.now = absl::FromUnixSeconds(86400 * 20000 + seconds);
    ASSERT_TRUE(Resolve().ok());
    const UserContext& seen = user_.context;
    EXPECT_EQ(seen.day(), 20000);
    EXPECT_EQ(seen.local_hour, 23);
    EXPECT_EQ(seen.language, "de");
    EXPECT_EQ(seen.device, "tv");
    EXPECT_EQ(seen.vector.size(), 2);
    EXPECT_EQ(seen.seen.size(), 1);
  }
}

}  // namespace
}  // namespace marquee
