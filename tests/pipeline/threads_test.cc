// One pipeline under several threads, while time moves on: for ThreadSanitizer,
// and for answers that do not depend on who else asks.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/pipeline/pipeline.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

constexpr int kItems = 40;

SmallWorld World() {
  SmallWorld world;
  for (int i = 0; i < kItems; ++i) {
    const std::string id = absl::StrCat("t", i);
    world.AddItem(id, {1, static_cast<float>(i % 7), static_cast<float>(i)});
    // Opens and closes in turn, a few seconds after now.
    world.items.back().licences = {{"DE", absl::FromUnixSeconds(kSmallNow + i),
                                    absl::FromUnixSeconds(kSmallNow + i + 20)},
                                   {"FR"}};
    world.AddWatches(id, 1 + i % 3, "FR");
  }
  world.AddUser("u", {0.5f, 1, 0.1f});
  return world;
}

std::vector<ItemRow> Ask(const Pipeline& pipeline, PipelineScratch& scratch,
                         int second) {
  RecommendRequest request;
  request.user_id = "u";
  request.country = "DE";
  request.now = absl::FromUnixSeconds(kSmallNow + second);
  RecommendResponse response;
  EXPECT_TRUE(pipeline.Recommend(request, scratch, response).ok());
  EXPECT_EQ(response.removed_by_final_check, 0);
  std::vector<ItemRow> rows;
  for (const RecommendedItem& item : response.items) rows.push_back(item.row);
  return rows;
}

TEST(PipelineThreads, AnswersDoNotDependOnOtherThreadsNorOnTheCheckpoint) {
  const auto snapshot = World().Build(ScratchPath("world"));
  FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  Pipeline pipeline(*snapshot, {}, clock);
  PipelineScratch scratch(*snapshot, pipeline.max_candidates());
  std::vector<std::vector<ItemRow>> expected;
  for (int second = 0; second < 60; ++second) {
    expected.push_back(Ask(pipeline, scratch, second));
  }
  ASSERT_NE(expected[5], expected[50]);

  std::vector<std::thread> askers;
  for (int asker = 0; asker < 3; ++asker) {
    askers.emplace_back([&, asker] {
      PipelineScratch own(*snapshot, pipeline.max_candidates());
      for (int i = 0; i < 300; ++i) {
        const int second = (i * 7 + asker * 13) % 60;
        EXPECT_EQ(Ask(pipeline, own, second), expected[second]);
      }
    });
  }
  for (int i = 0; i < 60; ++i) {
    clock.Advance(absl::Seconds(1));
    pipeline.AdvanceTime();
    std::this_thread::yield();
  }
  for (std::thread& asker : askers) asker.join();
}

}  // namespace
}  // namespace marquee
