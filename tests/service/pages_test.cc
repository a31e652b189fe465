// Lists that are requested page by page.
#include <unistd.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/service/answer.h"
#include "server/service/page_token.h"
#include "tests/service/served_world.h"

namespace marquee {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

constexpr int kItems = 24;
constexpr int kFranchise = 3;  // items of one

std::string Name(int number) { return absl::StrCat("t", number); }

std::vector<std::string> Names(int begin, int end) {
  std::vector<std::string> names;
  for (int i = begin; i < end; ++i) names.push_back(Name(i));
  return names;
}

// Items on a quarter of a circle, from the vector of "u": the nearest is "t0",
// which is also the most watched. Neighbours are of one franchise.
SmallWorld QuarterCircle(const std::string& policy) {
  SmallWorld world;
  for (int i = 0; i < kItems; ++i) {
    const float part = static_cast<float>(i) / (kItems - 1);
    world.AddItem(Name(i), {1 - part, part},
                  absl::StrCat("saga ", i / kFranchise));
    world.AddWatches(Name(i), kItems - i);
  }
  world.AddUser("u", {1, 0});
  world.AddUser("without vector", {});
  world.policy = policy;
  return world;
}

v1::RecommendRequest ForUser(const std::string& user, int limit) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id(user);
  request.set_limit(limit);
  return request;
}

class PagesTest : public ::testing::Test {
 protected:
  void Serve(const std::string& policy, size_t candidates = 500) {
    serving_ = LoadServed(QuarterCircle(policy),
                          absl::StrCat("marquee_pages_", getpid()), clock_,
                          {.candidates = candidates});
  }

  Turn Now() const {
    return {.serving = *serving_,
            .now = absl::FromUnixSeconds(kSmallNow),
            .deadline = SteadyTime::InfiniteFuture()};
  }

  template <typename Request>
  v1::RecommendResponse Ask(const Request& request, const Turn& turn) {
    v1::RecommendResponse answer;
    const absl::Status status = Answer(request, turn, worker_, answer);
    EXPECT_TRUE(status.ok()) << status;
    return answer;
  }
  template <typename Request>
  v1::RecommendResponse Ask(const Request& request) {
    return Ask(request, Now());
  }

  static std::vector<std::string> Ids(const v1::RecommendResponse& answer) {
    std::vector<std::string> ids;
    for (const v1::RecommendedItem& item : answer.items()) {
      ids.push_back(item.item_id());
    }
    return ids;
  }

  // Returns the items of all pages, in order. All pages but the last are full.
  template <typename Request>
  std::vector<std::string> AllPages(Request request) {
    request.set_want_next_page(true);
    std::vector<std::string> ids;
    for (int page = 0; page < 100; ++page) {
      const v1::RecommendResponse answer = Ask(request);
      for (std::string& id : Ids(answer)) ids.push_back(std::move(id));
      if (answer.next_page_token().empty()) return ids;
      EXPECT_EQ(answer.filled(), request.limit());
      EXPECT_THAT(answer.degradations(), IsEmpty());
      request.set_page_token(answer.next_page_token());
    }
    ADD_FAILURE() << "the list does not end";
    return ids;
  }

  FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  std::shared_ptr<ServingSnapshot> serving_;
  RequestMetrics metrics_;
  Worker worker_{metrics_};
};

TEST_F(PagesTest, AreTheWholeListInOrder) {
  Serve("");
  EXPECT_EQ(Ask(ForUser("u", 5)).next_page_token(), "")
      << "it was not requested";
  EXPECT_THAT(AllPages(ForUser("u", 5)), ElementsAreArray(Names(0, kItems)));
}

// 24 items on pages of 6.
TEST_F(PagesTest, AFullLastPageHasNoToken) {
  Serve("");
  v1::RecommendRequest request = ForUser("u", 6);
  request.set_want_next_page(true);
  for (int page = 0; page < 4; ++page) {
    const v1::RecommendResponse answer = Ask(request);
    EXPECT_THAT(Ids(answer), ElementsAreArray(Names(6 * page, 6 * page + 6)));
    EXPECT_EQ(answer.next_page_token().empty(), page == 3) << page;
    request.set_page_token(answer.next_page_token());
  }
}

TEST_F(PagesTest, APinTakesItsPlaceInTheWholeList) {
  Serve("pins { name: 'p' item_id: 't20' position: 2 }");
  std::vector<std::string> expected = Names(0, kItems);
  expected.erase(expected.begin() + 20);
  expected.insert(expected.begin() + 1, "t20");
  EXPECT_THAT(AllPages(ForUser("u", 5)), ElementsAreArray(expected));
}

TEST_F(PagesTest, ACapCountsTheItemsOfThePagesBefore) {
  Serve("caps { name: 'c' attribute: 'franchise' max: 1 strict: true }");
  EXPECT_THAT(AllPages(ForUser("u", 3)),
              ElementsAre("t0", "t3", "t6", "t9", "t12", "t15", "t18", "t21"));
}

TEST_F(PagesTest, DiversityRepeatsAndLosesNoItem) {
  Serve("diversity { name: 'd' strength: 0.7 }");
  const std::vector<std::string> ids = AllPages(ForUser("u", 5));
  EXPECT_THAT(ids, UnorderedElementsAreArray(Names(0, kItems)));
  EXPECT_THAT(ids, Not(ElementsAreArray(Names(0, kItems))));
}

TEST_F(PagesTest, AUserWithoutAVectorGetsPagesOfThePopularList) {
  Serve("");
  v1::RecommendRequest request = ForUser("without vector", 10);
  request.set_want_next_page(true);
  std::vector<std::string> ids;
  for (int page = 0; page < 3; ++page) {
    const v1::RecommendResponse answer = Ask(request);
    EXPECT_EQ(answer.tier(), v1::TIER_POPULAR);
    for (std::string& id : Ids(answer)) ids.push_back(std::move(id));
    request.set_page_token(answer.next_page_token());
  }
  EXPECT_THAT(ids, ElementsAreArray(Names(0, kItems)));
}

TEST_F(PagesTest, SimilarItemsHavePages) {
  Serve("");
  v1::SimilarItemsRequest request;
  request.set_item_id("t0");
  request.set_limit(5);
  const std::vector<std::string> ids = AllPages(request);
  EXPECT_THAT(ids, UnorderedElementsAreArray(Names(1, kItems)));
  request.set_limit(kItems);
  EXPECT_THAT(ids, ElementsAreArray(Ids(Ask(request))));
}

// Another row of the page has shown it in the meantime.
TEST_F(PagesTest, AnItemThatIsExcludedLaterIsOnNoLaterPage) {
  Serve("");
  v1::RecommendRequest request = ForUser("u", 5);
  request.set_want_next_page(true);
  request.set_page_token(Ask(request).next_page_token());
  request.mutable_context()->add_exclude_item_ids("t6");
  request.mutable_context()->add_exclude_item_ids("t0");
  const v1::RecommendResponse second = Ask(request);
  EXPECT_THAT(Ids(second), ElementsAre("t5", "t7", "t8", "t9", "t10"));
  request.set_page_token(second.next_page_token());
  EXPECT_THAT(Ids(Ask(request)), ElementsAreArray(Names(11, 16)));
}

// Another replica may serve another snapshot, which has lost an item.
TEST_F(PagesTest, AnUnknownOrARepeatedItemInATokenTakesNoPlace) {
  Serve("");
  v1::PageToken page;
  for (const char* const id : {"t0", "gone", "t1", "t0"}) {
    page.add_shown_item_ids(id);
  }
  v1::RecommendRequest request = ForUser("u", 30);
  request.set_page_token(WritePageToken(page, ListOf(request)));
  request.set_want_next_page(true);
  const v1::RecommendResponse answer = Ask(request);
  EXPECT_THAT(Ids(answer), ElementsAreArray(Names(2, kItems)));
  EXPECT_EQ(answer.next_page_token(), "");
}

TEST_F(PagesTest, TheLastPageIsExplainedAndIsNotCountedAsAShortList) {
  Serve("");
  v1::ExplainRequest request;
  v1::RecommendRequest& list = *request.mutable_request();
  list = ForUser("u", 20);
  list.set_want_next_page(true);
  const v1::RecommendResponse first = Ask(list);
  RequestMetrics::Sum before;
  metrics_.AddTo(before);

  list.set_page_token(first.next_page_token());
  request.add_item_ids("t1");
  v1::ExplainResponse second;
  ASSERT_TRUE(Answer(request, Now(), worker_, second).ok());
  ASSERT_EQ(second.items_size(), kItems - 20);
  EXPECT_LT(second.response().filled(), second.response().requested());
  EXPECT_EQ(second.response().next_page_token(), "");
  EXPECT_EQ(second.outcomes(0).outcome(),
            v1::ItemOutcome::OUTCOME_SHOWN_BEFORE);
  EXPECT_EQ(second.outcomes(0).position(), 0);
  RequestMetrics::Sum after;
  metrics_.AddTo(after);
  EXPECT_EQ(after.counts.lists, before.counts.lists);
}

// Of 20 candidates a lower tier retrieves 6, but no fewer than all pages up to
// this one have items.
TEST_F(PagesTest, ALaterPageOfALowerTierHasCandidates) {
  Serve("", /*candidates=*/20);
  v1::RecommendRequest request = ForUser("u", 4);
  request.set_want_next_page(true);
  Turn turn = Now();
  turn.best_tier = Tier::kRetrievalOrder;
  std::set<std::string> ids;
  for (int page = 0; page < 4; ++page) {
    const v1::RecommendResponse answer = Ask(request, turn);
    EXPECT_EQ(answer.tier(), v1::TIER_RETRIEVAL_ORDER);
    for (const v1::RecommendedItem& item : answer.items()) {
      EXPECT_NE(item.source(), v1::SOURCE_POPULAR) << item.item_id();
      EXPECT_TRUE(ids.insert(item.item_id()).second) << item.item_id();
    }
    request.set_page_token(answer.next_page_token());
  }
  EXPECT_EQ(ids.size(), 16);
}

}  // namespace
}  // namespace marquee
