#include "core/files/array_file.h"

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr uint64_t kIdentity = 0x1234;
constexpr Placement kPlacements[] = {Placement::kMapped, Placement::kHugePages};

std::string PathOf(const std::string& name) {
  return ::testing::TempDir() + name;
}

std::string WriteSample(const std::string& name, size_t floats,
                        uint64_t identity = kIdentity) {
  const std::string path = PathOf(name);
  auto writer = ArrayFileWriter::Create(path, identity);
  EXPECT_TRUE(writer.ok()) << writer.status();
  std::vector<float> values(floats);
  for (size_t i = 0; i < floats; ++i) values[i] = static_cast<float>(i);
  (*writer)->Add<float>("values", values);
  (*writer)->AddText("text", "hello");
  EXPECT_TRUE((*writer)->Finish().ok());
  return path;
}

void WriteAll(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST(ArrayFile, GivesBackWhatWasWritten) {
  for (const size_t floats :
       {size_t{0}, size_t{1}, size_t{17}, size_t{700'000}}) {
    const std::string path = WriteSample("roundtrip", floats);
    for (const Placement placement : kPlacements) {
      const auto file = ArrayFile::Open(path, kIdentity, placement);
      ASSERT_TRUE(file.ok()) << file.status();
      EXPECT_EQ((*file)->placement(), placement);
      const auto values = (*file)->Array<float>("values");
      ASSERT_TRUE(values.ok()) << values.status();
      ASSERT_EQ(values->size(), floats);
      for (size_t i = 0; i < floats; ++i)
        ASSERT_EQ((*values)[i], static_cast<float>(i));
      EXPECT_EQ(reinterpret_cast<uintptr_t>(values->data()) % 64, 0);
      EXPECT_EQ(*(*file)->Text("text"), "hello");
    }
  }
}

TEST(ArrayFile, MayHaveNoArrays) {
  const auto file = (*ArrayFileWriter::CreateInMemory())->FinishInMemory();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->Array<float>("any").status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(ArrayFile, AppendsInPiecesLikeInOne) {
  auto writer = ArrayFileWriter::CreateInMemory();
  ASSERT_TRUE(writer.ok());
  (*writer)->Begin("numbers", sizeof(uint32_t));
  std::vector<uint32_t> expected;
  for (uint32_t i = 0; i < 1000; ++i) {
    const std::vector<uint32_t> piece(i % 7, i);
    expected.insert(expected.end(), piece.begin(), piece.end());
    (*writer)->Append<uint32_t>(piece);
  }
  const auto file = (*writer)->FinishInMemory();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(*(*file)->Array<uint32_t>("numbers"), ElementsAreArray(expected));
}

TEST(ArrayFile, InMemoryLiesWhereItWasAskedTo) {
  for (const Placement placement : kPlacements) {
    auto writer = ArrayFileWriter::CreateInMemory();
    ASSERT_TRUE(writer.ok()) << writer.status();
    const std::vector<uint32_t> expected(1'000'000, 7);
    (*writer)->Add<uint32_t>("numbers", expected);
    const auto file = (*writer)->FinishInMemory(placement);
    ASSERT_TRUE(file.ok()) << file.status();
    writer->reset();
    EXPECT_EQ((*file)->placement(), placement);
    EXPECT_THAT(*(*file)->Array<uint32_t>("numbers"),
                ElementsAreArray(expected));
  }
}

TEST(ArrayFile, NamesAMissingArrayAndAWrongElementSize) {
  const auto file = ArrayFile::Open(WriteSample("names", 3), kIdentity);
  ASSERT_TRUE(file.ok());
  EXPECT_THAT((*file)->Array<float>("weights").status().message(),
              HasSubstr("'weights'"));
  EXPECT_THAT((*file)->Array<double>("values").status().message(),
              HasSubstr("of 4 bytes, not of 8"));
}

TEST(ArrayFile, RefusesEveryFlippedByte) {
  const std::string path = WriteSample("flip", 40);
  const std::string good = *ReadFile(path);
  for (size_t i = 0; i < good.size(); ++i) {
    for (const unsigned char mask : {0x01, 0x80}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ mask);
      WriteAll(path, bad);
      for (const Placement placement : kPlacements) {
        const auto file = ArrayFile::Open(path, kIdentity, placement);
        ASSERT_FALSE(file.ok()) << "byte " << i;
        EXPECT_THAT(file.status().message(), HasSubstr("at byte"));
      }
    }
  }
}

TEST(ArrayFile, RefusesEveryTruncationAndAnExtension) {
  const std::string path = WriteSample("truncate", 40);
  const std::string good = *ReadFile(path);
  for (size_t length = 0; length < good.size(); ++length) {
    WriteAll(path, good.substr(0, length));
    for (const Placement placement : kPlacements) {
      ASSERT_FALSE(ArrayFile::Open(path, kIdentity, placement).ok())
          << "length " << length;
    }
  }
  WriteAll(path, good + std::string(64, '\0'));
  EXPECT_FALSE(ArrayFile::Open(path, kIdentity).ok());
}

TEST(ArrayFile, RefusesBlocksThatWereSwapped) {
  const std::string path =
      WriteSample("swap", 1 << 20);  // four blocks of 1 MiB and a rest
  std::string bytes = *ReadFile(path);
  const std::string first = bytes.substr(0, 1 << 20);
  const std::string second = bytes.substr(1 << 20, 1 << 20);
  bytes.replace(0, 1 << 20, second).replace(1 << 20, 1 << 20, first);
  WriteAll(path, bytes);
  EXPECT_FALSE(ArrayFile::Open(path, kIdentity).ok());
}

TEST(ArrayFile, RefusesAFileOfAnotherIdentity) {
  const std::string path = WriteSample("identity", 40, kIdentity + 1);
  EXPECT_FALSE(ArrayFile::Open(path, kIdentity).ok());
  EXPECT_TRUE(ArrayFile::Open(path, kIdentity + 1).ok());
}

TEST(ArrayFile, TellsAMissingFile) {
  EXPECT_EQ(ArrayFile::Open(PathOf("nowhere"), 0).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace marquee
