#include "core/base/threads.h"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kNeedsAddressSpace = true;  // the sanitizer, whatever we do
#else
constexpr bool kNeedsAddressSpace = false;
#endif

// In a process of its own: no address space for another stack.
void LeaveNoRoomForAStack() {
  const rlimit little{.rlim_cur = 1 << 20, .rlim_max = 1 << 20};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &little), 0);
}

TEST(Threads, OneThatStartsRuns) {
  std::atomic<int> ran = 0;
  auto thread = StartThread("a test", [&] { ++ran; });
  ASSERT_TRUE(thread.ok());
  thread->join();
  EXPECT_EQ(ran, 1);
}

TEST(ThreadsDeathTest, OneThatCanNotBeStartedIsAnError) {
  if (kNeedsAddressSpace) GTEST_SKIP() << "a sanitizer needs address space";
  EXPECT_EXIT(
      {
        LeaveNoRoomForAStack();
        const auto thread = StartThread("worker 3", [] {});
        if (thread.ok()) ::_exit(1);
        const std::string message(thread.status().message());
        ::write(STDERR_FILENO, message.data(), message.size());
        ::_exit(0);
      },
      ::testing::ExitedWithCode(0),
      "the thread of worker 3 can not be started: .*pids.max");
}

TEST(Threads, TogetherTheyDoEverythingOnce) {
  for (const size_t threads : {1, 2, 7}) {
    std::atomic<int> next = 0;
    std::atomic<int> here = 0;
    std::atomic<int> calls = 0;
    RunTogether(threads, [&](bool is_here) {
      ++calls;
      here += is_here;
      while (next.fetch_add(1) < 1000) {
      }
    });
    EXPECT_EQ(here, 1);
    EXPECT_EQ(calls, threads);
    EXPECT_GE(next, 1000);
  }
}

TEST(ThreadsDeathTest, WithoutOthersThisOneDoesItAll) {
  if (kNeedsAddressSpace) GTEST_SKIP() << "a sanitizer needs address space";
  EXPECT_EXIT(
      {
        LeaveNoRoomForAStack();
        int calls = 0;
        RunTogether(8, [&](bool here) { calls += here ? 1 : 100; });
        ::_exit(calls == 1 ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(Threads, AnExceptionComesThroughWhenAllHaveEnded) {
  std::atomic<int> ended = 0;
  EXPECT_THROW(RunTogether(4,
                           [&](bool here) {
                             if (here) throw std::runtime_error("here");
                             ++ended;
                           }),
               std::runtime_error);
  EXPECT_EQ(ended, 3);
}

TEST(Threads, CountIsWhatWasAskedForOrThatOfTheMachine) {
  EXPECT_EQ(ThreadCount(5), 5);
  EXPECT_GE(ThreadCount(0), 1);
}

}  // namespace
}  // namespace marquee
