#include "core/catalog/related_items.h"

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of four items: 0 has 2, 1 and 3, of which the last two are equally related; 1
// has none; 2 has 0; 3 has none.
Section Sound() {
  Section section;
  section.Set<uint64_t>("begin", {0, 3, 3, 4, 4});
  section.Set<uint32_t>("rows", {2, 1, 3, 0});
  section.Set<float>("scores", {0.75f, 0.5f, 0.5f, 1});
  return section;
}

std::string Fault(const Section& section, size_t items = 4) {
  const auto file = section.File();
  const absl::Status status = RelatedItems::Open(*file, items).status();
  EXPECT_TRUE(status.ok() || status.code() == absl::StatusCode::kDataLoss)
      << status;
  const std::string message(status.message());
  // After the name of the file.
  const size_t colon = message.find(": ");
  return colon == std::string::npos ? message : message.substr(colon + 2);
}

TEST(RelatedItems, TellsTheNeighboursOfEachItem) {
  const auto file = Sound().File();
  const auto related = RelatedItems::Open(*file, 4);
  ASSERT_TRUE(related.ok()) << related.status();
  const RelatedItems::Neighbours first = (**related)[ItemRow{0}];
  EXPECT_THAT(first.rows, ElementsAre(ItemRow{2}, ItemRow{1}, ItemRow{3}));
  EXPECT_THAT(first.scores, ElementsAre(0.75f, 0.5f, 0.5f));
  EXPECT_THAT((**related)[ItemRow{1}].rows, IsEmpty());
  EXPECT_THAT((**related)[ItemRow{2}].rows, ElementsAre(ItemRow{0}));
  EXPECT_THAT((**related)[ItemRow{2}].scores, ElementsAre(1));
  EXPECT_THAT((**related)[ItemRow{3}].rows, IsEmpty());
}

TEST(RelatedItems, AnEmptyCatalogueHasNone) {
  Section section;
  section.Set<uint64_t>("begin", {0});
  section.Set<uint32_t>("rows", {});
  section.Set<float>("scores", {});
  EXPECT_EQ(Fault(section, 0), "");
  section.Set<uint64_t>("begin", {});
  EXPECT_EQ(Fault(section, 0), "array 'begin' does not partition 'rows'");
}

TEST(RelatedItems, EveryArrayIsNeeded) {
  for (const char* const missing : {"begin", "rows", "scores"}) {
    Section section;
    const Section sound = Sound();
    if (missing != std::string("begin")) {
      section.Set("begin", sound.Get<uint64_t>("begin"));
    }
    if (missing != std::string("rows")) {
      section.Set("rows", sound.Get<uint32_t>("rows"));
    }
    if (missing != std::string("scores")) {
      section.Set("scores", sound.Get<float>("scores"));
    }
    EXPECT_NE(Fault(section).find(missing), std::string::npos) << missing;
  }
}

TEST(RelatedItems, RefusesArraysOfOtherLengths) {
  EXPECT_EQ(Fault(Sound().Shortened<float>("scores")),
            "array 'scores' does not have one score per row");
  const Section longer =
      Sound().WithAll<float>("scores", {0.75f, 0.5f, 0.5f, 1, 1});
  EXPECT_EQ(Fault(longer), "array 'scores' does not have one score per row");
}

TEST(RelatedItems, RefusesBeginningsThatDoNotPartitionTheRows) {
  const std::string fault = "array 'begin' does not partition 'rows'";
  EXPECT_EQ(Fault(Sound(), 3), fault);
  EXPECT_EQ(Fault(Sound(), 5), fault);
  EXPECT_EQ(Fault(Sound().Shortened<uint64_t>("begin")), fault);
  EXPECT_EQ(Fault(Sound().With<uint64_t>("begin", 0, 1)), fault);
  EXPECT_EQ(Fault(Sound().With<uint64_t>("begin", 1, 4)), fault);
  EXPECT_EQ(Fault(Sound().With<uint64_t>("begin", 4, 3)), fault);
  EXPECT_EQ(Fault(Sound().With<uint64_t>("begin", 4, 5)), fault);
}

TEST(RelatedItems, RefusesNeighboursThatAreNone) {
  EXPECT_EQ(Fault(Sound().With<uint32_t>("rows", 2, 4)),
            "item 0 has the neighbour 4");
  EXPECT_EQ(Fault(Sound().With<uint32_t>("rows", 1, 0)),
            "item 0 has the neighbour 0");
  EXPECT_EQ(Fault(Sound().With<uint32_t>("rows", 3, 2)),
            "item 2 has the neighbour 2");
  EXPECT_EQ(Fault(Sound().With<uint32_t>("rows", 3, ~uint32_t{0})),
            "item 2 has the neighbour 4294967295");
}

TEST(RelatedItems, RefusesScoresThatAreNoneOrNotInOrder) {
  const std::string fault =
      "the scores of the neighbours of item 0 are not in order";
  const auto with = [](size_t i, float score) {
    return Fault(Sound().With<float>("scores", i, score));
  };
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float score : {0.f, -0.25f, 1.0001f, kInfinity, -kInfinity,
                            std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_EQ(with(0, score), fault) << score;
    EXPECT_EQ(with(2, score), fault) << score;
  }
  EXPECT_EQ(with(2, 0.625f), fault) << "higher than the one before";
  EXPECT_EQ(with(3, 0),
            "the scores of the neighbours of item 2 are not in order");
  // Of equal scores, the lower row is first, and none is twice.
  EXPECT_EQ(Fault(Sound().WithAll<uint32_t>("rows", {2, 3, 1, 0})), fault);
  EXPECT_EQ(Fault(Sound().WithAll<uint32_t>("rows", {2, 3, 3, 0})), fault);
  // The first of an item is compared with none.
  EXPECT_EQ(with(1, 0.75f), fault) << "rows 2 and 1 of one score";
  EXPECT_EQ(Fault(Sound()), "");
}

TEST(RelatedItems, AnItemHasFiftyNeighboursAtMost) {
  for (const uint32_t count : {50u, 51u}) {
    Section section;
    std::vector<uint64_t> begin(61, count);
    std::vector<uint32_t> rows;
    begin[0] = 0;
    for (uint32_t i = 1; i <= count; ++i) rows.push_back(i);
    section.Set("begin", begin);
    section.Set("rows", rows);
    section.Set("scores", std::vector<float>(count, 0.5f));
    EXPECT_EQ(Fault(section, 60),
              count == 50 ? "" : "item 0 has more than 50 neighbours");
  }
}

}  // namespace
}  // namespace marquee
