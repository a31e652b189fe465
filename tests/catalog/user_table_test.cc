#include "core/catalog/user_table.h"

#include <cmath>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/catalog/catalog_writer.h"
#include "core/catalog/user_table_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

class UserTableTest : public ::testing::Test {
 protected:
  static constexpr size_t kTitles = 50'000;

  UserTableTest() {
    CatalogWriter writer;
    for (size_t i = 0; i < kTitles; ++i) {
      ItemRecord item;
      item.id = std::to_string(i);
      if (i % 2 == 0)
        item.released = absl::CivilDay(1970) + static_cast<int>(i % 100);
      item.attributes["genre"] = {i % 4 == 0 ? "Comedy" : "Drama"};
      EXPECT_TRUE(writer.Add(item).ok());
    }
    auto out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(writer.Write(*out).ok());
    catalog_file_ = *out->FinishInMemory();
    catalog_ = *Catalog::Open(*catalog_file_);
    watches_.assign(kTitles, 1.0f);
  }

  std::unique_ptr<const UserTable> Write(const UserTableWriter& writer) {
    auto out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(writer.Write(*out).ok());
    file_ = *out->FinishInMemory();
    auto users = UserTable::Open(*file_, kTitles);
    EXPECT_TRUE(users.ok()) << users.status();
    return *std::move(users);
  }

  std::vector<float> watches_;
  std::unique_ptr<const ArrayFile> catalog_file_;
  std::unique_ptr<const Catalog> catalog_;
  std::unique_ptr<const ArrayFile> file_;
};

TEST_F(UserTableTest, GivesBackSeenTitlesSortedAndOnce) {
  std::mt19937 random(3);
  UserTableWriter writer(*catalog_, watches_);
  std::vector<std::set<ItemRow>> expected;
  for (int user = 0; user < 50; ++user) {
    std::vector<ItemRow> seen;
    for (int i = 0; i < user; ++i)
      seen.push_back(ItemRow{static_cast<uint32_t>(random() % kTitles)});
    if (user > 0) seen.push_back(seen.front());
    expected.emplace_back(seen.begin(), seen.end());
    ASSERT_TRUE(writer.Add({.id = "u" + std::to_string(user)}, seen).ok());
  }
  const auto users = Write(writer);
  for (uint32_t user = 0; user < 50; ++user) {
    std::vector<ItemRow> seen;
    users->ForEachSeen(UserRow{user},
                       [&](ItemRow row) { seen.push_back(row); });
    EXPECT_THAT(seen, ElementsAreArray(expected[user]));
  }
}

TEST_F(UserTableTest, KeepsTheProfile) {
  UserTableWriter writer(*catalog_, watches_);
  ASSERT_TRUE(writer
                  .Add({.id = "a",
                        .country = "DE",
                        .language = "de",
                        .maturity_limit = 12},
                       std::vector<ItemRow>{ItemRow{0}, ItemRow{2}, ItemRow{3}})
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

TEST_F(UserTableTest, NamesWhatIsWrongWithARecord) {
  UserTableWriter writer(*catalog_, watches_);
  EXPECT_THAT(writer.Add({.id = "a", .country = "de"}, {}).message(),
              HasSubstr("country 'de'"));
  EXPECT_THAT(writer.Add({.id = "a", .maturity_limit = -1}, {}).message(),
              HasSubstr("maturity_limit -1"));
}

}  // namespace
}  // namespace marquee
