#include "offline/build/related_rows.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/catalog/related_items.h"
#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A row of interactions.csv.
struct Event {
  uint32_t user;
  uint32_t item;
  int64_t moment;
  bool liked = true;
};

UserRows Read(const std::vector<Event>& events, uint32_t items) {
  const std::string directory = ScratchPath("data");
  std::filesystem::create_directories(directory);
  std::string rows = "user_id,item_id,timestamp,event,weight\n";
  for (const Event& event : events) {
    absl::StrAppend(&rows, "u", event.user, ",t", event.item, ",", event.moment,
                    ",play,", event.liked ? 1 : 0, "\n");
  }
  EXPECT_TRUE(WriteFileAtomically(directory + "/interactions.csv", rows).ok());
  EXPECT_TRUE(WriteFileAtomically(directory + "/users.jsonl", "").ok());
  IdDictionary ids;
  for (uint32_t row = 0; row < items; ++row) {
    ids.FindOrAdd(absl::StrCat("t", row));
  }
  auto users = UserRows::Read({.directory = directory}, IdDictionary(), ids);
  EXPECT_TRUE(users.ok()) << users.status();
  return *std::move(users);
}

// The neighbours of each item, best first.
using Neighbours = std::vector<std::vector<std::pair<uint32_t, float>>>;

Neighbours Related(const std::vector<Event>& events, uint32_t items,
                   size_t threads = 1) {
  auto out = *ArrayFileWriter::CreateInMemory();
  WriteRelatedItems(Read(events, items), items, threads, *out);
  const auto file = *out->FinishInMemory();
  const auto related = RelatedItems::Open(*file, items);
  EXPECT_TRUE(related.ok()) << related.status();
  Neighbours all(items);
  for (uint32_t row = 0; row < items; ++row) {
    const RelatedItems::Neighbours own = (**related)[ItemRow{row}];
    for (size_t i = 0; i < own.rows.size(); ++i) {
      all[row].emplace_back(Index(own.rows[i]), own.scores[i]);
    }
  }
  return all;
}

// Looks at every pair of items and every user.
Neighbours Twin(const std::vector<Event>& events, uint32_t users,
                uint32_t items) {
  std::vector<std::set<uint32_t>> likes(users);
  for (uint32_t user = 0; user < users; ++user) {
    // Minus the moment, minus the item: the latest first.
    std::vector<std::pair<int64_t, int64_t>> liked;
    for (const Event& event : events) {
      if (event.user == user && event.liked) {
        liked.emplace_back(-event.moment, -int64_t{event.item});
      }
    }
    std::sort(liked.begin(), liked.end());
    for (const auto& [moment, item] : liked) {
      if (likes[user].size() < 100) {
        likes[user].insert(static_cast<uint32_t>(-item));
      }
    }
  }
  const auto sum = [&](uint32_t a, uint32_t b) {
    double of = 0;
    for (const std::set<uint32_t>& own : likes) {
      if (own.contains(a) && own.contains(b)) of += 1 / std::sqrt(own.size());
    }
    return of;
  };
  Neighbours all(items);
  for (uint32_t a = 0; a < items; ++a) {
    std::vector<std::pair<float, uint32_t>> found;
    for (uint32_t b = 0; b < items; ++b) {
      const double together = a == b ? 0 : sum(a, b);
      if (together == 0) continue;
      const double cosine =
          together / std::sqrt((sum(a, a) + 3) * (sum(b, b) + 3));
      found.emplace_back(-static_cast<float>(cosine), b);
    }
    std::sort(found.begin(), found.end());
    if (found.size() > 50) found.resize(50);
    for (const auto& [minus, b] : found) all[a].emplace_back(b, -minus);
  }
  return all;
}

TEST(RelatedRows, AreThoseThatTheSameUsersLike) {
  // u0 likes t0 and t1, u1 likes t0, t1, t2 and t3.
  const std::vector<Event> events = {{0, 0, 1000}, {0, 1, 2000}, {1, 0, 1000},
                                     {1, 1, 1000}, {1, 2, 1000}, {1, 3, 1000}};
  const Neighbours related = Related(events, 5);
  const double pair = 1 / std::sqrt(2);
  const double alone = pair + 0.5 + 3;
  const auto together = static_cast<float>((pair + 0.5) / alone);
  const auto with_few = static_cast<float>(0.5 / std::sqrt(alone * 3.5));
  EXPECT_THAT(related[0],
              ElementsAre(std::pair(1, together), std::pair(2, with_few),
                          std::pair(3, with_few)));
  EXPECT_THAT(related[3],
              ElementsAre(std::pair(2, 0.5f / 3.5f), std::pair(0, with_few),
                          std::pair(1, with_few)));
  EXPECT_THAT(related[4], IsEmpty());
}

// Plays that are no sign of liking, and items that are played again.
TEST(RelatedRows, OnlyLikedItemsAndEachOnce) {
  const std::vector<Event> once = {{0, 0, 1000}, {0, 1, 2000}};
  std::vector<Event> more = once;
  for (int i = 1; i <= 9; ++i) more.push_back({0, 0, 2000 + i});
  more.push_back({0, 2, 5000, false});
  more.push_back({1, 3, 5000});
  EXPECT_THAT(Related(once, 4)[0], SizeIs(1));
  EXPECT_EQ(Related(more, 4), Related(once, 4));
}

TEST(RelatedRows, OnlyTheLatestHundredOfAUser) {
  std::vector<Event> events;
  // The first two are the earliest; t0 is liked again, later.
  for (uint32_t item = 0; item < 102; ++item) {
    events.push_back({0, item, 1000 + item});
  }
  events.push_back({0, 0, 9000});
  const Neighbours related = Related(events, 102);
  EXPECT_THAT(related[0], SizeIs(50));
  EXPECT_THAT(related[1], IsEmpty());
  EXPECT_THAT(related[2], IsEmpty());
  EXPECT_EQ(related[0].front().first, 3);
  // Of one moment, those of the later rows.
  for (Event& event : events) event.moment = 1000;
  const Neighbours equal = Related(events, 102);
  EXPECT_THAT(equal[0], IsEmpty());
  EXPECT_THAT(equal[1], IsEmpty());
  EXPECT_THAT(equal[2], SizeIs(50));
}

TEST(RelatedRows, FiftyNeighboursAtMostAndThoseAreTheBest) {
  std::vector<Event> events;
  for (uint32_t item = 0; item < 60; ++item) events.push_back({0, item, 1000});
  // The last is the best of the first.
  for (uint32_t item : {0, 59}) events.push_back({1, item, 1000});
  const Neighbours related = Related(events, 60);
  ASSERT_THAT(related[0], SizeIs(50));
  EXPECT_EQ(related[0][0].first, 59);
  for (uint32_t i = 1; i < 50; ++i) EXPECT_EQ(related[0][i].first, i);
}

TEST(RelatedRows, NobodyLikesAnything) {
  for (const auto& own : Related({{0, 1, 1000, false}}, 3)) {
    EXPECT_THAT(own, IsEmpty());
  }
}

// More items than a thread takes at once.
TEST(RelatedRows, IsWhatASlowLookFindsOnAnyNumberOfThreads) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const uint32_t users = 1 + random.Below(40);
    const uint32_t items = 20 + random.Below(200);
    std::vector<Event> events;
    std::set<std::tuple<uint32_t, uint32_t, int64_t>> copies;
    for (uint32_t n = 30 * users; n > 0; --n) {
      // Many likes of a few users and of a few items.
      const uint32_t user = random.Below(1 + random.Below(users));
      const uint32_t item = random.Below(1 + random.Below(items));
      const int64_t moment = 100000 + random.Below(50);
      // A copy of a row does not count.
      if (!copies.emplace(user, item, moment).second) continue;
      events.push_back({user, item, moment, random.Chance(0.8)});
    }
    const Neighbours related = Related(events, items);
    EXPECT_EQ(related, Twin(events, users, items));
    for (const size_t threads : {2, 3, 0}) {
      EXPECT_EQ(Related(events, items, threads), related);
    }
  }
}

}  // namespace
}  // namespace marquee
