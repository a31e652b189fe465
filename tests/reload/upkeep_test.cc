// What the loader's thread does between loads, and when it sleeps.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

class Upkeep : public ReloaderFixture {};

// Requests that still hold it keep it.
TEST_F(Upkeep, WhatRetiredIsFreedBetweenLoads) {
  Build();
  ASSERT_TRUE(Start().ok());
  Published::Handle held = published_->current();
  const std::weak_ptr<ServingSnapshot> first = held;
  for (const uint64_t version : {2, 3}) {
    Build();
    ASSERT_TRUE(reloader_->Reload(version).ok());
  }
  for (int i = 0; i < 2; ++i) Poll();
  EXPECT_FALSE(first.expired());
  held.reset();
  EXPECT_FALSE(first.expired()) << "a request would free it";
  for (int i = 0; i < 2; ++i) Poll();
  EXPECT_TRUE(first.expired());
}

// Pages of the vectors leave memory and come back: a minute later it is known.
TEST_F(Upkeep, MemoryIsMeasuredEveryMinute) {
  Build();
  ASSERT_TRUE(Start().ok());
  const Published::Handle serving = published_->current();
  const auto resident = [&] {
    uint64_t bytes = 0;
    for (const SectionMemory& section : serving->sections()) {
      bytes += section.residency.resident_bytes;
    }
    return bytes;
  };
  const volatile float* const vector =
      serving->snapshot().item_vectors()[ItemRow{0}].data();
  const auto page_size = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t page = reinterpret_cast<uintptr_t>(vector) / page_size;
  const uint64_t all = resident();
  ASSERT_EQ(madvise(reinterpret_cast<void*>(page * page_size), page_size,
                    MADV_DONTNEED),
            0);
  for (int i = 1; i <= 5; ++i) {
    Poll();
    EXPECT_EQ(resident(), all) << i;
  }
  Poll();
  const uint64_t less = resident();
  EXPECT_LT(less, all);
  const float value = *vector;
  EXPECT_EQ(value, 1);
  for (int i = 7; i <= 11; ++i) {
    Poll();
    EXPECT_EQ(resident(), less) << i;
  }
  Poll();
  EXPECT_GT(resident(), less);
}

// The counts of what is served are those of the last one to two windows.
TEST_F(Upkeep, TheWindowOfWhatIsServedMovesOn) {
  Build();
  ASSERT_TRUE(Start().ok());
  const auto serving = published_->current();
  const auto served = [&] { return serving->served().Shape().impressions; };
  serving->served().Count(std::vector<RecommendedItem>(3));
  clock_.Advance(options_.window - absl::Seconds(20));
  Poll();
  EXPECT_EQ(served(), 3);
  clock_.Advance(absl::Seconds(10));
  Poll();
  serving->served().Count(std::vector<RecommendedItem>(4));
  Poll();
  EXPECT_EQ(served(), 7);
  clock_.Advance(options_.window);
  Poll();
  EXPECT_EQ(served(), 4);
  clock_.Advance(options_.window);
  Poll();
  EXPECT_EQ(served(), 0);
}

// Loading waits while requests do not.
TEST_F(Upkeep, TheLoaderStepsBackOnceAVersionServes) {
  Build();
  ASSERT_TRUE(Start().ok());
  std::vector<int> nice;
  reloader_.reset();
  published_ = std::make_unique<Published>();
  reloader_ = std::make_unique<Reloader>(options_, clock_, *published_,
                                         *metrics_, *log_);
  const auto keep = [&] {
    nice.push_back(
        getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid))));
  };
  absl::Notification polled;
  ASSERT_TRUE(reloader_
                  ->Start({.first_load_ended = [&](const absl::Status&) {},
                           .published = keep,
                           .polled =
                               [&] {
                                 if (nice.size() == 1) {
                                   keep();
                                   polled.Notify();
                                 }
                               }})
                  .ok());
  while (!polled.HasBeenNotified()) {
    clock_.Advance(options_.poll);
    absl::SleepFor(absl::Milliseconds(1));
  }
  polled.WaitForNotification();  // orders what it wrote, for ThreadSanitizer
  EXPECT_EQ(nice[1], std::max(10, nice[0]));
}

// How often the server's clock is looked at tells how often it wakes.
class CountingClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixSeconds(kSmallNow); }
  SteadyTime Steady() const override {
    ++looks;
    return {};
  }
  mutable std::atomic<int> looks = 0;
};

TEST_F(Upkeep, AnIdleServerSleepsUntilItIsAsked) {
  Build();
  options_.tick = absl::Hours(1);
  const CountingClock clock;
  published_ = std::make_unique<Published>();
  metrics_ = std::make_unique<ServerMetrics>(1);
  reloader_ = std::make_unique<Reloader>(options_, clock, *published_,
                                         *metrics_, *log_);
  absl::Notification started;
  SteadyEvent published;
  ASSERT_TRUE(reloader_
                  ->Start({.first_load_ended =
                               [&](const absl::Status&) { started.Notify(); },
                           .published = [&] { published.Set(); }})
                  .ok());
  started.WaitForNotification();
  ASSERT_TRUE(published.WaitFor(absl::ZeroDuration()));
  const int looks = clock.looks;
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(clock.looks, looks);
  Build();
  EXPECT_EQ(reloader_->Reload(0)->version, 2);
  ASSERT_TRUE(published.WaitFor(absl::ZeroDuration()));
  Build();
  reloader_->ReloadSoon();
  ASSERT_TRUE(published.WaitFor(absl::Seconds(5)));
  EXPECT_EQ(Served().number, 3);
  EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(5)));
}

}  // namespace
}  // namespace marquee
