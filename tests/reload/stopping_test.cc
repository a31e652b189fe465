// A server that stops while a version loads.
#include <thread>

#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

class Stopping : public ReloaderFixture {};

// A load that takes for ever, as far as this test is concerned.
TEST_F(Stopping, ALoadThatIsUnderWayGivesUp) {
  Build();
  options_.poll = absl::ZeroDuration();
  options_.serving.warm_up_requests = size_t{1} << 40;
  published_ = std::make_unique<Published>();
  metrics_ = std::make_unique<ServerMetrics>(1);
  reloader_ = std::make_unique<Reloader>(options_, clock_, *published_,
                                         *metrics_, *log_);
  absl::Status first;
  ASSERT_TRUE(reloader_
                  ->Start({.first_load_ended =
                               [&](const absl::Status& s) { first = s; },
                           .published = [] {}})
                  .ok());
  EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(60)));
  EXPECT_FALSE(first.ok());
  EXPECT_EQ(published_->current(), nullptr);
}

TEST_F(Stopping, WhoeverWaitsForALoadIsTold) {
  Build();
  ASSERT_TRUE(Start().ok());
  reloader_->BeginStop();
  EXPECT_EQ(reloader_->Reload(1).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(60)));
  EXPECT_EQ(Served().number, 1);
}

// SIGHUP.
TEST_F(Stopping, ARequestWithoutAWaiterLoadsTheNewest) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  reloader_->ReloadSoon();
  for (int look = 0; look < 6000 && Served().number != 2; ++look) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(Served().number, 2);
}

}  // namespace
}  // namespace marquee
