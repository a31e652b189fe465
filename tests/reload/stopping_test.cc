// A server that stops while a version loads.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/files/atomic_file.h"
#include "core/snapshot/version_ledger.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

class Stopping : public ReloaderFixture {
 protected:
  // As another process would. Until the descriptor that it returns is closed.
  int HoldLedger() const {
    const std::string lock =
        absl::StrCat(options_.snapshots, "/", kLedgerName, ".lock");
    const int held = ::open(lock.c_str(), O_RDONLY | O_CREAT, 0644);
    EXPECT_EQ(::flock(held, LOCK_EX), 0);
    return held;
  }
};

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

// A load that can not give up is left: the stop goes on without it.
TEST_F(Stopping, WhatDoesNotGiveUpIsNotWaitedForWithoutEnd) {
  Build();
  published_ = std::make_unique<Published>();
  metrics_ = std::make_unique<ServerMetrics>(1);
  reloader_ = std::make_unique<Reloader>(options_, clock_, *published_,
                                         *metrics_, *log_);
  absl::Notification goes_on;
  ASSERT_TRUE(reloader_
                  ->Start({.first_load_ended =
                               [&](const absl::Status& /*status*/) {
                                 goes_on.WaitForNotification();
                               },
                           .published = [] {}})
                  .ok());
  EXPECT_FALSE(reloader_->StopWithin(absl::Milliseconds(20)));
  goes_on.Notify();
  EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(60)));
}

TEST_F(Stopping, ACallerThatWaitsForALoadGetsAnError) {
  options_.poll = absl::ZeroDuration();
  options_.serving.warm_up_requests = size_t{1} << 40;
  std::filesystem::create_directories(options_.snapshots);
  ASSERT_FALSE(Start().ok());  // there is nothing yet
  Build();
  // Of two one waits, the other is turned away.
  absl::Notification turned_away;
  std::atomic<int> told = 0;
  const auto ask = [&] {
    const absl::Status status = reloader_->Reload(1).status();
    if (status.code() == absl::StatusCode::kAborted) turned_away.Notify();
    told += status.code() == absl::StatusCode::kUnavailable;
  };
  std::thread first(ask);
  std::thread second(ask);
  turned_away.WaitForNotification();
  reloader_->BeginStop();
  first.join();
  second.join();
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(60)));
}

TEST_F(Stopping, AfterItNothingIsLoadedAndNothingRolledBack) {
  Build();
  ASSERT_TRUE(Start().ok());
  reloader_->BeginStop();
  EXPECT_EQ(reloader_->Reload(1).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(reloader_->Rollback().status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(Served().number, 1);
}

// Another process holds the ledger: the rollback serves already, nothing else
// begins, and the server can be stopped meanwhile.
TEST_F(Stopping, ARollbackThatWaitsForTheLedgerBlocksNoCall) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  ASSERT_TRUE(reloader_->Reload(2).ok());
  const int held = HoldLedger();
  absl::StatusOr<ReloadOutcome> outcome;
  std::thread rolls_back([&] { outcome = reloader_->Rollback(); });
  while (Served().number != 1) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_EQ(reloader_->Rollback().status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(reloader_->Reload(2).status().code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(60)));
  ::close(held);
  rolls_back.join();
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->persisted);
}

// What it leaves is not blocked yet, and is not taken again meanwhile.
TEST_F(Stopping, ALoadOfTheServersOwnWaitsForARollback) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  ASSERT_TRUE(reloader_->Reload(2).ok());
  const int held = HoldLedger();
  std::thread rolls_back([&] { EXPECT_TRUE(reloader_->Rollback().ok()); });
  while (Served().number != 1) absl::SleepFor(absl::Milliseconds(1));
  reloader_->ReloadSoon();
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(Served().number, 1);
  ::close(held);
  rolls_back.join();
  while (Lines("snapshot served already") == 0) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_EQ(Served().number, 1);
}

// The version that a poll has found is blocked while the poll waits.
TEST_F(Stopping, ALookThatWaitedForARollbackReadsTheLedgerAgain) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  ASSERT_TRUE(reloader_->Reload(2).ok());
  Build();
  const std::string ledger = absl::StrCat(options_.snapshots, "/", kLedgerName);
  Block(3);
  const std::string blocked = *ReadFile(ledger);
  UnblockAll();
  const int held = HoldLedger();
  std::thread rolls_back([&] { EXPECT_TRUE(reloader_->Rollback().ok()); });
  while (Served().number != 1) absl::SleepFor(absl::Milliseconds(1));
  clock_.Advance(options_.poll);
  absl::SleepFor(absl::Milliseconds(100));
  ASSERT_TRUE(WriteFileAtomically(ledger, blocked).ok());
  ::close(held);
  rolls_back.join();
  Poll();
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
  absl::StatusCode code = absl::StatusCode::kAborted;
  while (code == absl::StatusCode::kAborted) {
    code = reloader_->Rollback().status().code();
  }
  EXPECT_EQ(code, absl::StatusCode::kOk) << "nothing is under way";
}

// No caller waits for it, and it keeps others out all the same.
TEST_F(Stopping, ALoadOfTheServersOwnTurnsOthersAway) {
  options_.serving.warm_up_requests = size_t{1} << 40;
  std::filesystem::create_directories(options_.snapshots);
  for (const bool polls : {false, true}) {
    ASSERT_FALSE(Start().ok()) << "there is nothing yet";
    Build();
    if (polls) {
      clock_.Advance(options_.poll);
    } else {
      reloader_->ReloadSoon();
    }
    absl::StatusCode code = absl::StatusCode::kOk;
    for (int look = 0; look < 5000 && code != absl::StatusCode::kAborted;
         ++look) {
      code = reloader_->Rollback().status().code();
      absl::SleepFor(absl::Milliseconds(1));
    }
    EXPECT_EQ(code, absl::StatusCode::kAborted);
    EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(60)));
    EXPECT_EQ(published_->current(), nullptr);
    EXPECT_EQ(Lines("snapshot refused"), 0) << "it has no fault";
    std::filesystem::remove_all(Path(1));
  }
}

}  // namespace
}  // namespace marquee
