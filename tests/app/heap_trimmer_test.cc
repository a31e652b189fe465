#include "server/app/heap_trimmer.h"

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kOwnAllocator = true;
#else
constexpr bool kOwnAllocator = false;
#endif

using Block = std::unique_ptr<char[]>;

// 128 MiB in small blocks below one that stays.
std::vector<Block> Fill() {
  std::vector<Block> blocks;
  for (int i = 0; i < 128 * 1024; ++i) {
    blocks.push_back(std::make_unique<char[]>(1008));
  }
  return blocks;
}

class HeapTrimmerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kOwnAllocator) GTEST_SKIP() << "the sanitizer has its own allocator";
  }

  FakeClock clock_{absl::UnixEpoch()};
  HeapTrimmer trimmer_{clock_};
};

TEST_F(HeapTrimmerTest, GivesBackWhatIsFreeBelowWhatIsUsed) {
  for (int burst = 0; burst < 3; ++burst) {
    std::vector<Block> blocks = Fill();
    const Block stays = std::make_unique<char[]>(1008);
    clock_.Advance(HeapTrimmer::kPause);
    EXPECT_EQ(trimmer_.TrimNowAndThen(), 0) << "all is used";
    blocks.clear();
    EXPECT_EQ(trimmer_.TrimNowAndThen(), 0) << "too soon";
    clock_.Advance(HeapTrimmer::kPause);
    EXPECT_GT(trimmer_.TrimNowAndThen(), 100 << 20) << "burst " << burst;
    clock_.Advance(HeapTrimmer::kPause);
    EXPECT_EQ(trimmer_.TrimNowAndThen(), 0) << "given back already";
  }
}

// What was in use at the last trim may be free at the next look.
TEST_F(HeapTrimmerTest, ATrimWhileMuchIsUsedHidesNothing) {
  std::vector<Block> longer = Fill();
  std::vector<Block> shorter = Fill();
  const Block stays = std::make_unique<char[]>(1008);
  for (std::vector<Block>* const blocks : {&shorter, &longer}) {
    blocks->clear();
    clock_.Advance(HeapTrimmer::kPause);
    EXPECT_GT(trimmer_.TrimNowAndThen(), 100 << 20);
  }
}

}  // namespace
}  // namespace marquee
