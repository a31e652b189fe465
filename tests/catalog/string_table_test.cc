#include "core/catalog/string_table.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

Section Table(const std::vector<std::string>& strings) {
  StringTableWriter writer;
  for (const std::string& text : strings) writer.Add(text);
  EXPECT_EQ(writer.size(), strings.size());
  for (size_t i = 0; i < strings.size(); ++i) EXPECT_EQ(writer[i], strings[i]);
  const auto file =
      Written([&](ArrayFileWriter& out) { return writer.Write("names", out); });
  Section section;
  section.Keep<char>(*file, "names.bytes");
  section.Keep<uint32_t>(*file, "names.begin");
  return section;
}

TEST(StringTable, GivesBackEveryString) {
  const std::vector<std::string> strings = {"", "Alien", "", "Ü", "Brazil", ""};
  const auto file = Table(strings).File();
  const auto table = StringTable::Open(*file, "names");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), strings.size());
  for (size_t i = 0; i < strings.size(); ++i)
    EXPECT_EQ((*table)[i], strings[i]);
}

TEST(StringTable, AnEmptyOneIsValid) {
  EXPECT_EQ(StringTable().size(), 0);
  const auto file = Table({}).File();
  EXPECT_EQ(StringTable::Open(*file, "names")->size(), 0);
}

TEST(StringTable, RefusesStringsThatAreNotInItsBytes) {
  const Section sound = Table({"ab", "cd", "ef"});
  for (const Section& damaged : {sound.WithAll<uint32_t>("names.begin", {}),
                                 sound.With<uint32_t>("names.begin", 0, 1),
                                 sound.With<uint32_t>("names.begin", 1, 5),
                                 sound.With<uint32_t>("names.begin", 3, 5),
                                 sound.With<uint32_t>("names.begin", 3, 7),
                                 sound.Shortened<char>("names.bytes")}) {
    const auto file = damaged.File();
    const auto table = StringTable::Open(*file, "names");
    EXPECT_EQ(table.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(table.status().message(),
                HasSubstr("'names.begin' does not partition 'names.bytes'"));
  }
}

TEST(StringTable, NamesAnArrayThatIsMissing) {
  const auto file = Table({"a"}).File();
  EXPECT_THAT(StringTable::Open(*file, "other").status().message(),
              HasSubstr("other"));
  Section half;
  half.Keep<char>(*file, "names.bytes");
  const auto half_file = half.File();
  EXPECT_THAT(StringTable::Open(*half_file, "names").status().message(),
              HasSubstr("names.begin"));
}

}  // namespace
}  // namespace marquee
