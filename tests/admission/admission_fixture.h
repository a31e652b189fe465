// A queue on a clock that stands still, and requests that arrive at it.
#ifndef MARQUEE_TESTS_ADMISSION_ADMISSION_FIXTURE_H_
#define MARQUEE_TESTS_ADMISSION_ADMISSION_FIXTURE_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "gtest/gtest.h"
#include "server/admission/admission_queue.h"

namespace marquee {

inline constexpr absl::Duration kMillisecond = absl::Milliseconds(1);
inline constexpr absl::Duration kNanosecond = absl::Nanoseconds(1);
// The default options of codel.h.
inline constexpr absl::Duration kTarget = absl::Milliseconds(5);
inline constexpr absl::Duration kInterval = absl::Milliseconds(100);

class AdmissionFixture : public ::testing::Test {
 protected:
  using Options = AdmissionQueue::Options;

  void Make(Options options) {
    queue_ = std::make_unique<AdmissionQueue>(options, clock_);
  }

  // A request of now, owned by the fixture.
  QueuedRequest* Arrive(absl::Duration left = absl::InfiniteDuration(),
                        bool batch = false) {
    all_.push_back(std::make_unique<QueuedRequest>(
        QueuedRequest{clock_.Steady(), clock_.Steady() + left, batch}));
    return all_.back().get();
  }
  QueuedRequest* ArriveBatch() {
    return Arrive(absl::InfiniteDuration(), true);
  }

  // One that arrives and has to get in.
  QueuedRequest* PushOne(absl::Duration left = absl::InfiniteDuration(),
                         bool batch = false) {
    QueuedRequest* const waiting = Arrive(left, batch);
    EXPECT_FALSE(queue_->Push(waiting)) << "refused";
    return waiting;
  }

  // Why a request that arrives now is turned away.
  std::optional<ShedReason> WhyRefused(QueuedRequest* waiting) {
    const auto refused = queue_->Push(waiting);
    if (!refused) return std::nullopt;
    EXPECT_EQ(refused->request, waiting);
    return refused->reason;
  }

  // Makes the queue slow: for an interval, nobody waited less than the target.
  // Leaves it empty, a new interval begun, and one request shed in it.
  void MakeSlow() {
    PushOne();
    clock_.Advance(kTarget + kMillisecond);
    ASSERT_TRUE(queue_->TryPop());
    ASSERT_FALSE(queue_->overloaded());
    PushOne();
    clock_.Advance(kInterval);
    const auto dequeued = queue_->TryPop();
    ASSERT_TRUE(dequeued);
    ASSERT_EQ(dequeued->shed, ShedReason::kSlowQueue);
    ASSERT_TRUE(queue_->overloaded());
    ASSERT_EQ(queue_->depth(), 0);
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::unique_ptr<AdmissionQueue> queue_;
  std::vector<std::unique_ptr<QueuedRequest>> all_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_ADMISSION_ADMISSION_FIXTURE_H_
