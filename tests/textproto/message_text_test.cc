#include "core/textproto/message_text.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/textproto/open_braces.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/config/policy.pb.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// "LINE:COLUMN: WHAT" of each, separated by newlines.
std::string Faults(absl::string_view text) {
  config::Policy policy;
  google::protobuf::TextFormat::ParseInfoTree places;
  return absl::StrJoin(ParseMessage(text, policy, places), "\n",
                       [](std::string* out, const MessageFault& fault) {
                         absl::StrAppend(out, fault.line, ":", fault.column,
                                         ": ", fault.what);
                       });
}

TEST(MessageText, SoundTextHasNoFault) {
  EXPECT_EQ(Faults(""), "");
  EXPECT_EQ(Faults("\xEF\xBB\xBF# “quotes”\r\nboosts: { name: '“}' };"), "");
}

TEST(MessageText, AnUnknownFieldIsToldWithTheFieldThatIsMeant) {
  EXPECT_EQ(Faults("\n boost { name: 'a' }"),
            "2:2: unknown field 'boost', perhaps 'boosts'");
  EXPECT_EQ(Faults("boosts {\n\tname: 'a'\n\tmultiplyer: 2\n}"),
            "3:2: boosts 'a': unknown field 'multiplyer', perhaps "
            "'multiplier'");
  // Its name may stand behind.
  EXPECT_EQ(Faults("boosts { match { value: 'x' } name: 'a' }"),
            "1:18: boosts 'a': unknown field 'value' of 'match', perhaps "
            "'values'");
  EXPECT_EQ(Faults("boosts { attribute: 'genre' }"),
            "1:10: boosts: unknown field 'attribute'; 'match' has it");
  EXPECT_EQ(Faults("boosts { devices: 'tv' }"),
            "1:10: boosts: unknown field 'devices'; 'audience' has it");
  EXPECT_EQ(Faults("diversity { xyzzy: 1 }"),
            "1:13: diversity: unknown field 'xyzzy'; the fields are 'name', "
            "'strength', 'pool'");
}

// Each is looked for from the beginning, and any text may come.
TEST(MessageText, OfManyFaultsTheFirstAreTold) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "scenes: \"a\\q\"\n";
  const std::string faults = Faults(text);
  EXPECT_THAT(faults, HasSubstr("\n20:"));
  EXPECT_THAT(faults, testing::EndsWith("\n21:0: and more, from this line on"));
}

TEST(MessageText, NothingOfTheTextSteersATerminal) {
  EXPECT_EQ(Faults("boosts { name: '\x1b[31m' xyzzy: 1 }").find('\x1b'),
            std::string::npos);
}

TEST(MessageText, ABraceThatIsMissingIsToldWithTheOneThatIsOpen) {
  EXPECT_EQ(Faults("\nboosts { name: 'a'\n  match {\n"),
            "4:1: the file ends inside of 'match', which begins on line 3: a "
            "'}' is missing");
  EXPECT_EQ(Faults("boosts {\n  name: 'a' match { }\n"),
            "3:1: the file ends inside of 'boosts', which begins on line 1: a "
            "'}' is missing");
  EXPECT_EQ(Faults("boosts {\n  name: 'a'\n\ncaps { name: 'b' }\n"),
            "4:1: boosts 'a': 'caps' is inside 'boosts', which begins "
            "on line 1: a '}' is missing before it");
  EXPECT_EQ(Faults("boosts { }\n}\n"),
            "2:1: a '}' too many: no block is open here");
  EXPECT_EQ(Faults("scenes:"),
            "1:8: the file ends where a text in quotes is "
            "wanted");
}

TEST(MessageText, ANumberIsWrittenWithAPoint) {
  EXPECT_EQ(Faults("boosts { name: 'a' multiplier: 1,5 }"),
            "1:32: boosts 'a': '1,5' is not a number: write 1.5");
  EXPECT_EQ(Faults("freshness { half_life_days: 1,000 }"),
            "1:29: freshness: '1,000' is not a number: write 1.000, or 1000");
  EXPECT_EQ(Faults("boosts { multiplier: 20% }"),
            "1:24: boosts: the name of a field is wanted, not '%'");
  EXPECT_EQ(Faults("caps { max: 1.5 }"),
            "1:13: caps: a whole number is wanted, not '1.5'");
}

TEST(MessageText, CharactersThatDoNotQuoteAreToldOnce) {
  for (const char* const quote : {"“", "”", "„", "‘", "’", "«"}) {
    EXPECT_EQ(Faults(absl::StrCat("boosts {\n  name: ", quote, "a” }")),
              absl::StrCat("2:9: boosts: '", quote,
                           "' is not a quote here: write \" or '"));
  }
  EXPECT_EQ(Faults("scenes: \xC2\xA0'x'"),
            "1:9: the character '\xC2\xA0' (\\xc2\\xa0) is outside of "
            "quotes");
}

TEST(MessageText, WhatElseIsWantedIsToldInItsWords) {
  EXPECT_EQ(Faults("blocks { only: yes }"),
            "1:16: blocks: 'only' is true or false, not 'yes'");
  EXPECT_EQ(Faults("scenes: home"),
            "1:9: a text in quotes is wanted, not 'home'");
  EXPECT_EQ(Faults("scenes 'home'"), "1:8: ':' is wanted, not ''home''");
  EXPECT_THAT(Faults("scenes: 'home\n"),
              HasSubstr("a quote is not closed on its line"));
}

TEST(MessageText, FaultsOfSeveralLinesAreAllTold) {
  EXPECT_EQ(Faults("scenes: 'a\nscenes: “b”\n"),
            "1:11: a quote is not closed on its line\n"
            "2:9: '“' is not a quote here: write \" or '");
}

TEST(MessageText, AFileOfAnotherKindIsNamed) {
  EXPECT_EQ(Faults("PK\x03\x04 word/document.xml"),
            "1:0: is a zip archive, not text; save it as plain text");
  EXPECT_THAT(Faults("\xFF\xFE"), HasSubstr("UTF-16"));
}

TEST(OpenBraces, QuotesAndCommentsHoldNone) {
  const std::string text =
      "a { name: '}\\'}' # }\n b { c: \"{\" } d { # {\n e { } name: 'x' HERE }";
  const OpenBraces found = FindOpenBraces(text, text.find("HERE"));
  ASSERT_EQ(found.braces.size(), 2);
  EXPECT_EQ(found.braces[0].field, "a");
  EXPECT_EQ(found.braces[0].line, 1);
  EXPECT_EQ(found.braces[1].field, "d");
  EXPECT_EQ(found.braces[1].line, 2);
  EXPECT_EQ(found.name, "}\\'}");
  EXPECT_TRUE(FindOpenBraces("a { } } b", 8).braces.empty());
  EXPECT_EQ(FindOpenBraces("a { name: '", 11).braces.size(), 1);
}

}  // namespace
}  // namespace marquee
