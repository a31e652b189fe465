// `marquee build` is killed at any moment: no version is left that a server
// would load and that is not whole.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/snapshot/snapshot_directory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/synth/synth.h"
#include "tests/files/scratch.h"
#include "tests/paths.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
constexpr uint64_t kSeed = 4711;
constexpr int kKills = 60;

class KilledBuild : public ::testing::Test {
 protected:
  void SetUp() override {
    data_ = ScratchPath("data");
    snapshots_ = ScratchPath("snapshots");
    fs::remove_all(snapshots_);
    ASSERT_TRUE(WriteSynth({.users = 200, .items = 300, .seed = kSeed},
                           {.directory = data_, .embeddings = true})
                    .ok());
  }

  pid_t Start() {
    const std::vector<std::string> words = {BinaryDir() + "/marquee",
                                            "build",
                                            "--data",
                                            data_,
                                            "--embeddings",
                                            data_,
                                            "--out",
                                            snapshots_,
                                            "--threads",
                                            "1"};
    std::vector<char*> arguments;
    for (const std::string& word : words)
      arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", 1, 0);
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, arguments[0], &quiet, nullptr, arguments.data(),
                          environ),
              0);
    posix_spawn_file_actions_destroy(&quiet);
    return pid;
  }
  static int Wait(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
  }
  size_t Leftovers() const {
    size_t count = 0;
    for (const auto& entry : fs::directory_iterator(snapshots_)) {
      count += absl::StartsWith(entry.path().filename().string(), ".") ? 1 : 0;
    }
    return count;
  }

  std::string data_, snapshots_;
};

TEST_F(KilledBuild, LeavesOnlyWholeVersionsAndTheNextBuildCleansUp) {
  const SteadyTime began = Clock::Real().Steady();
  ASSERT_EQ(Wait(Start()), 0);
  absl::Duration whole = Clock::Real().Steady() - began;
  std::printf("seed %llu, a build takes %s\n",
              static_cast<unsigned long long>(kSeed),
              absl::FormatDuration(whole).c_str());
  Random random(kSeed);
  int killed = 0;
  size_t left = 0;
  for (int i = 0; i < kKills; ++i) {
    const pid_t pid = Start();
    const absl::Duration delay = whole * 1.1 * random.Uniform();
    absl::SleepFor(delay);
    ::kill(pid, SIGKILL);
    if (WIFSIGNALED(Wait(pid))) {
      ++killed;
    } else {
      // The first build was a slow one.
      whole = std::min(whole, delay);
    }
    left += Leftovers();
    const auto versions = ListVersions(snapshots_);
    ASSERT_TRUE(versions.ok()) << versions.status();
    for (const uint64_t version : *versions) {
      const absl::Status status =
          LoadAndProve(VersionPath(snapshots_, version));
      ASSERT_TRUE(status.ok()) << "version " << version << ": " << status;
    }
  }
  std::printf("%d of %d builds were killed, %zu left something\n", killed,
              kKills, left);
  EXPECT_GT(killed, kKills / 4);
  EXPECT_GT(left, 0);
  const size_t before = ListVersions(snapshots_)->size();
  ASSERT_EQ(Wait(Start()), 0);
  EXPECT_EQ(ListVersions(snapshots_)->size(), before + 1);
  EXPECT_EQ(Leftovers(), 0);
}

}  // namespace
}  // namespace marquee
