#include "offline/formats/json_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace marquee {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// The library's own reader is the oracle of what has no name twice.
TEST(JsonText, ReadsWhatTheLibraryReads) {
  for (const char* const text :
       {"null", " true ", "-7", "18446744073709551615", "0.1", "1e-320",
        R"("a\u00e9\ud83d\ude00\n")", "[]", "{}", "[[],[[1]],{},\"\"]",
        R"({"a":{"b":[{"a":1},{"a":2,"b":{"a":null}}]},"b":[1,[2,{"c":3}]]})",
        R"({"":1,"a.b":{"a.b":[]},"a":false})"}) {
    json value = "left over";
    const auto fault = ParseJson(text, value);
    ASSERT_FALSE(fault.has_value()) << text << ": " << fault->what;
    EXPECT_EQ(value, json::parse(text)) << text;
    EXPECT_EQ(value.dump(), json::parse(text).dump());
  }
}

TEST(JsonText, RefusesWhatTheLibraryRefuses) {
  for (const char* const text :
       {"", "{", "{]", "[1,]", R"({"a":1,})", R"({"a" 1})", "{1:2}", "tru",
        "1 2", "[1e999]", "nil", R"({"a":"b})"}) {
    json value;
    const auto fault = ParseJson(text, value);
    ASSERT_TRUE(fault.has_value()) << text;
    EXPECT_FALSE(fault->twice);
    EXPECT_THAT(fault->what, StartsWith("is not JSON: ")) << text;
    EXPECT_FALSE(json::accept(text)) << text;
    try {
      value = json::parse(text);
    } catch (const json::parse_error& error) {
      EXPECT_EQ(fault->byte, error.byte) << text;
      EXPECT_THAT(error.what(), HasSubstr(fault->what.substr(13))) << text;
    } catch (const json::exception& error) {
      EXPECT_THAT(error.what(), HasSubstr(fault->what.substr(13))) << text;
    }
  }
}

void ExpectFault(absl::string_view text, size_t byte, absl::string_view what) {
  json value;
  const auto fault = ParseJson(text, value);
  ASSERT_TRUE(fault.has_value()) << text;
  EXPECT_EQ(fault->byte, byte) << text;
  EXPECT_EQ(fault->what, what) << text;
}

TEST(JsonText, AWordOfAnotherLanguageIsToldWithWhatWouldBeRight) {
  const std::string remedy =
      " is not JSON: write the value, or null where it is not known";
  for (const char* const word :
       {"NaN", "nan", "Infinity", "-Infinity", "inf", "-inf", "None"}) {
    ExpectFault(absl::StrCat("{\"a\": ", word, ", \"b\": 1}"), 7,
                absl::StrCat(word, remedy));
    ExpectFault(absl::StrCat("{\"a\":", word, "}"), 6,
                absl::StrCat(word, remedy));
    ExpectFault(word, 1, absl::StrCat(word, remedy));
  }
  ExpectFault(R"([true, True])", 8, "True is not JSON: write true");
  ExpectFault(R"([NULL])", 2, "NULL is not JSON: write null");
  ExpectFault(R"({'a': 1})", 2,
              "is not JSON: a single quote; names and strings are in double "
              "quotes, as Python's json.dumps writes them");
}

TEST(JsonText, AWordThatJsonHasOrThatStandsInAStringIsNotTheFault) {
  for (const char* const text :
       {"[true true]", R"({"a":1 "nan":2})", R"(["\inf"])", "[nano]"}) {
    json value;
    const auto fault = ParseJson(text, value);
    ASSERT_TRUE(fault.has_value()) << text;
    EXPECT_THAT(fault->what, StartsWith("is not JSON: ")) << text;
  }
}

TEST(JsonText, AFaultIsToldInUtf8) {
  ExpectFault("{\"a\": \"\xe9\"}", 8,
              "is not JSON: the byte '\\xe9' is not UTF-8: save the file as "
              "UTF-8");
  ExpectFault("{\"a\": \xc3\xa9}", 7,
              "is not JSON: a character that JSON has in strings alone");
}

void ExpectTwice(absl::string_view text, absl::string_view field) {
  json value;
  const auto fault = ParseJson(text, value);
  ASSERT_TRUE(fault.has_value()) << text;
  EXPECT_TRUE(fault->twice) << text;
  EXPECT_EQ(fault->what, absl::StrCat("field '", field,
                                      "': occurs twice in its object; write it "
                                      "once"));
}

TEST(JsonText, AFieldThatStandsTwiceIsAFaultAtAnyDepth) {
  ExpectTwice(R"({"a":1,"a":1})", "a");
  ExpectTwice(R"({"a":1,"b":2,"a":null})", "a");
  ExpectTwice(R"({"a":null,"a":1})", "a");
  ExpectTwice(R"({"a":[],"a":[]})", "a");
  ExpectTwice(R"({"a":1,"\u0061":1})", "a");
  ExpectTwice(R"({"a":{"b":1,"c":{"x":1},"b":1}})", "a.b");
  ExpectTwice(R"({"a":[{"b":1},[0,{"b":1,"c":2,"b":1}]]})", "a[1][1].b");
  ExpectTwice(R"([[],{"":1,"":1}])", "[1].");
}

TEST(JsonText, TellsWhereTheSecondStands) {
  json value;
  const std::string text =
      "{\"a\": 1,\n \"b\": {\"a\": 1,\n  \"a\": 2},\n\"a\"";
  const auto fault = ParseJson(text, value);
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->byte, text.find("\"a\": 2") + 1);
  EXPECT_EQ(LineOf(text, fault->byte), 3);
  EXPECT_EQ(LineOf(text, 1), 1);
}

}  // namespace
}  // namespace marquee
