// What UserTable::Open refuses.
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/catalog/catalog_writer.h"
#include "core/users/user_table.h"
#include "core/users/user_table_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"
#include "tests/users/plays.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

class UserTableDamageTest : public ::testing::Test {
 protected:
  static constexpr size_t kItems = 1000;

  UserTableDamageTest() {
    const auto file = File();
    for (const char* const name :
         {"ids.bytes", "countries.bytes", "languages.bytes"})
      sound_.Keep<char>(*file, name);
    for (const char* const name : {"ids.begin", "ids.slots", "countries.begin",
                                   "languages.begin", "genres"})
      sound_.Keep<uint32_t>(*file, name);
    for (const char* const name : kCodes) sound_.Keep<uint16_t>(*file, name);
    for (const char* const name : kBytes) sound_.Keep<uint8_t>(*file, name);
    for (const char* const name : kFloats) sound_.Keep<float>(*file, name);
    sound_.Keep<uint64_t>(*file, "seen.begin");
    sound_.Keep<uint32_t>(*file, "last_play");
  }
  // Two users of a catalogue with two genres.
  static std::unique_ptr<const ArrayFile> File() {
    CatalogWriter items;
    for (size_t i = 0; i < kItems; ++i) {
      ItemRecord item;
      item.id = std::to_string(i);
      item.attributes["genre"] = {i % 2 == 0 ? "Comedy" : "Drama"};
      EXPECT_TRUE(items.Add(item).ok());
    }
    const auto catalog_file =
        Written([&](ArrayFileWriter& out) { return items.Write(out); });
    const auto catalog = *Catalog::Open(*catalog_file);
    const std::vector<uint64_t> watches(kItems, 1);
    UserTableWriter users(*catalog, watches);
    EXPECT_TRUE(
        users
            .Add({.id = "a", .country = "DE", .language = "de"},
                 PlaysOf(std::vector{ItemRow{0}, ItemRow{300}, ItemRow{301}}))
            .ok());
    EXPECT_TRUE(users.Add({.id = "b"}, {}).ok());
    return Written([&](ArrayFileWriter& out) { return users.Write(out); });
  }
  static std::string Fault(const Section& section, size_t items = kItems) {
    const auto file = section.File();
    const auto users = UserTable::Open(*file, items);
    EXPECT_TRUE(users.ok() ||
                users.status().code() == absl::StatusCode::kDataLoss);
    return std::string(users.status().message());
  }
  // With these bytes as what user "a" has seen.
  std::string FaultOfSeen(const std::vector<uint8_t>& bytes,
                          size_t items = kItems) const {
    const uint64_t end = bytes.size();
    return Fault(sound_.WithAll("seen", bytes)
                     .WithAll<uint64_t>("seen.begin", {0, end, end}),
                 items);
  }

  static constexpr const char* kCodes[] = {"country", "language"};
  static constexpr const char* kBytes[] = {"maturity_limit", "genre_share",
                                           "seen"};
  static constexpr const char* kFloats[] = {"watches", "mean_released_day",
                                            "mean_log_watches"};
  Section sound_;
};

TEST_F(UserTableDamageTest, RefusesColumnsOfAnotherLength) {
  EXPECT_EQ(Fault(sound_), "");
  const char* const kFault = "the columns are not of one length";
  for (const char* const name : kCodes)
    EXPECT_THAT(Fault(sound_.Shortened<uint16_t>(name)), HasSubstr(kFault));
  for (const char* const name : kFloats)
    EXPECT_THAT(Fault(sound_.Shortened<float>(name)), HasSubstr(kFault));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("last_play")),
              HasSubstr(kFault));
  for (const char* const name : {"maturity_limit", "genre_share"})
    EXPECT_THAT(Fault(sound_.Shortened<uint8_t>(name)), HasSubstr(kFault));
}

TEST_F(UserTableDamageTest, RefusesCodesThatAreInNoDictionary) {
  for (const char* const name : kCodes) {
    for (const size_t user : {0, 1}) {
      EXPECT_THAT(
          Fault(sound_.With<uint16_t>(name, user, 2)),
          HasSubstr(std::string("array '") + name + "' leaves its dictionary"));
      EXPECT_EQ(Fault(sound_.With<uint16_t>(name, user, 1)), "");
    }
  }
}

TEST_F(UserTableDamageTest, RefusesGenresThatAreNoSmallNumber) {
  const char* const kFault = "array 'genres' is not a small number";
  const auto genres = [&](const std::vector<uint32_t>& number) {
    return Fault(sound_.WithAll<uint32_t>("genres", number)
                     .WithAll("genre_share", std::vector<uint8_t>(64, 0)));
  };
  EXPECT_THAT(genres({}), HasSubstr(kFault));
  EXPECT_THAT(genres({32, 32}), HasSubstr(kFault));
  EXPECT_THAT(genres({33}), HasSubstr(kFault));
  EXPECT_EQ(genres({32}), "");
}

TEST_F(UserTableDamageTest, RefusesHistoriesThatAreNotOfTheUsers) {
  const char* const kFault = "array 'seen.begin' does not partition 'seen'";
  for (const Section& damaged : {sound_.Shortened<uint64_t>("seen.begin"),
                                 sound_.With<uint64_t>("seen.begin", 0, 1),
                                 sound_.With<uint64_t>("seen.begin", 1, 8),
                                 sound_.With<uint64_t>("seen.begin", 2, 6),
                                 sound_.Shortened<uint8_t>("seen")}) {
    EXPECT_THAT(Fault(damaged), HasSubstr(kFault));
  }
}

TEST_F(UserTableDamageTest, RefusesStatisticsThatAreNotFinite) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const char* const name : kFloats) {
    for (const size_t user : {0, 1}) {
      EXPECT_THAT(Fault(sound_.With<float>(name, user, kInfinity)),
                  HasSubstr("user row " + std::to_string(user) +
                            " has a statistic that is not finite"));
    }
  }
  for (const char* const name : {"watches", "mean_log_watches"}) {
    EXPECT_THAT(Fault(sound_.With<float>(name, 1, kNan)),
                HasSubstr("user row 1 has a statistic that is not finite"));
  }
  EXPECT_EQ(Fault(sound_.With<float>("mean_released_day", 0, kNan)), "")
      << "no seen item has a known day";
}

TEST_F(UserTableDamageTest, RefusesSeenItemsThatAreNotAscendingRows) {
  const char* const kFault = "the items of user row 0 are not ascending rows";
  // Each item is its difference, then 2: liked, at the user's last play.
  EXPECT_EQ(FaultOfSeen({0, 2, 1, 2, 1, 2}), "");
  EXPECT_THAT(FaultOfSeen({0, 2, 0, 2}), HasSubstr(kFault)) << "one twice";
  EXPECT_THAT(FaultOfSeen({5, 2, 0, 2}), HasSubstr(kFault)) << "one twice";
  EXPECT_EQ(FaultOfSeen({4, 2, 5, 2}, 10), "");
  EXPECT_THAT(FaultOfSeen({4, 2, 6, 2}, 10), HasSubstr(kFault))
      << "past the last";
  EXPECT_THAT(FaultOfSeen({10, 2}, 10), HasSubstr(kFault)) << "past the last";
  EXPECT_THAT(FaultOfSeen({1, 2, 0x81}), HasSubstr(kFault)) << "cut off";
  EXPECT_THAT(FaultOfSeen({0x81}), HasSubstr(kFault)) << "cut off";
  EXPECT_THAT(FaultOfSeen({0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 2}),
              HasSubstr(kFault))
      << "six bytes";
  EXPECT_EQ(FaultOfSeen({0x81, 0x80, 0x80, 0x80, 0x00, 2}), "") << "five bytes";
}

// The last play is at second 600. Above the two lowest bits of an item's second
// number are the minutes before it.
TEST_F(UserTableDamageTest, RefusesPlaysThatAreNoneOfAUser) {
  const char* const kEarly = "items of user row 0 have a play before 1970";
  EXPECT_EQ(FaultOfSeen({1, 10 << 2}), "");
  EXPECT_THAT(FaultOfSeen({1, 11 << 2}), HasSubstr(kEarly));
  EXPECT_THAT(FaultOfSeen({1}), HasSubstr(kEarly)) << "cut off";
  EXPECT_THAT(FaultOfSeen({1, 0x82}), HasSubstr(kEarly)) << "cut off";
  const char* const kCut = "a number of plays that is cut off";
  EXPECT_EQ(FaultOfSeen({1, 3, 5}), "");
  EXPECT_THAT(FaultOfSeen({1, 3}), HasSubstr(kCut));
  EXPECT_THAT(FaultOfSeen({1, 3, 0x85}), HasSubstr(kCut));
}

TEST_F(UserTableDamageTest, RefusesACountryThatIsNone) {
  // The dictionary is "DE" and nothing, in the order of the users.
  for (const char* const code : {"dE", "De", "D1", "1E"}) {
    EXPECT_THAT(
        Fault(sound_.WithAll<char>("countries.bytes", {code[0], code[1]})),
        HasSubstr(std::string("'countries': '") + code +
                  "' is not two upper-case letters"));
  }
  for (const std::string& code : {std::string("D"), std::string("DEU")}) {
    const uint32_t size = static_cast<uint32_t>(code.size());
    EXPECT_THAT(Fault(sound_
                          .WithAll("countries.bytes",
                                   std::vector<char>(code.begin(), code.end()))
                          .WithAll<uint32_t>("countries.begin", {0, 0, size})),
                HasSubstr("'" + code + "' is not two upper-case letters"));
  }
}

TEST_F(UserTableDamageTest, RefusesAnAgeLimitThatIsNone) {
  for (const uint8_t limit : {0, 99, 255})
    EXPECT_EQ(Fault(sound_.With<uint8_t>("maturity_limit", 1, limit)), "");
  for (const uint8_t limit : {100, 254}) {
    EXPECT_THAT(
        Fault(sound_.With<uint8_t>("maturity_limit", 1, limit)),
        HasSubstr("'maturity_limit': user row 1 has " + std::to_string(limit)));
  }
}

TEST_F(UserTableDamageTest, LooksAtTheHistoryOfEveryUser) {
  // User "b" has no play, so its last is at second 0.
  EXPECT_THAT(Fault(sound_.WithAll<uint8_t>("seen", {1, 2, 0, 2})
                        .WithAll<uint64_t>("seen.begin", {0, 0, 4})),
              HasSubstr("the items of user row 1 are not ascending rows"));
}

TEST_F(UserTableDamageTest, NamesAnArrayOfAnotherType) {
  for (const char* const name :
       {"ids.slots", "countries.begin", "languages.begin", "country",
        "language", "maturity_limit", "watches", "mean_released_day",
        "mean_log_watches", "genre_share", "seen", "last_play", "genres"})
    EXPECT_THAT(Fault(sound_.WithAll<uint64_t>(name, {0})), HasSubstr(name));
  EXPECT_THAT(Fault(sound_.WithAll<char>("seen.begin", {'a'})),
              HasSubstr("seen.begin"));
}

}  // namespace
}  // namespace marquee
