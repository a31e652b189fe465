#include "offline/doubts/unknown_codes.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(UnknownCodes, WhatIsKnownOrEmptyIsNotTold) {
  UnknownCodes codes;
  codes.AddCountry("DE", 7);
  codes.AddCountry("");
  codes.AddCountry("*");
  codes.AddCountry("UK", 0);
  codes.AddLanguage("de-AT");
  codes.AddLanguage("");
  codes.AddLanguage("German", 0);
  EXPECT_THAT(codes.Tell("f", "users"), IsEmpty());
}

TEST(UnknownCodes, TheMostFrequentComeFirst) {
  UnknownCodes codes;
  codes.AddLanguage("German", 3);
  codes.AddCountry("UK", 4);
  codes.AddCountry("EU");
  codes.AddCountry("UK");
  EXPECT_THAT(
      codes.Tell("u.jsonl", "users"),
      ElementsAre(
          "u.jsonl: 5 users: 'UK' is not a country code of ISO 3166-1, perhaps "
          "GB",
          "u.jsonl: 3 users: 'German' is not a language tag of BCP 47, such as "
          "de or de-AT",
          "u.jsonl: 1 users: 'EU' is not a country code of ISO 3166-1"));
}

// "nan" is Min Nan Chinese too, and hardly ever meant.
TEST(UnknownCodes, WhatTablesWriteForNothingIsNoLanguage) {
  UnknownCodes codes;
  codes.AddLanguage("nan", 3);
  codes.AddLanguage("na");
  EXPECT_THAT(codes.Tell("f", "users"),
              ElementsAre("f: 3 users: the language 'nan' is what tables write "
                          "for a missing value; leave it out"));
}

TEST(UnknownCodes, BeyondFiveTheyAreCounted) {
  UnknownCodes codes;
  for (int i = 1; i <= 7; ++i) codes.AddLanguage(absl::StrCat("x", i), i);
  const auto lines = codes.Tell("f", "items");
  ASSERT_EQ(lines.size(), 6);
  EXPECT_EQ(lines[5], "f: 3 items: 2 more unknown codes");
}

}  // namespace
}  // namespace marquee
