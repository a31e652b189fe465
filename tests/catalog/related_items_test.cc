#include "core/catalog/related_items.h"

#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Of three items: the first has two neighbours, the last one.
class RelatedItemsTest : public ::testing::Test {
 protected:
  RelatedItemsTest() {
    sound_.Set<uint32_t>("begin", {0, 2, 2, 3});
    sound_.Set<uint32_t>("rows", {1, 2, 0});
    sound_.Set<float>("scores", {0.5f, 0.5f, 1});
  }
  static std::string Fault(const Section& section, size_t items = 3) {
    const auto file = section.File();
    const auto related = RelatedItems::Open(*file, items);
    EXPECT_TRUE(related.ok() ||
                related.status().code() == absl::StatusCode::kDataLoss);
    return std::string(related.status().message());
  }

  Section sound_;
};

TEST_F(RelatedItemsTest, GivesTheNeighboursOfEachItem) {
  const auto file = sound_.File();
  const auto related = *RelatedItems::Open(*file, 3);
  EXPECT_THAT((*related)[ItemRow{0}].rows, ElementsAre(ItemRow{1}, ItemRow{2}));
  EXPECT_THAT((*related)[ItemRow{0}].scores, ElementsAre(0.5f, 0.5f));
  EXPECT_THAT((*related)[ItemRow{1}].rows, IsEmpty());
  EXPECT_THAT((*related)[ItemRow{2}].rows, ElementsAre(ItemRow{0}));
}

TEST_F(RelatedItemsTest, RefusesListsThatAreNotOfTheItems) {
  const char* const kFault = "array 'begin' does not partition 'rows'";
  EXPECT_THAT(Fault(sound_, 4), HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("begin", 0, 1)), HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("begin", 1, 3)), HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("begin", 3, 2)), HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.Shortened<float>("scores")),
              HasSubstr("array 'scores' does not have one score per row"));
}

TEST_F(RelatedItemsTest, RefusesNeighboursThatAreNone) {
  EXPECT_THAT(Fault(sound_.With<uint32_t>("rows", 1, 3)),
              HasSubstr("item 0 has the neighbour 3"));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("rows", 2, 2)),
              HasSubstr("item 2 has the neighbour 2"));
}

TEST_F(RelatedItemsTest, RefusesScoresThatAreNotInOrder) {
  const char* const kFault =
      "the scores of the neighbours of item 0 are not in order";
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const float score : {0.6f, 0.0f, -1.0f, 1.5f, kNan}) {
    EXPECT_THAT(Fault(sound_.With<float>("scores", 1, score)),
                HasSubstr(kFault))
        << score;
  }
  // Equal scores are in the order of the rows, each row once.
  EXPECT_THAT(Fault(sound_.WithAll<uint32_t>("rows", {2, 1, 0})),
              HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.WithAll<uint32_t>("rows", {1, 1, 0})),
              HasSubstr(kFault));
}

TEST_F(RelatedItemsTest, RefusesMoreNeighboursThanFifty) {
  Section many;
  many.Set<uint32_t>("begin", std::vector<uint32_t>(61, 51));
  std::vector<uint32_t> begin = many.Get<uint32_t>("begin");
  begin[0] = 0;
  std::vector<uint32_t> rows;
  for (uint32_t row = 1; row <= 51; ++row) rows.push_back(row);
  many.Set("begin", begin);
  many.Set("rows", rows);
  many.Set("scores", std::vector<float>(51, 0.5f));
  EXPECT_THAT(Fault(many, 60), HasSubstr("item 0 has more than 50 neighbours"));
}

}  // namespace
}  // namespace marquee
