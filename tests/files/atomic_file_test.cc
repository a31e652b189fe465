#include "core/files/atomic_file.h"

#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(AtomicFile, ReplacesTheContentsAndLeavesNoTemporary) {
  const std::string path = ::testing::TempDir() + "atomic";
  ASSERT_TRUE(WriteFileAtomically(path, "one").ok());
  ASSERT_TRUE(WriteFileAtomically(path, "two").ok());
  EXPECT_EQ(*ReadFile(path), "two");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(AtomicFile, AFailureLeavesNoTemporary) {
  const std::string path = ::testing::TempDir() + "in_the_way";
  std::filesystem::create_directories(path);
  EXPECT_FALSE(WriteFileAtomically(path, "one").ok());
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(AtomicFile, ReadingStopsAtTheLimit) {
  const std::string path = ::testing::TempDir() + "limit";
  ASSERT_TRUE(WriteFileAtomically(path, "12345").ok());
  EXPECT_TRUE(ReadFile(path, 5).ok());
  EXPECT_EQ(ReadFile(path, 4).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(AtomicFile, TellsWhatCanNotBeRead) {
  EXPECT_EQ(ReadFile(::testing::TempDir() + "none").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadFile(::testing::TempDir()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace marquee
