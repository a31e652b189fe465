#include "core/base/parallel_for.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;

TEST(ParallelFor, DoesEveryBlockOnce) {
  for (const size_t threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> done(10);
    std::vector<std::pair<size_t, size_t>> blocks(4);
    ParallelFor(10, 3, threads, [&](size_t block, size_t begin, size_t end) {
      blocks[block] = {begin, end};
      for (size_t i = begin; i < end; ++i) ++done[i];
    });
    EXPECT_THAT(blocks, ElementsAre(std::pair(0, 3), std::pair(3, 6),
                                    std::pair(6, 9), std::pair(9, 10)));
    for (const std::atomic<int>& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(ParallelFor, DoesNothingOfNothing) {
  std::vector<size_t> seen;
  ParallelFor(0, 3, 4,
              [&](size_t block, size_t, size_t) { seen.push_back(block); });
  EXPECT_THAT(seen, IsEmpty());
}

TEST(ParallelFor, TicksOnTheCallingThread) {
  const std::thread::id here = std::this_thread::get_id();
  std::vector<size_t> ticks;
  ParallelFor(
      3, 1, 1, [](size_t, size_t, size_t) {},
      [&](size_t block) {
        EXPECT_EQ(std::this_thread::get_id(), here);
        ticks.push_back(block);
      });
  EXPECT_THAT(ticks, ElementsAre(0, 1, 2));
}

TEST(ParallelForWith, GivesEveryThreadMemoryOfItsOwn) {
  std::mutex mu;
  std::set<const int*> memories;
  std::vector<int> order(100);
  ParallelForWith([] { return std::make_unique<int>(0); }, order.size(), 1, 4,
                  [&](std::unique_ptr<int>& scratch, size_t i, size_t, size_t) {
                    // A race, were it shared.
                    order[i] = ++*scratch;
                    const std::lock_guard<std::mutex> lock(mu);
                    memories.insert(scratch.get());
                  });
  EXPECT_LE(memories.size(), 4);
  EXPECT_THAT(order, Each(Ge(1)));
}

}  // namespace
}  // namespace marquee
