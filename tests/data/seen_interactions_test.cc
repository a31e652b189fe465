#include "offline/data/seen_interactions.h"

#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

SeenInteractions Of(std::initializer_list<InteractionView> rows) {
  SeenInteractions seen;
  for (const InteractionView& row : rows) seen.Add(row);
  return seen;
}

TEST(SeenInteractions, AreTheSameInAnyOrderAndOtherwiseNot) {
  const InteractionView a{.user_id = "u", .item_id = "t", .timestamp = 5};
  const InteractionView b{.user_id = "u", .item_id = "s", .timestamp = 7};
  const InteractionView seen_only{
      .user_id = "v", .item_id = "t", .timestamp = 9, .weight = 0};
  EXPECT_EQ(Of({a, b}), Of({b, a, seen_only}));
  EXPECT_EQ(Of({a, b}).rows, 2);
  EXPECT_EQ(Of({b, a}).last, 7);
  EXPECT_NE(Of({a, b}), Of({a}));
  EXPECT_NE(Of({a, b}), Of({a, b, b}));
  InteractionView other = b;
  other.item_id = "r";
  EXPECT_NE(Of({a, b}), Of({a, other}));
  other = b;
  other.user_id = "v";
  EXPECT_NE(Of({a, b}), Of({a, other}));
  other = b;
  other.timestamp = 6;
  EXPECT_NE(Of({a, b}).digest, Of({a, other}).digest);
  // Who and what are told apart.
  EXPECT_NE(Of({{.user_id = "u", .item_id = "t"}}),
            Of({{.user_id = "t", .item_id = "u"}}));
}

// Ids and moments that count up together must not be each other's.
TEST(SeenInteractions, OfDifferentRowsHaveADigestEach) {
  std::set<uint64_t> digests;
  for (int user = 0; user < 60; ++user) {
    const std::string id = absl::StrCat("u", user);
    for (int second = 0; second < 60; ++second) {
      digests.insert(Of({{.user_id = id,
                          .item_id = "t1",
                          .timestamp = 1760000000 + second}})
                         .digest);
    }
  }
  EXPECT_EQ(digests.size(), 3600);
}

TEST(SeenInteractions, VectorsMustKnowTheHistoryAndNoMore) {
  const SeenInteractions history{.rows = 10, .last = 1780272000, .digest = 1};
  const auto fault = [&](std::optional<SeenInteractions> vectors) {
    return std::string(
        CheckSameHistory(vectors, "EMB", history, "DATA").message());
  };
  EXPECT_EQ(fault(history), "");
  EXPECT_EQ(fault(std::nullopt), "");
  EXPECT_TRUE(CheckSameHistory(history, "", std::nullopt, "").ok());
  EXPECT_THAT(
      fault(SeenInteractions{.rows = 12, .last = 1780272001, .digest = 2}),
      AllOf(HasSubstr("the vectors of EMB know 12 likes until "
                      "2026-06-01T00:00:01Z, DATA has 10 likes until "
                      "2026-06-01T00:00:00Z: they may have seen the rows of "
                      "the evaluation"),
            HasSubstr("--allow-other-history")));
  EXPECT_THAT(fault(SeenInteractions{.rows = 10, .last = 7, .digest = 2}),
              HasSubstr("they do not know all of it"));
  EXPECT_THAT(
      fault(SeenInteractions{.rows = 9, .last = 1780272000, .digest = 2}),
      HasSubstr("they do not know all of it"));
  EXPECT_THAT(
      fault(SeenInteractions{.rows = 10, .last = 1780272000, .digest = 2}),
      HasSubstr("they are of other rows"));
}

}  // namespace
}  // namespace marquee
