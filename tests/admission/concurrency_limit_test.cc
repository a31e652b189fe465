#include "server/admission/concurrency_limit.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(ConcurrencyLimit, AsManyEnterAsThereArePlaces) {
  ConcurrencyLimit places(2);
  EXPECT_TRUE(places.TryEnter());
  EXPECT_TRUE(places.TryEnter());
  EXPECT_FALSE(places.TryEnter());
  EXPECT_FALSE(places.TryEnter()) << "to be refused takes no place";
  places.Leave();
  EXPECT_TRUE(places.TryEnter());
  EXPECT_FALSE(places.TryEnter());
}

TEST(ConcurrencyLimit, WithoutPlacesNothingEnters) {
  ConcurrencyLimit places(0);
  EXPECT_FALSE(places.TryEnter());
}

TEST(ConcurrencyLimit, ThreadsNeverTakeMoreThanThereAre) {
  ConcurrencyLimit places(2);
  std::atomic<int> inside{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        if (!places.TryEnter()) continue;
        EXPECT_LE(++inside, 2);
        --inside;
        places.Leave();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(places.TryEnter());
  EXPECT_TRUE(places.TryEnter());
  EXPECT_FALSE(places.TryEnter()) << "nobody left twice";
}

}  // namespace
}  // namespace marquee
