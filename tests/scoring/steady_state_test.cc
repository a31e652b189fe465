// That scoring a request allocates nothing and takes no lock.
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "core/base/aligned_buffer.h"
#include "core/features/feature_matrix.h"
#include "core/scoring/compile_scorer.h"
#include "core/scoring/request_scorer.h"
#include "gtest/gtest.h"
#include "tests/scoring/allocation_counter.h"
#include "tests/scoring/lock_counter.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

constexpr size_t kRows = 500;

const char* const kModels[] = {"lgb_regression.txt", "lgb_categorical.txt",
                               "xgb3_dart.json", "xgb3_categorical.json"};

// Of this thread so far.
struct Counts {
  size_t allocations = Allocations();
  std::optional<size_t> locks = Locks();
  bool operator==(const Counts&) const = default;
};

TEST(SteadyState, AllocationsAreCounted) {
  const size_t before = Allocations();
  const auto number = std::make_unique<int>(1);
  const AlignedBuffer<float> buffer(100);
  EXPECT_EQ(Allocations(), before + 2) << *number << buffer[0];
}

TEST(SteadyState, LocksAreCounted) {
  const auto before = Locks();
  if (!before) GTEST_SKIP() << "not under a sanitizer";
  std::mutex mutex;
  std::shared_mutex shared;
  const std::scoped_lock lock(mutex);
  const std::shared_lock reader(shared);
  EXPECT_EQ(*Locks(), *before + 2);
}

TEST(SteadyState, NoEngineAllocatesOrLocksForARequest) {
  for (const std::string name : kModels) {
    const auto forest = ImportOrDie(ReadAll(ModelPath(name)));
    FeatureMatrix rows(kRows, forest->num_features());
    rows.SetRows(kRows);
    std::vector<double> scores(kRows);
    for (const absl::string_view engine : ScorerNames()) {
      const auto scorer = CompileScorer(forest, engine);
      ASSERT_TRUE(scorer.ok()) << scorer.status();
      AlignedBuffer<std::byte> scratch((*scorer)->scratch_bytes());
      const Counts before;
      (*scorer)->Score(rows, scratch.span(), scores);
      const Counts after;
      EXPECT_EQ(after, before) << name << " " << engine;
    }
  }
}

TEST(SteadyState, NothingIsAllocatedOrLockedForRowsOfEveryScope) {
  for (const std::string name : kModels) {
    const auto forest = ImportOrDie(ReadAll(ModelPath(name)));
    std::vector<FeatureScope> scopes(forest->num_features());
    for (size_t f = 0; f < scopes.size(); ++f) {
      scopes[f] = static_cast<FeatureScope>(f % 3);
    }
    const auto scorer = RequestScorer::Create(*forest, scopes);
    ASSERT_TRUE(scorer.ok()) << scorer.status();
    auto out = *ArrayFileWriter::CreateInMemory();
    WriteItemRanks((*scorer)->item_layout(), 1,
                   [](ItemRow, std::span<uint8_t>) {}, *out);
    const auto file = *out->FinishInMemory();
    const auto items = ItemRanks::Open(*file, (*scorer)->item_layout(), 1);
    ASSERT_TRUE(items.ok()) << items.status();
    FeatureMatrix rows(kRows, forest->num_features());
    rows.SetRows(kRows);
    const std::vector<float> request(forest->num_features());
    const std::vector<ItemRow> of_rows(kRows);
    std::vector<double> scores(kRows);
    AlignedBuffer<std::byte> scratch((*scorer)->scratch_bytes());
    const Counts before;
    (*scorer)->Score({.matrix = rows, .request = request, .items = of_rows},
                     **items, scratch.span(), scores);
    const Counts after;
    EXPECT_EQ(after, before) << name;
  }
}

}  // namespace
}  // namespace marquee
