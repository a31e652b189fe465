#include "core/base/utf8.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace marquee {
namespace {

constexpr size_t kNone = absl::string_view::npos;

TEST(Utf8, TakesTheFirstAndLastCharacterOfEveryLength) {
  const absl::string_view nul("\0", 1);
  for (const absl::string_view text :
       {absl::string_view(), nul, absl::string_view("\x7F"),
        absl::string_view("\xC2\x80"), absl::string_view("\xDF\xBF"),
        absl::string_view("\xE0\xA0\x80"), absl::string_view("\xED\x9F\xBF"),
        absl::string_view("\xEE\x80\x80"), absl::string_view("\xEF\xBF\xBF"),
        absl::string_view("\xF0\x90\x80\x80"),
        absl::string_view("\xF4\x8F\xBF\xBF")}) {
    EXPECT_EQ(FindInvalidUtf8(text), kNone) << text;
  }
}

TEST(Utf8, FindsTheFirstByteThatBeginsNoCharacter) {
  const std::pair<absl::string_view, size_t> faults[] = {
      {"\x80", 0},                      // only a continuation
      {"ab\xFF", 2},                    // never a byte of UTF-8
      {"\xC3\xA9\xC3", 2},              // cut off
      {"a\xE2\x82", 1},                 // cut off
      {"\xC1\xBF", 0},                  // overlong
      {"\xE0\x9F\xBF", 0},              // overlong
      {"\xF0\x8F\xBF\xBF", 0},          // overlong
      {"\xED\xA0\x80", 0},              // a surrogate
      {"\xF4\x90\x80\x80", 0},          // above U+10FFFF
      {"\xF5\x80\x80\x80", 0},          // above U+10FFFF
      {"\xE2\x28\xA1", 0},              // second byte is none
      {"\xF0\x9F\x98\x80\xF0\x9F(", 4}  // third byte is none
  };
  for (const auto& [text, at] : faults) {
    EXPECT_EQ(FindInvalidUtf8(text), at) << text;
  }
}

}  // namespace
}  // namespace marquee
