#include "server/reload/published.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "gtest/gtest.h"
#include "server/reload/steady_event.h"
#include "tests/files/scratch.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

class PublishedTest : public ::testing::Test {
 protected:
  std::shared_ptr<ServingSnapshot> Load() {
    if (version_.empty()) {
      version_ = BuildTiny(TinyWorld(), ScratchPath("world"));
    }
    auto serving = ServingSnapshot::Load(
        version_, {.retrieval = {.engine = RetrievalEngine::kExact}}, clock_);
    EXPECT_TRUE(serving.ok()) << serving.status();
    return *std::move(serving);
  }

  const FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  std::string version_;
  Published published_;
};

TEST_F(PublishedTest, TheCurrentOneBecomesThePreviousOne) {
  EXPECT_EQ(published_.current(), nullptr);
  EXPECT_EQ(published_.previous(), nullptr);
  const auto a = Load();
  const auto b = Load();
  const auto c = Load();
  published_.Publish(a);
  EXPECT_EQ(published_.current(), a);
  EXPECT_EQ(published_.previous(), nullptr);
  published_.Publish(b);
  EXPECT_EQ(published_.current(), b);
  EXPECT_EQ(published_.previous(), a);
  published_.Publish(c);
  EXPECT_EQ(published_.current(), c);
  EXPECT_EQ(published_.previous(), b);
}

TEST_F(PublishedTest, GoesBackOnceUntilTheNextOne) {
  EXPECT_FALSE(published_.RollBack());
  EXPECT_FALSE(published_.rolled_back());
  const auto a = Load();
  const auto b = Load();
  published_.Publish(a);
  EXPECT_FALSE(published_.RollBack());
  EXPECT_FALSE(published_.rolled_back());
  EXPECT_EQ(published_.current(), a);
  published_.Publish(b);
  EXPECT_TRUE(published_.RollBack());
  EXPECT_TRUE(published_.rolled_back());
  EXPECT_EQ(published_.current(), a);
  EXPECT_EQ(published_.previous(), b);
  EXPECT_FALSE(published_.RollBack());
  EXPECT_EQ(published_.current(), a);
  published_.Publish(Load());
  EXPECT_FALSE(published_.rolled_back());
  EXPECT_TRUE(published_.RollBack());
  EXPECT_EQ(published_.current(), a);
}

TEST_F(PublishedTest, WhatRetiredIsFreedWhenNoRequestHoldsIt) {
  auto held = Load();
  auto free = Load();
  const std::weak_ptr<ServingSnapshot> held_still = held;
  const std::weak_ptr<ServingSnapshot> freed = free;
  published_.Publish(held);
  published_.Publish(std::move(free));
  EXPECT_EQ(published_.FreeRetired(), 0);
  published_.Publish(Load());
  published_.Publish(Load());
  EXPECT_FALSE(freed.expired()) << "a request would free it";
  EXPECT_EQ(published_.FreeRetired(), 1);
  EXPECT_TRUE(freed.expired());
  EXPECT_FALSE(held_still.expired());
  held.reset();
  EXPECT_EQ(published_.FreeRetired(), 0);
  EXPECT_TRUE(held_still.expired());
  EXPECT_NE(published_.current(), nullptr);
  EXPECT_NE(published_.previous(), nullptr);
}

// The one in the middle is freed, those about it are not.
TEST_F(PublishedTest, WhatIsHeldStaysWhereverItStands) {
  std::vector<Published::Handle> held;
  std::vector<std::weak_ptr<ServingSnapshot>> all;
  for (int i = 0; i < 3; ++i) {
    held.push_back(Load());
    all.push_back(held.back());
    published_.Publish(held.back());
  }
  published_.Publish(Load());
  published_.Publish(Load());
  const auto free = [&](size_t i) {
    held[i].reset();
    return published_.FreeRetired();
  };
  EXPECT_EQ(free(1), 2);
  EXPECT_TRUE(all[1].expired());
  EXPECT_EQ(free(0), 1);
  EXPECT_TRUE(all[0].expired());
  EXPECT_FALSE(all[2].expired());
  EXPECT_EQ(free(2), 0);
  EXPECT_TRUE(all[2].expired());
}

TEST(SteadyEvent, IsClearedByTheWaitThatSeesIt) {
  SteadyEvent event;
  EXPECT_FALSE(event.WaitFor(absl::ZeroDuration()));
  event.Set();
  EXPECT_TRUE(event.WaitFor(absl::Hours(1)));
  EXPECT_FALSE(event.WaitFor(absl::Milliseconds(1)));
}

TEST(SteadyEvent, WakesAThreadThatWaits) {
  SteadyEvent asked;
  SteadyEvent answered;
  std::thread other([&] {
    if (asked.WaitFor(absl::Seconds(60))) answered.Set();
  });
  asked.Set();
  EXPECT_TRUE(answered.WaitFor(absl::Seconds(5)));
  other.join();
}

}  // namespace
}  // namespace marquee
