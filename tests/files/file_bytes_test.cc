#include "core/files/file_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/files/file_copy.h"
#include "core/files/residency.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

constexpr Placement kPlacements[] = {Placement::kMapped, Placement::kHugePages};

std::string Pattern(size_t size) {
  std::string bytes(size, '\0');
  uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

std::string Write(const std::string& name, const std::string& bytes) {
  const std::string path = ::testing::TempDir() + name;
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  return path;
}

absl::string_view Text(const FileBytes& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()),
          file.bytes().size()};
}

size_t Pages(size_t bytes) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

Residency Measure(const FileBytes& file) {
  const MemoryRange range = file.bytes();
  const auto residency = MeasureResidency(std::span(&range, 1));
  EXPECT_TRUE(residency.ok()) << residency.status();
  return residency.ok() ? residency->front() : Residency{};
}

TEST(FileBytes, AreTheSameInEveryPlacement) {
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{4095}, size_t{4096}, size_t{4097},
        FileCopy::kHugePageBytes - 1, FileCopy::kHugePageBytes,
        3 * FileCopy::kHugePageBytes + 4097}) {
    const std::string expected = Pattern(size);
    const std::string path = Write("file_bytes_same", expected);
    for (const Placement placement : kPlacements) {
      SCOPED_TRACE(absl::StrCat(size, " bytes, ", PlacementName(placement)));
      const auto file = FileBytes::Open(path, placement);
      ASSERT_TRUE(file.ok()) << file.status();
      EXPECT_EQ((*file)->placement(), placement);
      EXPECT_TRUE(Text(**file) == expected);
    }
  }
}

TEST(FileBytes, ACopyBeginsAtAHugePageAndOutlivesItsFile) {
  const std::string expected = Pattern(2 * FileCopy::kHugePageBytes);
  const std::string path = Write("file_bytes_gone", expected);
  const auto file = FileBytes::Open(path, Placement::kHugePages);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(reinterpret_cast<uintptr_t>((*file)->bytes().data()) %
                FileCopy::kHugePageBytes,
            0);
  Write("file_bytes_gone", "");
  EXPECT_TRUE(Text(**file) == expected);
}

TEST(FileBytes, AreResidentOnceEveryPageWasRead) {
  // Two of each, as neighbours that must not count for each other.
  const std::string bytes = Pattern(2 * FileCopy::kHugePageBytes + 5000);
  const std::string path = Write("file_bytes_resident", bytes);
  for (const Placement placement : kPlacements) {
    SCOPED_TRACE(std::string(PlacementName(placement)));
    const auto first = FileBytes::Open(path, placement);
    const auto second = FileBytes::Open(path, placement);
    ASSERT_TRUE(first.ok() && second.ok());
    if (placement == Placement::kMapped) {
      EXPECT_EQ(Measure(**first).resident_bytes, 0);
    }
    EXPECT_TRUE(Text(**first) == bytes);
    const MemoryRange ranges[] = {(*first)->bytes(), (*second)->bytes(), {}};
    const auto residency = MeasureResidency(ranges);
    ASSERT_TRUE(residency.ok()) << residency.status();
    EXPECT_EQ((*residency)[0].resident_bytes, Pages(bytes.size()));
    EXPECT_EQ((*residency)[1].resident_bytes, placement == Placement::kHugePages
                                                  ? Pages(bytes.size())
                                                  : size_t{0});
    EXPECT_EQ((*residency)[2].resident_bytes, 0);
    for (const Residency& r : *residency) {
      EXPECT_LE(r.huge_page_bytes, r.resident_bytes);
    }
    if (placement == Placement::kHugePages) {
      EXPECT_EQ((*residency)[0].huge_page_bytes % FileCopy::kHugePageBytes, 0);
      std::printf(
          "on huge pages: %llu of %zu bytes\n",
          static_cast<unsigned long long>((*residency)[0].huge_page_bytes),
          bytes.size());
    }
  }
}

TEST(FileBytes, WithoutHugePagesACopyLiesOnSmallOnesAndSaysSo) {
  const std::string bytes = Pattern(3 * FileCopy::kHugePageBytes);
  const std::string path = Write("file_bytes_small", bytes);
  ASSERT_EQ(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0);
  absl::Cleanup enable = [] { prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0); };
  const auto file = FileBytes::Open(path, Placement::kHugePages);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(Text(**file) == bytes);
  EXPECT_EQ(Measure(**file).huge_page_bytes, 0);
  EXPECT_EQ(Measure(**file).resident_bytes, bytes.size());
}

TEST(FileBytes, MemoryThatCanNotBeHadIsAStatus) {
  // Larger than the address space; takes no room itself.
  const int descriptor = memfd_create("huge", MFD_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  ASSERT_EQ(ftruncate(descriptor, off_t{1} << 60), 0);
  const auto file =
      FileBytes::FromDescriptor(descriptor, "section", Placement::kHugePages);
  EXPECT_EQ(file.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(file.status().message()),
              HasSubstr("section: no memory for a copy of"));
}

TEST(FileBytes, NamesWhatCanNotBeOpened) {
  const std::string path = ::testing::TempDir() + "file_bytes_nowhere";
  for (const Placement placement : kPlacements) {
    const auto missing = FileBytes::Open(path, placement);
    EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(std::string(missing.status().message()), HasSubstr(path));
    EXPECT_EQ(FileBytes::Open(::testing::TempDir(), placement).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

TEST(FileBytesDeathTest, ACopyIsReadOnly) {
  const auto file =
      FileBytes::Open(Write("file_bytes_const", "abc"), Placement::kHugePages);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_DEATH(*const_cast<volatile char*>(Text(**file).data()) = 'x', "");
}

TEST(FileBytes, APipeIsRefusedAndNotWaitedFor) {
  const std::string path = ::testing::TempDir() + "file_bytes_pipe";
  ::unlink(path.c_str());
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  for (const Placement placement : kPlacements) {
    EXPECT_THAT(FileBytes::Open(path, placement).status().message(),
                HasSubstr("is not a regular file"));
  }
  ::unlink(path.c_str());
}

TEST(FileId, IsThatOfTheFileUntilItIsWrittenTo) {
  const std::string path = Write("id", "abc");
  const std::string link = path + ".link";
  ::unlink(link.c_str());
  ASSERT_EQ(::link(path.c_str(), link.c_str()), 0);
  const auto touch = [&](const timespec& time) {
    const timespec times[] = {time, time};
    EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    return *FileId::Of(path);
  };
  const FileId id = touch({1'760'000'000, 7});
  EXPECT_EQ(id, *FileId::Of(link));
  EXPECT_NE(id, touch({1'760'000'000, 8}));
  // 64 bits do not hold it in nanoseconds.
  constexpr time_t kYear2400 = 13'569'465'600;
  EXPECT_NE(id, touch({kYear2400, 7}));
  EXPECT_EQ(FileId::Of(path + ".none").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace marquee
