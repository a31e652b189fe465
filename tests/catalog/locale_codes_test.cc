#include "core/catalog/locale_codes.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(LocaleCodes, CountriesAreThoseOfTheStandard) {
  int known = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) known += IsCountryCode(std::string{a, b});
  }
  EXPECT_EQ(known, 249 + 1);
  for (const char* const code : {"AD", "DE", "GB", "US", "ZW", "XK"}) {
    EXPECT_TRUE(IsCountryCode(code)) << code;
  }
  for (const char* const code :
       {"", "D", "DEU", "UK", "EU", "ZZ", "de", "D ", "E ", " D"}) {
    EXPECT_FALSE(IsCountryCode(code)) << code;
  }
}

TEST(LocaleCodes, LooksOfACountry) {
  EXPECT_TRUE(LooksLikeCountry("ZZ"));
  for (const char* const code : {"", "Z", "ZZZ", "zZ", "Zz", "Z1", "*"}) {
    EXPECT_FALSE(LooksLikeCountry(code)) << code;
  }
}

TEST(LocaleCodes, WhatIsUnknownIsToldWithWhatMayBeMeant) {
  EXPECT_EQ(TellUnknownCountry("ZZ"),
            "'ZZ' is not a country code of ISO 3166-1");
  EXPECT_EQ(TellUnknownCountry("UK"),
            "'UK' is not a country code of ISO 3166-1, perhaps GB");
  EXPECT_EQ(TellUnknownLanguage("Ger-AT"),
            "'Ger-AT' is not a language tag of BCP 47; write de");
  EXPECT_EQ(TellUnknownLanguage("German"),
            "'German' is not a language tag of BCP 47, such as de or de-AT");
}

TEST(LocaleCodes, LanguagesOfTwoLettersAreThoseOfTheStandard) {
  int known = 0;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) known += IsLanguageTag(std::string{a, b});
  }
  EXPECT_EQ(known, 184);
}

TEST(LocaleCodes, TagsOfLanguages) {
  for (const char* const tag :
       {"de", "DE", "De", "de-DE", "de_DE", "zh-Hant-TW", "gsw", "es-419",
        "en-x-12345678", "aa", "zu", "de-a-B"}) {
    EXPECT_TRUE(IsLanguageTag(tag)) << tag;
  }
  for (const char* const tag :
       {"", "d", "German", "xx", "deu", "ger", "ENG", "fre-CA", "d1", "de-",
        "de--AT", "-de", "_", "de-123456789", "de AT", "de-A T", "12", "123",
        "e "}) {
    EXPECT_FALSE(IsLanguageTag(tag)) << tag;
  }
}

TEST(LocaleCodes, ATagIsOfItsRangesAndOfNoOther) {
  const auto is = [](absl::string_view tag, absl::string_view range) {
    return IsOfLanguage(tag, range);
  };
  EXPECT_TRUE(is("de", "de"));
  EXPECT_TRUE(is("DE", "de"));
  EXPECT_TRUE(is("de-AT", "de"));
  EXPECT_TRUE(is("de_at", "DE"));
  EXPECT_TRUE(is("de-AT", "de-at"));
  EXPECT_TRUE(is("de_AT", "de-AT"));
  EXPECT_TRUE(is("zh-Hant-TW", "zh-Hant"));
  EXPECT_FALSE(is("de", "de-AT"));
  EXPECT_FALSE(is("deu", "de"));
  EXPECT_FALSE(is("de", "den"));
  EXPECT_FALSE(is("en", "de"));
  EXPECT_FALSE(is("", "de"));
  EXPECT_FALSE(is("de", ""));
  EXPECT_FALSE(is("", ""));
}

TEST(LocaleCodes, TheLanguageOfATag) {
  EXPECT_EQ(LanguageOf("de-AT"), "de");
  EXPECT_EQ(LanguageOf("zh_Hant-TW"), "zh");
  EXPECT_EQ(LanguageOf("de"), "de");
  EXPECT_EQ(LanguageOf(""), "");
}

}  // namespace
}  // namespace marquee
