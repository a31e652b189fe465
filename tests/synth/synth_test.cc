#include "offline/synth/synth.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/interactions.h"
#include "offline/data/jsonl.h"
#include "offline/synth/synth_viewing.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

SynthOptions Small() {
  SynthOptions options;
  options.users = 400;
  options.items = 600;
  options.countries = 6;
  return options;
}

std::string Write(const std::string& name, const SynthOptions& options) {
  SynthOutput output;
  output.directory = ScratchPath(name);
  output.embeddings = true;
  const auto summary = WriteSynth(options, output);
  EXPECT_TRUE(summary.ok()) << summary.status();
  return output.directory + "/";
}

TEST(Synth, EqualOptionsGiveEqualBytes) {
  SynthOptions options = Small();
  const std::string a = Write("a", options);
  const std::string b = Write("b", options);
  options.seed = 2;
  const std::string c = Write("c", options);
  for (const std::string file :
       {"items.jsonl", "users.jsonl", "interactions.csv", "truth.json",
        "item_embeddings.npy", "user_embeddings.npy"}) {
    EXPECT_EQ(*ReadFile(a + file), *ReadFile(b + file)) << file;
    EXPECT_NE(*ReadFile(a + file), *ReadFile(c + file)) << file;
  }
  EXPECT_EQ(*ReadFile(a + "users.txt"), *ReadFile(c + "users.txt"));
}

bool LicensedAt(const ItemRecord& item, const std::string& country,
                absl::Time time) {
  if (!item.licences.has_value()) return true;
  return std::any_of(item.licences->begin(), item.licences->end(),
                     [&](const LicenceWindow& window) {
                       return window.country == country &&
                              window.start <= time && time < window.end;
                     });
}

// From the files alone, as someone who reads them sees it.
TEST(Synth, NoUserWatchesWhatMayNotBeShown) {
  const std::string directory = Write("lawful", Small());
  std::map<std::string, ItemRecord> items;
  ASSERT_TRUE(
      ReadItems(directory + "items.jsonl", [&](ItemRecord item, uint64_t) {
        items[item.id] = std::move(item);
        return absl::OkStatus();
      }).ok());
  std::map<std::string, UserRecord> users;
  ASSERT_TRUE(
      ReadUsers(directory + "users.jsonl", [&](UserRecord user, uint64_t) {
        users[user.id] = std::move(user);
        return absl::OkStatus();
      }).ok());
  EXPECT_EQ(items.size(), 600);
  EXPECT_EQ(users.size(), 400);
  auto reader = InteractionReader::Open(directory + "interactions.csv");
  ASSERT_TRUE(reader.ok());
  InteractionView row;
  std::set<std::pair<std::string, std::string>> seen;
  while (*(*reader)->Next(&row)) {
    const ItemRecord& item = items.at(std::string(row.item_id));
    const UserRecord& user = users.at(std::string(row.user_id));
    const absl::Time time = absl::FromUnixSeconds(row.timestamp);
    EXPECT_TRUE(LicensedAt(item, user.country, time)) << (*reader)->line();
    EXPECT_LE(item.maturity, user.maturity_limit.value_or(99));
    EXPECT_LE(absl::FromCivil(*item.released, absl::UTCTimeZone()), time);
    EXPECT_LT(row.timestamp, Small().now);
    EXPECT_TRUE(seen.emplace(row.user_id, row.item_id).second) << "twice";
  }
  EXPECT_GT(seen.size(), 400 * 15);
}

TEST(Synth, AThirdIsNotLicensedAndSomeWindowsTurnNearTheEnd) {
  const auto world = SynthWorld::Create(Small());
  ASSERT_TRUE(world.ok());
  const int64_t now = Small().now;
  const int64_t fortnight = 14 * 86400;
  int licensed = 0, opens = 0, closes = 0, total = 0;
  for (uint32_t i = 0; i < 600; ++i) {
    for (int c = 0; c < 6; ++c, ++total) {
      const SynthLicence licence = (*world)->LicenceOf(i, c);
      licensed += licence.AllowsAt(now);
      opens += !licence.AllowsAt(now) && licence.AllowsAt(now + fortnight);
      closes += licence.AllowsAt(now) && !licence.AllowsAt(now + fortnight);
    }
  }
  EXPECT_NEAR(static_cast<double>(licensed) / total, 0.667, 0.04);
  EXPECT_GT(opens, 10);
  EXPECT_GT(closes, 10);
}

TEST(Synth, ReleaseDaysAreSpreadToTheLast) {
  SynthOptions options = Small();
  options.items = 2000;
  const auto world = SynthWorld::Create(options);
  ASSERT_TRUE(world.ok());
  std::map<int64_t, int> of_day;
  for (const SynthItem& item : (*world)->items()) {
    EXPECT_LE(item.released, options.now);
    ++of_day[item.released / 86400];
  }
  for (const auto& [day, items] : of_day) EXPECT_LE(items, 20) << day;
  EXPECT_GT(of_day.rbegin()->first, options.now / 86400 - 7);
}

TEST(Synth, PopularItemsAreWatchedMoreAndTastesShow) {
  SynthOptions options = Small();
  options.users = 2000;
  options.items = 6000;
  const auto world = SynthWorld::Create(options);
  ASSERT_TRUE(world.ok());
  const SynthViewing viewing(**world);
  std::vector<SynthPlay> plays;
  double popular = 0, all = 0, liked = 0;
  for (uint64_t u = 0; u < options.users; ++u) {
    const SynthUser user = (*world)->UserOf(u);
    viewing.PlaysOf(u, &plays);
    for (const SynthPlay& play : plays) {
      const SynthItem& item = (*world)->items()[play.item];
      ++all;
      popular += item.rank < 600;
      liked += std::find(user.clusters.begin(), user.clusters.end(),
                         item.cluster) != user.clusters.end();
    }
  }
  EXPECT_NEAR(all / 2000, 30, 6);
  EXPECT_GT(popular / all, 0.3);  // a tenth of the items
  EXPECT_GT(liked / all, 0.6);    // 3 of 77 clusters
}

TEST(Synth, RefusesOptionsOutOfRange) {
  SynthOptions options = Small();
  options.countries = 41;
  EXPECT_THAT(SynthWorld::Create(options).status().message(),
              HasSubstr("--countries must be 1 to 40"));
  options = Small();
  options.users = 0;
  EXPECT_EQ(SynthWorld::Create(options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Synth, WithoutInteractionsThereIsAHeader) {
  SynthOptions options = Small();
  options.interactions_per_user = 0;
  EXPECT_EQ(*ReadFile(Write("none", options) + "interactions.csv"),
            "user_id,item_id,timestamp,event,weight\n");
}

}  // namespace
}  // namespace marquee
