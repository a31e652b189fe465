// A reloader on a directory of tiny versions, with a clock that the test moves
// and a log that it reads.
#ifndef MARQUEE_TESTS_RELOAD_RELOADER_FIXTURE_H_
#define MARQUEE_TESTS_RELOAD_RELOADER_FIXTURE_H_

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/reload/reloader.h"
#include "tests/files/scratch.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {

class ReloaderFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(ScratchPath(""));
    options_ = {.snapshots = ScratchPath("world/snapshots"),
                .poll = absl::Seconds(10),
                .tick = absl::Milliseconds(2)};
    options_.serving.warm_up_requests = 5;
    options_.serving.retrieval = {.engine = RetrievalEngine::kExact};
    log_file_ = std::fopen(ScratchPath("log").c_str(), "w");
    ASSERT_NE(log_file_, nullptr);
    log_ = std::make_unique<EventLog>(LogLevel::kInfo, log_file_);
  }
  void TearDown() override {
    reloader_.reset();
    log_.reset();
    std::fclose(log_file_);
  }

  // The next version of the directory.
  void Build() { BuildTiny(TinyWorld(), ScratchPath("world")); }
  // One of other data, under a number that this directory gives away.
  std::string BuildElsewhere(uint64_t number) {
    std::string path;
    for (uint64_t i = 0; i < number; ++i) {
      path = BuildTiny(TinyWorld(), ScratchPath("elsewhere"));
    }
    return path;
  }
  std::string Path(uint64_t version) const {
    return VersionPath(options_.snapshots, version);
  }
  uint64_t IdentityOf(uint64_t version) const {
    const auto manifest = ReadManifest(Path(version));
    EXPECT_TRUE(manifest.ok()) << manifest.status();
    return manifest.ok() ? manifest->identity() : 0;
  }

  // A new process, so to speak. Returns how the first load ended.
  absl::Status Start() {
    reloader_.reset();
    published_ = std::make_unique<Published>();
    metrics_ = std::make_unique<ServerMetrics>(1);
    reloader_ = std::make_unique<Reloader>(options_, clock_, *published_,
                                           *metrics_, *log_);
    absl::Notification ended;
    absl::Status first;
    const absl::Status started =
        reloader_->Start({.first_load_ended =
                              [&](const absl::Status& status) {
                                first = status;
                                ended.Notify();
                              },
                          .published = [this] { ++publications_; },
                          .polled = [this] { CountPoll(); }});
    if (!started.ok()) return started;
    ended.WaitForNotification();
    return first;
  }

  // Returns when the reloader has looked at the directory once more.
  void Poll() {
    absl::MutexLock lock(&mu_);
    const int before = polls_;
    clock_.Advance(options_.poll);
    const auto again = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return polls_ > before;
    };
    ASSERT_TRUE(
        mu_.AwaitWithTimeout(absl::Condition(&again), absl::Seconds(60)));
  }

  // How often the reloader has looked at the directory.
  int Polls() const {
    absl::MutexLock lock(&mu_);
    return polls_;
  }

  VersionName Served() const {
    const Published::Handle current = published_->current();
    if (current == nullptr) return {};
    // 0 is what a worker without scratch memory has.
    EXPECT_NE(current->generation(), 0);
    return NameOf(*current);
  }

  // How many lines of the log have this event.
  int Lines(const std::string& event) const {
    int count = 0;
    for (const absl::string_view line : absl::StrSplit(Log(), '\n')) {
      count +=
          absl::StrContains(line, absl::StrCat("\"event\":\"", event, "\""));
    }
    return count;
  }
  // The one line of the log that has this event.
  std::string Line(const std::string& event) const {
    EXPECT_EQ(Lines(event), 1) << Log();
    for (const absl::string_view line : absl::StrSplit(Log(), '\n')) {
      if (absl::StrContains(line, absl::StrCat("\"event\":\"", event, "\""))) {
        return std::string(line);
      }
    }
    return "";
  }
  std::string Log() const {
    std::ifstream file(ScratchPath("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // Whether the metrics count items that the rule placed.
  bool CountsRule(const std::string& rule) const {
    for (const prometheus::MetricFamily& family : metrics_->Collect()) {
      for (const prometheus::ClientMetric& metric : family.metric) {
        for (const auto& label : metric.label) {
          if (label.name == "rule" && label.value == rule) return true;
        }
      }
    }
    return false;
  }
  // How many loads and rollbacks the metrics count: "ok", "failed",
  // "rolled_back".
  double Reloads(const std::string& result) const {
    for (const prometheus::MetricFamily& family : metrics_->Collect()) {
      for (const prometheus::ClientMetric& metric : family.metric) {
        for (const auto& label : metric.label) {
          if (absl::StrContains(family.name, "reload") &&
              label.value == result) {
            return metric.counter.value;
          }
        }
      }
    }
    ADD_FAILURE() << "no metric counts reloads by " << result;
    return -1;
  }

  void Block(uint64_t version, const std::string& why = "shows too little") {
    const BlockedVersion block{.version = version,
                               .identity = IdentityOf(version),
                               .by = "ann",
                               .when = clock_.Now(),
                               .why = why};
    ASSERT_TRUE(UpdateLedger(options_.snapshots, [&](VersionLedger& ledger) {
                  ledger.Block(block);
                  return absl::OkStatus();
                }).ok());
  }
  void UnblockAll() {
    ASSERT_TRUE(UpdateLedger(options_.snapshots, [](VersionLedger& ledger) {
                  ledger.blocked.clear();
                  return absl::OkStatus();
                }).ok());
  }
  // As on a volume that is mounted for reading, for any user.
  void MakeLedgerReadOnly() {
    const std::string lock =
        absl::StrCat(options_.snapshots, "/", kLedgerName, ".lock");
    std::filesystem::remove(lock);
    std::filesystem::create_directories(lock);
  }

  FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  Reloader::Options options_;
  std::FILE* log_file_ = nullptr;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Published> published_;
  std::unique_ptr<ServerMetrics> metrics_;
  std::atomic<int> publications_ = 0;
  std::unique_ptr<Reloader> reloader_;

 private:
  void CountPoll() {
    absl::MutexLock lock(&mu_);
    ++polls_;
  }

  mutable absl::Mutex mu_;
  int polls_ ABSL_GUARDED_BY(mu_) = 0;
};

// The message of what must have been refused.
template <typename Outcome>
std::string Refused(const Outcome& outcome) {
  EXPECT_EQ(outcome.status().code(), absl::StatusCode::kFailedPrecondition);
  return std::string(outcome.status().message());
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_RELOAD_RELOADER_FIXTURE_H_
