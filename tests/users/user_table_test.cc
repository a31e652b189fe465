#include "core/users/user_table.h"

#include <cmath>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/catalog/catalog_writer.h"
#include "core/users/user_table_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"
#include "tests/users/plays.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

class UserTableTest : public ::testing::Test {
 protected:
  static constexpr size_t kItems = 50'000;

  static void SetUpTestSuite() {
    CatalogWriter writer;
    for (size_t i = 0; i < kItems; ++i) {
      ItemRecord item;
      item.id = std::to_string(i);
      if (i % 2 == 0)
        item.released = absl::CivilDay(1970) + static_cast<int>(i % 100);
      item.attributes["genre"] = {i % 4 == 0 ? "Comedy" : "Drama"};
      EXPECT_TRUE(writer.Add(item).ok());
    }
    catalog_file_ =
        Written([&](ArrayFileWriter& out) { return writer.Write(out); });
    catalog_ = *Catalog::Open(*catalog_file_);
  }
  static void TearDownTestSuite() {
    catalog_.reset();
    catalog_file_.reset();
  }

  std::unique_ptr<const UserTable> Write(const UserTableWriter& writer) {
    file_ = Written([&](ArrayFileWriter& out) { return writer.Write(out); });
    auto users = UserTable::Open(*file_, kItems);
    EXPECT_TRUE(users.ok()) << users.status();
    return *std::move(users);
  }

  static std::unique_ptr<const ArrayFile> catalog_file_;
  static std::unique_ptr<const Catalog> catalog_;
  const std::vector<uint64_t> watches_ = std::vector<uint64_t>(kItems, 1);
  std::unique_ptr<const ArrayFile> file_;
};

std::unique_ptr<const ArrayFile> UserTableTest::catalog_file_;
std::unique_ptr<const Catalog> UserTableTest::catalog_;

TEST_F(UserTableTest, GivesBackSeenItemsSortedAndOnce) {
  std::mt19937 random(3);
  UserTableWriter writer(*catalog_, watches_);
  std::vector<std::set<ItemRow>> expected;
  for (int user = 0; user < 50; ++user) {
    std::vector<ItemRow> seen;
    for (int i = 0; i < user; ++i)
      seen.push_back(ItemRow{static_cast<uint32_t>(random() % kItems)});
    if (user > 0) seen.push_back(seen.front());
    expected.emplace_back(seen.begin(), seen.end());
    ASSERT_TRUE(
        writer.Add({.id = "u" + std::to_string(user)}, PlaysOf(seen)).ok());
  }
  const auto users = Write(writer);
  for (uint32_t user = 0; user < 50; ++user) {
    std::vector<ItemRow> seen;
    users->ForEachSeen(UserRow{user},
                       [&](const SeenItem& item) { seen.push_back(item.row); });
    EXPECT_THAT(seen, ElementsAreArray(expected[user]));
  }
}

// Of the play: the last of each item, how many there were, and whether one was
// a sign of liking. To the minute before the user's last play.
TEST_F(UserTableTest, KeepsWhenAndHowOftenAnItemWasPlayed) {
  UserTableWriter writer(*catalog_, watches_);
  constexpr uint32_t kLast = 1'700'000'000;
  const std::vector<Play> plays = {
      {.row = ItemRow{7}, .moment = kLast - 3600, .liked = false},
      {.row = ItemRow{3}, .moment = kLast, .liked = true},
      {.row = ItemRow{7}, .moment = kLast - 90, .liked = false},
      {.row = ItemRow{5}, .moment = kLast - 86400 * 400, .liked = true},
      {.row = ItemRow{5}, .moment = kLast - 86400 * 500, .liked = false},
      {.row = ItemRow{5}, .moment = kLast - 86400 * 600, .liked = false},
      {.row = ItemRow{9}, .moment = 0, .liked = true}};
  ASSERT_TRUE(writer.Add({.id = "a"}, plays).ok());
  ASSERT_TRUE(writer.Add({.id = "b"}, {}).ok());
  const auto users = Write(writer);
  EXPECT_EQ(users->LastPlay(UserRow{0}), kLast);
  EXPECT_EQ(users->LastPlay(UserRow{1}), 0);
  std::vector<std::string> seen;
  users->ForEachSeen(UserRow{0}, [&](const SeenItem& item) {
    seen.push_back(absl::StrCat(Index(item.row), item.liked ? "+" : "-", " ",
                                item.plays, " ", kLast - item.last));
  });
  EXPECT_THAT(seen, ElementsAre("3+ 1 0", "5+ 3 34560000", "7- 2 60",
                                absl::StrCat("9+ 1 ", kLast / 60 * 60)));
}

TEST_F(UserTableTest, KeepsTheProfile) {
  UserTableWriter writer(*catalog_, watches_);
  ASSERT_TRUE(writer
                  .Add({.id = "a",
                        .country = "DE",
                        .language = "de",
                        .maturity_limit = 12},
                       PlaysOf(std::vector{ItemRow{0}, ItemRow{2}, ItemRow{3}}))
                  .ok());
  ASSERT_TRUE(writer.Add({.id = "b"}, {}).ok());
  const auto users = Write(writer);
  const UserRow a = *users->Find("a");
  EXPECT_EQ(users->Country(a), "DE");
  EXPECT_EQ(users->Language(a), "de");
  EXPECT_EQ(users->MaturityLimit(a), 12);
  const TasteProfile taste = users->Taste(a);
  EXPECT_EQ(taste.watches, 3);
  EXPECT_EQ(taste.mean_released_day, 1);
  EXPECT_FLOAT_EQ(taste.mean_log_watches, std::log1p(1.0f));
  EXPECT_THAT(taste.genre_share, ElementsAreArray({85, 170}));
  const UserRow b = *users->Find("b");
  EXPECT_EQ(users->Country(b), "");
  EXPECT_EQ(users->MaturityLimit(b), UserTable::kNoMaturityLimit);
  EXPECT_TRUE(std::isnan(users->Taste(b).mean_released_day));
  EXPECT_EQ(users->Find("c"), std::nullopt);
}

// Where a difference of rows takes another byte, and an item that is the first
// of the catalogue.
TEST_F(UserTableTest, KeepsSeenItemsOfEveryDistance) {
  UserTableWriter writer(*catalog_, watches_);
  const std::vector<std::vector<ItemRow>> histories = {
      {ItemRow{0}},
      {ItemRow{127}, ItemRow{127 + 128}},
      {ItemRow{128}, ItemRow{128 + 127}},
      {ItemRow{0}, ItemRow{16383}, ItemRow{16383 + 16384}},
      {ItemRow{1}, ItemRow{49'999}},
  };
  for (const auto& seen : histories) {
    const std::string id = "u" + std::to_string(writer.size());
    ASSERT_TRUE(writer.Add({.id = id}, PlaysOf(seen)).ok());
  }
  const auto users = Write(writer);
  ASSERT_EQ(users->size(), histories.size());
  EXPECT_EQ(file_->Array<uint8_t>("seen")->size(),
            1 + (1 + 2) + (2 + 1) + (1 + 2 + 3) + (1 + 3) + 10)
      << "a byte for every seven bits of a difference, and one an item for its "
         "play";
  for (uint32_t user = 0; user < histories.size(); ++user) {
    std::vector<ItemRow> seen;
    users->ForEachSeen(UserRow{user},
                       [&](const SeenItem& item) { seen.push_back(item.row); });
    EXPECT_THAT(seen, ElementsAreArray(histories[user]));
    EXPECT_EQ(users->Id(UserRow{user}), "u" + std::to_string(user));
  }
}

TEST_F(UserTableTest, KeepsUsersApart) {
  UserTableWriter writer(*catalog_, watches_);
  ASSERT_TRUE(
      writer.Add({.id = "a", .country = "DE", .language = "de"}, {}).ok());
  ASSERT_TRUE(writer
                  .Add({.id = "b", .country = "FR", .language = "en"},
                       PlaysOf(std::vector{ItemRow{4}, ItemRow{6}}))
                  .ok());
  ASSERT_TRUE(writer
                  .Add({.id = "c", .country = "DE", .language = "en"},
                       PlaysOf(std::vector{ItemRow{4}, ItemRow{8}}))
                  .ok());
  const auto users = Write(writer);
  EXPECT_EQ(users->genres(), 2);
  EXPECT_EQ(users->Country(UserRow{1}), "FR");
  EXPECT_EQ(users->Country(UserRow{2}), "DE");
  EXPECT_EQ(users->Language(UserRow{1}), "en");
  EXPECT_EQ(users->Language(UserRow{2}), "en");
  EXPECT_THAT(users->Taste(UserRow{0}).genre_share, ElementsAre(0, 0));
  EXPECT_THAT(users->Taste(UserRow{1}).genre_share, ElementsAre(128, 128));
  EXPECT_THAT(users->Taste(UserRow{2}).genre_share, ElementsAre(255, 0));
  EXPECT_EQ(users->Taste(UserRow{1}).mean_released_day, 5);
  EXPECT_EQ(users->Taste(UserRow{2}).mean_released_day, 6);
}

TEST_F(UserTableTest, NamesWhatIsWrongWithARecord) {
  UserTableWriter writer(*catalog_, watches_);
  for (const char* const country :
       {"d", "D", "DEU", "de", "dE", "De", "D1", "1D"}) {
    const absl::Status status = writer.Add({.id = "a", .country = country}, {});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(status.message(),
                HasSubstr(std::string("user 'a': country '") + country + "'"));
  }
  for (const int limit : {-1, 100}) {
    EXPECT_THAT(writer.Add({.id = "a", .maturity_limit = limit}, {}).message(),
                HasSubstr("user 'a': maturity_limit " + std::to_string(limit)));
  }
  EXPECT_THAT(writer.Add({.id = ""}, {}).message(),
              HasSubstr("1 to 128 bytes"));
  EXPECT_EQ(writer.size(), 0);
}

TEST_F(UserTableTest, TakesEveryAgeLimit) {
  UserTableWriter writer(*catalog_, watches_);
  ASSERT_TRUE(writer.Add({.id = "a", .maturity_limit = 0}, {}).ok());
  ASSERT_TRUE(writer.Add({.id = "b", .maturity_limit = 99}, {}).ok());
  const auto users = Write(writer);
  EXPECT_EQ(users->MaturityLimit(UserRow{0}), 0);
  EXPECT_EQ(users->MaturityLimit(UserRow{1}), 99);
  EXPECT_EQ(UserTable::kNoMaturityLimit, 255) << "it stands in every snapshot";
}

TEST_F(UserTableTest, ListsEachProfileThatOccursOnce) {
  UserTableWriter writer(*catalog_, watches_);
  const std::vector<UserRecord> records = {
      {.id = "first", .country = "US", .maturity_limit = 6},
      {.id = "a", .country = "DE", .maturity_limit = 12},
      {.id = "b", .country = "FR"},
      {.id = "c", .country = "DE", .maturity_limit = 12},
      {.id = "d", .country = "DE", .maturity_limit = 0},
      {.id = "e", .maturity_limit = 12},
  };
  for (const UserRecord& user : records) ASSERT_TRUE(writer.Add(user, {}).ok());
  const auto users = Write(writer);
  std::vector<std::pair<std::string, int>> profiles;
  for (const UserTable::Profile& profile : users->Profiles())
    profiles.emplace_back(profile.country, profile.maturity_limit);
  EXPECT_THAT(
      profiles,
      ::testing::UnorderedElementsAre(
          std::pair("US", 6), std::pair("DE", 0), std::pair("DE", 12),
          std::pair("FR", UserTable::kNoMaturityLimit), std::pair("", 12)));
  EXPECT_EQ(UserTable::Profile{}.maturity_limit, UserTable::kNoMaturityLimit);
}

TEST_F(UserTableTest, RefusesAnIdThatStandsTwice) {
  UserTableWriter writer(*catalog_, watches_);
  ASSERT_TRUE(writer.Add({.id = "a"}, {}).ok());
  ASSERT_TRUE(writer.Add({.id = "a"}, {}).ok());
  auto out = *ArrayFileWriter::CreateInMemory();
  EXPECT_EQ(writer.Write(*out).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(UserTableTest, RefusesMoreLanguagesThanHaveACode) {
  UserTableWriter writer(*catalog_, watches_);
  for (int i = 0; i < 65'535; ++i) {
    const std::string name = std::to_string(i);
    ASSERT_TRUE(writer.Add({.id = name, .language = name}, {}).ok()) << i;
  }
  EXPECT_TRUE(writer.Add({.id = "known", .language = "65534"}, {}).ok());
  EXPECT_THAT(writer.Add({.id = "x", .language = "new"}, {}).message(),
              HasSubstr("'new': more than 65,535 different"));
  const auto users = Write(writer);
  EXPECT_EQ(users->Language(UserRow{65'534}), "65534");
}

TEST_F(UserTableTest, TakesEveryCountry) {
  UserTableWriter writer(*catalog_, watches_);
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      const std::string code = {a, b};
      ASSERT_TRUE(writer.Add({.id = code, .country = code}, {}).ok());
    }
  }
  const auto users = Write(writer);
  EXPECT_EQ(users->Country(*users->Find("QZ")), "QZ");
}

}  // namespace
}  // namespace marquee
