#include "core/model_import/json_reader.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<float> ReadFloat(const std::string& text) {
  JsonReader json(text, "m");
  return json.Float();
}

absl::Status SkipAll(const std::string& text) {
  JsonReader json(text, "m");
  const absl::Status status = json.Skip();
  return status.ok() ? json.ExpectEnd() : status;
}

TEST(JsonReader, FloatsAreRoundedOnce) {
  EXPECT_EQ(*ReadFloat("1E-1"), 0.1f);
  EXPECT_EQ(*ReadFloat(" -3.4028235E38"), -3.4028235E38f);
  // Rounding to double first would give the tie, and then 1.
  EXPECT_EQ(*ReadFloat("1.00000005960464477540"), std::nextafter(1.0f, 2.0f));
  EXPECT_EQ(std::bit_cast<uint32_t>(*ReadFloat("1e-45")), 1);
  EXPECT_EQ(*ReadFloat("1e-60"), 0);
  EXPECT_EQ(*ReadFloat("7"), 7);
}

TEST(JsonReader, TakesNaNAndInfinity) {
  EXPECT_TRUE(std::isnan(*ReadFloat("NaN")));
  EXPECT_EQ(*ReadFloat("Infinity"), INFINITY);
  EXPECT_EQ(*ReadFloat("-Infinity"), -INFINITY);
}

TEST(JsonReader, RefusesWhatIsNoFloat) {
  for (const std::string text : {"", "x", "1x", "1e39", "\"1\"", "--1", "{"}) {
    EXPECT_FALSE(ReadFloat(text).ok()) << text;
  }
}

TEST(JsonReader, ReadsAnObjectInOrder) {
  JsonReader json(R"({"a" : [1, 2], "b\n\u0041": {}, "c":true})", "m");
  std::string key;
  ASSERT_TRUE(json.EnterObject().ok());
  ASSERT_TRUE(*json.NextKey(&key));
  EXPECT_EQ(key, "a");
  ASSERT_TRUE(json.EnterArray().ok());
  ASSERT_TRUE(*json.NextElement());
  EXPECT_EQ(*json.Int(), 1);
  ASSERT_TRUE(*json.NextElement());
  EXPECT_EQ(*json.Int(), 2);
  ASSERT_FALSE(*json.NextElement());
  ASSERT_TRUE(*json.NextKey(&key));
  EXPECT_EQ(key, "b\nA");
  ASSERT_TRUE(json.Skip().ok());
  ASSERT_TRUE(*json.NextKey(&key));
  EXPECT_TRUE(*json.Bool());
  ASSERT_FALSE(*json.NextKey(&key));
  EXPECT_TRUE(json.ExpectEnd().ok());
}

TEST(JsonReader, SkipsEveryKindOfValue) {
  for (const std::string text :
       {"{}", "[]", R"([1,-2.5e300,"s\"\\",true,false,null,NaN,{"a":[[]]}])",
        "\"x\"", " 12 "}) {
    EXPECT_TRUE(SkipAll(text).ok()) << text << SkipAll(text);
  }
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  for (const std::string text :
       {"", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "nul",
        "\"open", "\"\\q\"", "\"\\u12\"", "\"\\u0x41\"", "\"\\u  41\"", "\"\\",
        "[}", "{]", "1 2"}) {
    EXPECT_EQ(SkipAll(text).code(), absl::StatusCode::kDataLoss) << text;
  }
}

TEST(JsonReader, NamesThePlace) {
  EXPECT_THAT(SkipAll("{\n \"a\": [1,\n  ?]}").message(),
              HasSubstr("m:3:3: expected a value"));
  EXPECT_THAT(SkipAll("{\n \"a\": [\"b\",\n  \"c\\n]}\n\n").message(),
              HasSubstr("m:3:3: the quote that opens here is never closed"));
}

TEST(JsonReader, BoundsTheDepth) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(SkipAll(nested(JsonReader::kMaxDepth)).ok());
  EXPECT_THAT(SkipAll(nested(JsonReader::kMaxDepth + 1)).message(),
              HasSubstr("nested deeper than 64"));
  EXPECT_FALSE(SkipAll(std::string(1'000'000, '[')).ok());
}

}  // namespace
}  // namespace marquee
