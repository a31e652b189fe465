#include "core/files/residency.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// `begin` to `end` of no memory of ours: only addresses are compared.
MemoryRange Range(uintptr_t begin, uintptr_t end) {
  return {reinterpret_cast<const std::byte*>(begin), end - begin};
}

constexpr char kSmaps[] =
    "10000-20000 r--s 00000000 fd:00 77   /data/Rss: 9-9 kB\n"
    "Size:                 64 kB\n"
    "Rss:                  40 kB\n"
    "Pss:                  20 kB\n"
    "AnonHugePages:         0 kB\n"
    "VmFlags: rd mr me ms\n"
    "200000-400000 r--p 00000000 00:00 0 \n"
    "Rss:                2048 kB\n"
    "AnonHugePages:      1024 kB\n"
    "400000-600000 r--p 00000000 00:00 0 \n"
    "Rss:                1024 kB\n"
    "AnonHugePages:         0 kB\n"
    "FilePmdMapped:      1024 kB\n"
    "SomethingNew:    unheard of\n";

TEST(Residency, AddsUpTheMappingsOfARange) {
  const MemoryRange ranges[] = {
      Range(0x200000, 0x600000), Range(0x10000, 0x1F801),
      Range(0x800000, 0x800000), Range(0x700000, 0x710000)};
  const auto residency = ReadResidency(kSmaps, ranges);
  ASSERT_TRUE(residency.ok()) << residency.status();
  EXPECT_EQ((*residency)[0].resident_bytes, 3072 * 1024);
  EXPECT_EQ((*residency)[0].huge_page_bytes, 2048 * 1024);
  EXPECT_EQ((*residency)[1].resident_bytes, 40 * 1024);
  EXPECT_EQ((*residency)[1].huge_page_bytes, 0);
  EXPECT_EQ((*residency)[2].resident_bytes, 0);
  EXPECT_EQ((*residency)[3].resident_bytes, 0);
}

TEST(Residency, OfALargerMappingARangeGetsAtMostItsSize) {
  const MemoryRange range = Range(0x200000, 0x201000);
  const auto residency = ReadResidency(kSmaps, std::span(&range, 1));
  ASSERT_TRUE(residency.ok()) << residency.status();
  EXPECT_EQ((*residency)[0].resident_bytes, 4096);
  EXPECT_EQ((*residency)[0].huge_page_bytes, 4096);
}

TEST(Residency, TellsATextThatSaysNothing) {
  for (const char* const text :
       {"", "\n", "no such thing",
        "10000-20000 r--s 0 fd:00 7 /x\nSize: 4 kB\n"}) {
    EXPECT_EQ(ReadResidency(text, {}).status().code(),
              absl::StatusCode::kFailedPrecondition)
        << text;
  }
}

TEST(Residency, NamesTheLineThatIsNoNumber) {
  for (const char* const line : {"Rss: many kB", "Rss: -4 kB", "Rss: 4", "Rss:",
                                 "AnonHugePages: 99999999999999999999 kB",
                                 "AnonHugePages: 18446744073709551615 kB"}) {
    const auto residency = ReadResidency(
        absl::StrCat("10000-20000 r--s 0 fd:00 7 /x\n", line, "\n"), {});
    EXPECT_EQ(residency.status().code(), absl::StatusCode::kDataLoss) << line;
    EXPECT_THAT(std::string(residency.status().message()), HasSubstr(line));
  }
}

}  // namespace
}  // namespace marquee
