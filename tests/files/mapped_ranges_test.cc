#include "core/files/mapped_ranges.h"

#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(MappedRanges, SayWhichFileIsBehindAnAddress) {
  alignas(4096) static std::byte pages[4 * 4096];
  const std::span<const std::byte> all(pages);
  NoteMapping(all.subspan(0, 4096), "/data/7/\"catalog\"\n");
  NoteMapping(all.subspan(4096, 100), std::string(1000, 'x'));
  EXPECT_STREQ(FileMappedAt(pages), "/data/7/?catalog??");
  EXPECT_STREQ(FileMappedAt(pages + 4095), "/data/7/?catalog??");
  // To the end of the page of the last byte.
  EXPECT_EQ(std::string(FileMappedAt(pages + 4096)), std::string(255, 'x'));
  EXPECT_NE(FileMappedAt(pages + 2 * 4096 - 1), nullptr);
  EXPECT_EQ(FileMappedAt(pages + 2 * 4096), nullptr);
  EXPECT_EQ(FileMappedAt(nullptr), nullptr);
  ForgetMapping(all.subspan(0, 4096));
  EXPECT_EQ(FileMappedAt(pages), nullptr);
  EXPECT_NE(FileMappedAt(pages + 4096), nullptr);
  ForgetMapping(all.subspan(4096, 100));
  EXPECT_EQ(FileMappedAt(pages + 4096), nullptr);
}

TEST(MappedRanges, PlacesAreUsedAgainAndTooManyDoNoHarm) {
  static std::byte bytes[2000];
  const std::span<const std::byte> all(bytes);
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < 1000; ++i) NoteMapping(all.subspan(i, 1), "f");
    for (size_t i = 0; i < 1000; ++i) ForgetMapping(all.subspan(i, 1));
  }
  NoteMapping({}, "empty");
  ForgetMapping({});
  EXPECT_EQ(FileMappedAt(bytes), nullptr);
}

}  // namespace
}  // namespace marquee
