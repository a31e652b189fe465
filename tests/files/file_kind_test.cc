#include "core/files/file_kind.h"

#include <string>
#include <tuple>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using Form = FileKind::Form;

TEST(FileKind, IsToldByTheBeginning) {
  const std::tuple<std::string, std::string, Form> files[] = {
      {"\x1f\x8b\x08", "a gzip file", Form::kPacked},
      {"PK\x03\x04\x14", "a zip archive", Form::kPacked},
      {"\x28\xb5\x2f\xfd", "a zstd file", Form::kPacked},
      {"\xfd"
       "7zXZ",
       "an xz file", Form::kPacked},
      {"\x04\x22\x4d\x18", "an lz4 file", Form::kPacked},
      {"PAR1\x15\x04", "a Parquet file", Form::kData},
      {"\x89HDF\r\n", "an HDF5 file", Form::kData},
      {"\x93NUMPY\x01", "a NumPy array", Form::kData},
      {"\x80\x02}q", "a Python pickle or joblib file", Form::kPickle},
      {"\x80\x05\x95", "a Python pickle or joblib file", Form::kPickle}};
  for (const auto& [bytes, name, form] : files) {
    const auto kind = FindFileKind(bytes);
    ASSERT_TRUE(kind.has_value()) << name;
    EXPECT_EQ(kind->name, name);
    EXPECT_EQ(kind->form, form) << name;
  }
}

TEST(FileKind, NoTextIsOne) {
  for (const std::string text :
       {"", "P", "x", "\x80", "\x80\x01", "\x80\x06", "PAR1\n", "PK\n",
        "user_id,item_id", "{\"item_id\"", "\xef\xbb\xbfu1"}) {
    EXPECT_FALSE(FindFileKind(text).has_value()) << text;
  }
}

TEST(TextFault, LinesMayEndWithReturnsAlone) {
  for (const char* const text : {"a\rb", "\rb", "a,b\r1,2\r"}) {
    EXPECT_THAT(FindTextFault(text), HasSubstr("a carriage return alone"))
        << text;
  }
  for (const char* const text : {"", "a", "a\r", "\r", "a\r\n", "a\rb\n"}) {
    EXPECT_EQ(FindTextFault(text), "") << text;
  }
}

TEST(TextFault, Utf16IsToldWithAMarkAndWithout) {
  using namespace std::string_literals;
  for (const std::string& text :
       {"\xFF\xFEu\0"s, "\xFE\xFF\0u"s, "\xFF\xFE"s, "u\0s\0"s, "\0u\0s"s}) {
    EXPECT_THAT(FindTextFault(text), HasSubstr("is text in UTF-16"));
  }
  for (const std::string& text :
       {"u\0"s, "\0\0\0\0"s, "u\0se"s, "u\0\0s"s, "\xEF\xBB\xBFu"s}) {
    EXPECT_FALSE(IsUtf16(text)) << absl::CEscape(text);
  }
}

}  // namespace
}  // namespace marquee
