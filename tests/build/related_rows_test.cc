// Which items the same users liked, against all pairs one by one.
#include "offline/build/related_rows.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/catalog/related_items.h"
#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/build/user_rows.h"
#include "tests/catalog/section.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

struct Play {
  int user, item, moment, weight;
};

class RelatedRowsTest : public ::testing::Test {
 protected:
  // Writes the plays and reads them as a build does.
  void Read(const std::vector<Play>& plays, int items) {
    const std::string directory = ScratchPath("data");
    std::string csv = "user_id,item_id,timestamp,event,weight\n";
    for (const Play& p : plays) {
      absl::StrAppend(&csv, "u", p.user, ",i", p.item, ",", p.moment, ",play,",
                      p.weight, "\n");
    }
    std::filesystem::create_directories(directory);
    ASSERT_TRUE(WriteFileAtomically(directory + "/interactions.csv", csv).ok());
    ASSERT_TRUE(WriteFileAtomically(directory + "/users.jsonl", "").ok());
    for (int i = 0; i < items; ++i) ids_.FindOrAdd(absl::StrCat("i", i));
    auto rows = UserRows::Read({.directory = directory}, {}, ids_);
    ASSERT_TRUE(rows.ok()) << rows.status();
    users_ = *std::move(rows);
  }
  std::unique_ptr<const ArrayFile> Section(size_t threads) const {
    return Written([&](ArrayFileWriter& out) {
      WriteRelatedItems(users_, ids_.size(), threads, out);
      return absl::OkStatus();
    });
  }

  IdDictionary ids_;
  UserRows users_;
};

// Of each item the neighbours with their scores, by the definition.
using Neighbours = std::vector<std::pair<double, int>>;
std::vector<Neighbours> ByDefinition(const std::vector<Play>& plays,
                                     int items) {
  std::map<int, std::set<int>> likes;
  for (const Play& p : plays) {
    if (p.weight > 0) likes[p.user].insert(p.item);
  }
  std::vector<std::vector<double>> together(items,
                                            std::vector<double>(items, 0));
  for (const auto& [user, liked] : likes) {
    const double weight = 1 / std::sqrt(static_cast<double>(liked.size()));
    for (const int a : liked) {
      for (const int b : liked) together[a][b] += weight;
    }
  }
  std::vector<Neighbours> all(items);
  for (int a = 0; a < items; ++a) {
    for (int b = 0; b < items; ++b) {
      if (a == b || together[a][b] == 0) continue;
      all[a].emplace_back(together[a][b] / std::sqrt((together[a][a] + 3) *
                                                     (together[b][b] + 3)),
                          b);
    }
    std::sort(all[a].begin(), all[a].end(), [](const auto& x, const auto& y) {
      return x.first != y.first ? x.first > y.first : x.second < y.second;
    });
    if (all[a].size() > 50) all[a].resize(50);
  }
  return all;
}

TEST_F(RelatedRowsTest, AreTheCosinesOfTheDefinition) {
  constexpr int kItems = 120;
  Random random(7);
  std::vector<Play> plays;
  for (int i = 0; i < 3000; ++i) {
    plays.push_back({static_cast<int>(random.Below(90)),
                     static_cast<int>(random.Below(kItems)),
                     static_cast<int>(random.Below(1000)),
                     random.Chance(0.9) ? 1 : 0});
  }
  Read(plays, kItems);
  const auto file = Section(1);
  const auto related = *RelatedItems::Open(*file, kItems);
  const auto expected = ByDefinition(plays, kItems);
  for (uint32_t item = 0; item < kItems; ++item) {
    const RelatedItems::Neighbours found = (*related)[ItemRow{item}];
    ASSERT_EQ(found.rows.size(), expected[item].size()) << item;
    for (size_t n = 0; n < found.rows.size(); ++n) {
      EXPECT_NEAR(found.scores[n], expected[item][n].first, 1e-6);
    }
  }
  // The same for any number of threads.
  EXPECT_EQ(Section(3)->digest(), file->digest());
}

// Of 101 likes the earliest counts for nothing; nor does a play that is no
// like.
TEST_F(RelatedRowsTest, AUserCountsWithTheLatestHundredLikes) {
  std::vector<Play> plays;
  for (int i = 0; i < 101; ++i) plays.push_back({1, i, 1000 + i, 1});
  plays.push_back({1, 101, 5000, 0});
  Read(plays, 102);
  const auto file = Section(2);
  const auto related = *RelatedItems::Open(*file, 102);
  EXPECT_THAT((*related)[ItemRow{0}].rows, ::testing::IsEmpty());
  EXPECT_THAT((*related)[ItemRow{101}].rows, ::testing::IsEmpty());
  ASSERT_EQ((*related)[ItemRow{1}].rows.size(), 50);
  EXPECT_EQ((*related)[ItemRow{1}].rows[0], ItemRow{2}) << "equals by row";
  EXPECT_NEAR((*related)[ItemRow{1}].scores[0], 0.1 / 3.1, 1e-6);
}

}  // namespace
}  // namespace marquee
