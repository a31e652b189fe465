#include "core/pipeline/shortfall.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RecommendResponse Answer(size_t items, size_t requested, size_t eligible) {
  RecommendResponse response;
  response.items.resize(items);
  response.requested = requested;
  response.eligible = eligible;
  return response;
}

std::vector<Degradation::Cause> Causes(RecommendResponse response,
                                       const SlateOutcome& filled = {}) {
  ExplainShortfall(filled, std::nullopt, response);
  std::vector<Degradation::Cause> causes;
  for (const Degradation& degradation : response.degradations) {
    causes.push_back(degradation.cause);
  }
  return causes;
}

std::string Detail(RecommendResponse response, const SlateOutcome& filled) {
  ExplainShortfall(filled, std::nullopt, response);
  return response.degradations.back().detail;
}

using Cause = Degradation::Cause;

TEST(Shortfall, AFullListHasNone) {
  EXPECT_THAT(Causes(Answer(20, 20, 100)), IsEmpty());
  EXPECT_THAT(Causes(Answer(20, 20, 20), {.cut_off = true, .late = true}),
              IsEmpty());
}

TEST(Shortfall, TooFewItemsMayBeShown) {
  EXPECT_THAT(Causes(Answer(7, 20, 7)), ElementsAre(Cause::kTooFewEligible));
  EXPECT_THAT(Causes(Answer(0, 20, 0)), ElementsAre(Cause::kTooFewEligible));
  EXPECT_EQ(Detail(Answer(7, 20, 7), {}), "7 items may be shown to this user");
}

TEST(Shortfall, ALaterPageSpeaksOfWhatIsLeft) {
  RecommendResponse page = Answer(3, 20, 7);
  page.is_first_page = false;
  ExplainShortfall({}, std::nullopt, page);
  ASSERT_EQ(page.degradations.size(), 2);
  EXPECT_EQ(page.degradations[0].detail,
            "7 more items may be shown to this user");
  EXPECT_EQ(page.degradations[1].detail, "strict caps allow 3 more items");
}

TEST(Shortfall, CapsHoldItemsBack) {
  EXPECT_THAT(Causes(Answer(12, 20, 100)), ElementsAre(Cause::kCaps));
  EXPECT_EQ(Detail(Answer(12, 20, 100), {}), "strict caps allow 12 items");
  EXPECT_THAT(Causes(Answer(12, 20, 20)), ElementsAre(Cause::kCaps))
      << "enough may be shown";
  EXPECT_THAT(Causes(Answer(5, 20, 7)),
              ElementsAre(Cause::kTooFewEligible, Cause::kCaps));
  EXPECT_THAT(Detail(Answer(12, 20, 100), {.cut_off = true}),
              HasSubstr("is bounded: 12 were found"));
}

// Only where all that they have is in the list.
TEST(Shortfall, TheSourcesOfARowHaveNoMore) {
  const auto why = [](const RowItems& row, RecommendResponse response,
                      const SlateOutcome& filled = {}) {
    ExplainShortfall(filled, row, response);
    EXPECT_FALSE(response.degradations.empty());
    return response.degradations.back();
  };
  EXPECT_EQ(why({7, 7}, Answer(7, 20, 100)).cause, Cause::kSources);
  EXPECT_EQ(why({7, 7}, Answer(7, 20, 100)).detail,
            "the requested sources have 7 items");
  // A pin is not of them.
  EXPECT_EQ(why({7, 7}, Answer(8, 20, 100)).detail,
            "the requested sources have 7 items");
  EXPECT_EQ(why({7, 6}, Answer(6, 20, 100)).cause, Cause::kCaps);
  EXPECT_EQ(why({7, 7}, Answer(7, 20, 100), {.late = true}).cause,
            Cause::kDeadline);
  RecommendResponse checked = Answer(6, 20, 100);
  checked.removed_by_final_check = 1;
  EXPECT_EQ(why({7, 6}, checked).cause, Cause::kSources);
}

TEST(Shortfall, ARowsItemsAreThoseThatWereNotShownBefore) {
  const std::vector<Candidate> candidates = {
      {.row = ItemRow{3}}, {.row = ItemRow{1}}, {.row = ItemRow{7}}};
  const std::vector<ItemRow> shown = {ItemRow{1}, ItemRow{9}};
  std::vector<RecommendedItem> items(2);
  items[0].row = ItemRow{7};
  items[1].row = ItemRow{4};
  const RowItems row = CountRow(candidates, shown, items);
  EXPECT_EQ(row.found, 2);
  EXPECT_EQ(row.placed, 1);
}

TEST(Shortfall, TheDeadlinePassed) {
  const SlateOutcome late{.cut_off = true, .late = true};
  EXPECT_THAT(Causes(Answer(12, 20, 100), late), ElementsAre(Cause::kDeadline));
  EXPECT_THAT(Detail(Answer(12, 20, 100), late), HasSubstr("12 were found"));
}

// What the final check takes out is no matter of caps.
TEST(Shortfall, TheFinalCheckTookItemsOut) {
  RecommendResponse response = Answer(18, 20, 100);
  response.removed_by_final_check = 2;
  EXPECT_THAT(Causes(response), ElementsAre(Cause::kFinalCheck));
  EXPECT_THAT(Detail(response, {}), HasSubstr("took out 2 items"));
  response.items.resize(10);
  EXPECT_THAT(Causes(response), ElementsAre(Cause::kFinalCheck, Cause::kCaps));
  EXPECT_EQ(Detail(response, {}), "strict caps allow 12 items");
}

TEST(Shortfall, WhoHasSeenEverythingIsToldWhatShowsIt) {
  RecommendResponse response = Answer(0, 5, 0);
  response.left_out = 30;
  EXPECT_EQ(Detail(response, {}),
            "0 items may be shown to this user; 30 are left out as seen, "
            "which include_seen changes");
  response.left_out = 0;
  EXPECT_EQ(Detail(response, {}), "0 items may be shown to this user");
}

}  // namespace
}  // namespace marquee
