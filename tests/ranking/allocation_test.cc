// That scoring allocates nothing.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/base/aligned_buffer.h"
#include "core/base/feature_matrix.h"
#include "core/ranking/scorer.h"
#include "gtest/gtest.h"
#include "tests/ranking/allocation_counter.h"
#include "tests/ranking/models.h"

namespace marquee {
namespace {

TEST(Allocation, IsCounted) {
  const size_t before = Allocations();
  const auto number = std::make_unique<int>(1);
  const AlignedBuffer<float> buffer(100);
  EXPECT_EQ(Allocations(), before + 2) << *number << buffer[0];
}

TEST(Allocation, NoEngineAllocatesForARequest) {
  for (const std::string name : {"lgb_regression.txt", "lgb_categorical.txt",
                                 "xgb3_dart.json", "xgb3_categorical.json"}) {
    const auto forest = ImportOrDie(ReadAll(ModelPath(name)));
    FeatureMatrix rows(500, forest->num_features());
    rows.SetRows(500);
    std::vector<double> scores(500);
    for (const absl::string_view engine : ScorerNames()) {
      const auto scorer = CompileScorer(forest, engine);
      ASSERT_TRUE(scorer.ok()) << scorer.status();
      AlignedBuffer<std::byte> scratch((*scorer)->scratch_bytes());
      const size_t before = Allocations();
      (*scorer)->Score(rows, scratch.span(), scores);
      EXPECT_EQ(Allocations(), before) << name << " " << engine;
    }
  }
}

}  // namespace
}  // namespace marquee
