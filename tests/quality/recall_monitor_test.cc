#include "server/quality/recall_monitor.h"

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "core/catalog/bitmap.h"
#include "core/files/array_file.h"
#include "core/retrieval/exact_scan.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

constexpr size_t kItems = 2000;
constexpr size_t kFound = 10;
constexpr auto kCells = static_cast<size_t>(RetrievalEngine::kCells);

// Items whose inner product with the query (1, 0) is their row.
class RecallMonitorTest : public ::testing::Test {
 protected:
  RecallMonitorTest() {
    std::vector<float> values;
    for (size_t row = 0; row < kItems; ++row) {
      values.insert(values.end(), {static_cast<float>(row), 1});
    }
    auto out = *ArrayFileWriter::CreateInMemory();
    WriteItemVectors(values, 2, nullptr, *out).IgnoreError();
    file_ = *out->FinishInMemory();
    vectors_ = *ItemVectors::Open(*file_);
  }

  // Of the first `eligible` items, the engine found the best, but for some.
  RecallProbe Probe(size_t eligible, size_t missed) const {
    RecallProbe probe{.owner = owner_,
                      .vectors = vectors_.get(),
                      .query = {1, 0},
                      .eligible = std::vector<uint64_t>(BitmapWords(kItems)),
                      .eligible_count = eligible,
                      .k = kFound,
                      .engine = RetrievalEngine::kCells};
    for (uint32_t row = 0; row < eligible; ++row) SetBit(probe.eligible, row);
    for (size_t i = 0; i < kFound; ++i) {
      const size_t skipped = i < missed ? kFound : 0;
      const auto row = static_cast<uint32_t>(eligible - 1 - skipped - i);
      probe.found.push_back({ItemRow{row}, static_cast<float>(row)});
    }
    return probe;
  }

  std::unique_ptr<const ArrayFile> file_;
  std::unique_ptr<const ItemVectors> vectors_;
  std::shared_ptr<const void> owner_ = std::make_shared<int>(0);
};

TEST_F(RecallMonitorTest, RepeatsWhatWasFoundAndAverages) {
  RecallMonitor monitor(1);
  ASSERT_TRUE(monitor.Start().ok());
  monitor.Offer(Probe(kItems, 0));
  monitor.WaitUntilIdle();
  EXPECT_EQ(monitor.Read()[kCells][3].recall, 1);
  monitor.Offer(Probe(kItems, 4));
  monitor.WaitUntilIdle();
  EXPECT_EQ(monitor.Read()[kCells][3].probes, 2);
  EXPECT_NEAR(monitor.Read()[kCells][3].recall, 0.8, 1e-9);
  // Another band, of a hundredth of the items.
  monitor.Offer(Probe(20, 10));
  monitor.WaitUntilIdle();
  EXPECT_EQ(monitor.Read()[kCells][1].probes, 1);
  EXPECT_EQ(monitor.Read()[kCells][1].recall, 0);
  EXPECT_EQ(monitor.Read()[kCells][3].probes, 2);
}

TEST_F(RecallMonitorTest, AnAnswerThatIsTooShortIsNotComplete) {
  RecallMonitor monitor(1);
  ASSERT_TRUE(monitor.Start().ok());
  RecallProbe probe = Probe(kItems, 0);
  probe.found.resize(6);
  monitor.Offer(std::move(probe));
  monitor.WaitUntilIdle();
  EXPECT_NEAR(monitor.Read()[kCells][3].recall, 0.6, 1e-9);
  // All that there were: a hundredth of the items, in another band.
  probe = Probe(kFound, 0);
  probe.k = 2 * kFound;
  monitor.Offer(std::move(probe));
  monitor.WaitUntilIdle();
  EXPECT_EQ(monitor.Read()[kCells][1].probes, 1);
  EXPECT_EQ(monitor.Read()[kCells][1].recall, 1);
}

TEST_F(RecallMonitorTest, AnEmptyAnswerHasNoRecall) {
  RecallMonitor monitor(1);
  ASSERT_TRUE(monitor.Start().ok());
  RecallProbe probe = Probe(kItems, 0);
  probe.found.clear();
  monitor.Offer(std::move(probe));
  monitor.WaitUntilIdle();
  EXPECT_EQ(monitor.Read()[kCells][3].probes, 1);
  EXPECT_EQ(monitor.Read()[kCells][3].recall, 0);
}

TEST_F(RecallMonitorTest, AnotherSnapshotBeginsAnew) {
  RecallMonitor monitor(1);
  ASSERT_TRUE(monitor.Start().ok());
  // One that meets the monitor's own lock is dropped: a worker never waits.
  const auto offer = [&](size_t wrong, uint64_t generation, uint64_t probes) {
    for (int i = 0; i < 1000; ++i) {
      if (monitor.Read()[kCells][3].probes == probes) return;
      RecallProbe probe = Probe(kItems, wrong);
      probe.generation = generation;
      monitor.Offer(std::move(probe));
      monitor.WaitUntilIdle();
    }
  };
  offer(10, 0, 1);
  EXPECT_EQ(monitor.Read()[kCells][3].recall, 0);
  offer(0, 1, 2);
  EXPECT_EQ(monitor.Read()[kCells][3].recall, 1);
  EXPECT_EQ(monitor.Read()[kCells][3].probes, 2);
}

TEST_F(RecallMonitorTest, HoldsNoSnapshotOnceItIsIdle) {
  RecallMonitor monitor(1);
  ASSERT_TRUE(monitor.Start().ok());
  monitor.Offer(Probe(kItems, 0));
  monitor.WaitUntilIdle();
  EXPECT_EQ(owner_.use_count(), 1);
}

TEST(RecallMonitor, WantsOneOfSoMany) {
  RecallMonitor monitor(10);
  ASSERT_TRUE(monitor.Start().ok());
  size_t wanted = 0;
  for (int i = 0; i < 1000; ++i) wanted += monitor.Wants() ? 1 : 0;
  EXPECT_EQ(wanted, 100);
  RecallMonitor none(0);
  ASSERT_TRUE(none.Start().ok());
  EXPECT_FALSE(none.Wants());
}

TEST_F(RecallMonitorTest, ManyThreadsMayOffer) {
  RecallMonitor monitor(2);
  ASSERT_TRUE(monitor.Start().ok());
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        if (monitor.Wants()) monitor.Offer(Probe(kItems, 1));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  monitor.WaitUntilIdle();
  EXPECT_GE(monitor.Read()[kCells][3].probes, 1);
  EXPECT_NEAR(monitor.Read()[kCells][3].recall, 0.9, 1e-9);
}

}  // namespace
}  // namespace marquee
