#include "server/quality/served_items.h"

#include <memory>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/catalog/popularity_writer.h"
#include "core/files/array_file.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

// Four items; item 0 has 4 of 8 watches, 1 has 2, 2 has 2, 3 none.
class ServedItemsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    PopularityWriter writer(4);
    const uint32_t watched[] = {0, 0, 0, 0, 1, 1, 2, 2};
    for (const uint32_t row : watched) writer.Add("DE", ItemRow{row}, 0);
    auto out = ArrayFileWriter::CreateInMemory();
    ASSERT_TRUE(out.ok());
    const std::vector<int32_t> released(4, Catalog::kUnknownDay);
    ASSERT_TRUE(writer.Write(released, **out).ok());
    auto file = (*out)->FinishInMemory();
    ASSERT_TRUE(file.ok());
    file_ = *std::move(file);
    auto popularity = Popularity::Open(*file_, 4);
    ASSERT_TRUE(popularity.ok()) << popularity.status();
    popularity_ = *std::move(popularity);
  }

  static std::vector<RecommendedItem> Items(std::vector<uint32_t> rows) {
    std::vector<RecommendedItem> items;
    for (const uint32_t row : rows) {
      items.emplace_back().row = ItemRow{row};
    }
    return items;
  }

  std::unique_ptr<const ArrayFile> file_;
  std::unique_ptr<const Popularity> popularity_;
};

TEST_F(ServedItemsTest, DescribesWhatWasServed) {
  ServedItems served(*popularity_, 4);
  served.Count(Items({0, 1}));
  served.Count(Items({0, 2}));
  const ServedShape shape = served.Shape();
  EXPECT_EQ(shape.impressions, 4);
  EXPECT_DOUBLE_EQ(shape.coverage, 0.75);
  // Half of the watches: 1 bit; a quarter: 2 bits.
  EXPECT_DOUBLE_EQ(shape.novelty_bits, 1.5);
  EXPECT_DOUBLE_EQ(shape.head_share, 0.5);
}

TEST_F(ServedItemsTest, AnUnwatchedItemIsNovelButFinite) {
  ServedItems served(*popularity_, 4);
  served.Count(Items({3}));
  EXPECT_DOUBLE_EQ(served.Shape().novelty_bits, 4);
}

TEST_F(ServedItemsTest, ForgetsAfterTwoWindows) {
  ServedItems served(*popularity_, 4);
  EXPECT_EQ(served.Shape().impressions, 0);
  served.Count(Items({0}));
  served.Rotate();
  served.Count(Items({1}));
  EXPECT_EQ(served.Shape().impressions, 2);
  served.Rotate();
  EXPECT_EQ(served.Shape().impressions, 1);
  served.Rotate();
  EXPECT_EQ(served.Shape().impressions, 0);
}

}  // namespace
}  // namespace marquee
