// The scorer of requests against the scorer of rows: the same values, of which
// some come as ranks of items and some once for all rows.
#include "core/scoring/request_scorer.h"

#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/aligned_buffer.h"
#include "core/forest/reference_scorer.h"
#include "core/scoring/item_ranks.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/random_forest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

constexpr size_t kItems = 90;

using Scopes = std::array<FeatureScope, kRandomFeatures>;

// Rows whose values of scope kItem are those of an item, and of scope kRequest
// those of the first row.
class World {
 public:
  World(ForestMaker& maker, const Scopes& scopes, size_t count)
      : scopes_(scopes),
        of_items_(maker.MakeRows(kItems)),
        rows_(maker.MakeRows(count)) {
    std::mt19937 random(static_cast<uint32_t>(count));
    for (size_t row = 0; row < count; ++row) {
      items_.push_back(ItemRow{static_cast<uint32_t>(random() % kItems)});
    }
    for (size_t f = 0; f < kRandomFeatures; ++f) {
      request_.push_back(of_items_.At(0, f));
      for (size_t row = 0; row < count; ++row) {
        if (scopes[f] == FeatureScope::kRequest) rows_.At(row, f) = request_[f];
        if (scopes[f] != FeatureScope::kItem) continue;
        rows_.At(row, f) = of_items_.At(Index(items_[row]), f);
      }
    }
  }

  std::unique_ptr<const ArrayFile> RankItems(
      const RequestScorer& scorer) const {
    auto out = *ArrayFileWriter::CreateInMemory();
    WriteItemRanks(
        scorer.item_layout(), kItems,
        [&](ItemRow item, std::span<uint8_t> ranks) {
          std::vector<float> values;
          for (size_t f = 0; f < kRandomFeatures; ++f) {
            values.push_back(of_items_.At(Index(item), f));
          }
          scorer.RankItem(values, ranks);
        },
        *out);
    return *out->FinishInMemory();
  }

  // From rows in which what is not read is something else.
  std::vector<double> Score(const RequestScorer& scorer,
                            const ItemRanks& items) const {
    FeatureMatrix rows(rows_.rows(), kRandomFeatures);
    rows.SetRows(rows_.rows());
    std::vector<float> request(kRandomFeatures, 7);
    for (size_t f = 0; f < kRandomFeatures; ++f) {
      if (scopes_[f] == FeatureScope::kRequest) request[f] = request_[f];
      for (size_t row = 0; row < rows_.rows(); ++row) {
        rows.At(row, f) =
            scopes_[f] == FeatureScope::kRow ? rows_.At(row, f) : -3;
      }
    }
    AlignedBuffer<std::byte> scratch(scorer.scratch_bytes());
    std::vector<double> scores(rows.rows());
    // The second time with what the first left behind.
    for (int time = 0; time < 2; ++time) {
      scorer.Score({.matrix = rows, .request = request, .items = items_}, items,
                   scratch.span(), scores);
    }
    return scores;
  }

  const FeatureMatrix& rows() const { return rows_; }

 private:
  const Scopes scopes_;
  const FeatureMatrix of_items_;
  FeatureMatrix rows_;
  std::vector<ItemRow> items_;
  std::vector<float> request_;
};

std::vector<double> ReferenceScores(std::shared_ptr<const Forest> forest,
                                    const FeatureMatrix& rows) {
  std::vector<double> scores(rows.rows());
  ReferenceScorer::Create(std::move(forest))->Score(rows, {}, scores);
  return scores;
}

std::vector<double> RowByRow(const RequestScorer& scorer,
                             const FeatureMatrix& rows) {
  std::vector<double> scores(rows.rows());
  scorer.ScoreRows(rows, scores);
  return scores;
}

constexpr FeatureScope kRow = FeatureScope::kRow;
constexpr FeatureScope kItem = FeatureScope::kItem;
constexpr FeatureScope kRequest = FeatureScope::kRequest;

const ForestShape kShapes[] = {
    {.leaves = 1},
    {.leaves = 8, .cuts = 3},
    {.leaves = 64},
    {.cuts = 40, .xgboost_rule = CategoryRule::kXgboost15},
    {.cuts = 90, .xgboost_rule = CategoryRule::kXgboost16},
    {.trees = 4, .leaves = 300},
    // Ranks of two bytes.
    {.trees = 150, .leaves = 200, .cuts = 2000}};

class RequestScorerOfShape
    : public ::testing::TestWithParam<std::tuple<Arithmetic, size_t>> {};

TEST_P(RequestScorerOfShape, HasTheBitsOfTheReferenceForEveryScope) {
  // The last feature has categories too.
  const Scopes all_scopes[] = {
      {kRow, kRow, kRow, kRow, kRow},
      {kItem, kItem, kItem, kItem, kItem},
      {kRequest, kRequest, kRequest, kRequest, kRequest},
      {kRow, kItem, kRequest, kItem, kItem},
      {kItem, kRequest, kRow, kRow, kRequest},
      {kRequest, kRow, kItem, kRequest, kRow}};
  const auto& [arithmetic, shape] = GetParam();
  ForestMaker maker(arithmetic, kShapes[shape],
                    static_cast<uint32_t>(shape) + 1);
  const auto forest = maker.MakeForest();
  for (const Scopes& scopes : all_scopes) {
    for (const size_t count : {0, 1, 63, 64, 65, 255, 256, 257, 300}) {
      const World world(maker, scopes, count);
      const auto want = BitsOf(ReferenceScores(forest, world.rows()));
      for (const simd::Isa isa : simd::SupportedIsas()) {
        const auto scorer = RequestScorer::Create(*forest, scopes, isa);
        ASSERT_TRUE(scorer.ok()) << scorer.status();
        const auto file = world.RankItems(**scorer);
        const auto items =
            ItemRanks::Open(*file, (*scorer)->item_layout(), kItems);
        ASSERT_TRUE(items.ok()) << items.status();
        ASSERT_EQ(BitsOf(world.Score(**scorer, **items)), want)
            << simd::IsaName(isa) << ", " << count << " rows";
        ASSERT_EQ(BitsOf(RowByRow(**scorer, world.rows())), want);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RequestScorerOfShape,
    ::testing::Combine(::testing::Values(Arithmetic::kLightGbm,
                                         Arithmetic::kXgboost),
                       ::testing::Range<size_t>(0, std::size(kShapes))),
    [](const auto& info) {
      return (std::get<0>(info.param) == Arithmetic::kXgboost ? "Xgboost"
                                                              : "LightGbm") +
             std::to_string(std::get<1>(info.param));
    });

TEST(RequestScorer, RefusesLinearTrees) {
  ForestMaker maker(Arithmetic::kLightGbm, {.trees = 9, .is_linear = true}, 1);
  const Scopes scopes = {};
  const auto scorer = RequestScorer::Create(*maker.MakeForest(), scopes);
  EXPECT_EQ(scorer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(scorer.status().message(), HasSubstr("linear trees"));
}

TEST(RequestScorer, LayoutsOfOtherThresholdsDiffer) {
  const Scopes scopes = {kItem, kItem, kItem, kItem, kItem};
  const auto digest = [&](uint32_t seed) {
    ForestMaker maker(Arithmetic::kLightGbm, {}, seed);
    const auto scorer = RequestScorer::Create(*maker.MakeForest(), scopes);
    return (*scorer)->item_layout().digest;
  };
  EXPECT_EQ(digest(1), digest(1));
  EXPECT_NE(digest(1), digest(2));
}

}  // namespace
}  // namespace marquee
