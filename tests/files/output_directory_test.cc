#include "core/files/output_directory.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class OutputDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  // Makes the directory, looks whether it is there, and lets it go.
  void MakeAndLetGo(const std::string& path) {
    const auto directory = OutputDirectory::Create(path);
    ASSERT_TRUE(directory.ok()) << directory.status();
    EXPECT_TRUE(fs::is_directory(path));
  }

  // Of this test alone: tests run side by side.
  const std::string root_ =
      ::testing::TempDir() + "output_directory_" +
      ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

// Whatever the umask; and who may write by it still may.
TEST_F(OutputDirectoryTest, OpensWhatItMadeForReaders) {
  ASSERT_EQ(::chmod(root_.c_str(), 02770), 0);
  for (const auto& [mask, mode] : {std::pair(077, 02755), {002, 02775}}) {
    const mode_t before = ::umask(static_cast<mode_t>(mask));
    const auto made = OutputDirectory::Create(root_ + "/a/b");
    ::umask(before);
    ASSERT_TRUE(made.ok()) << made.status();
    ASSERT_TRUE((*made)->OpenForReaders().ok());
    for (const std::string path : {"/a", "/a/b"}) {
      struct stat info {};
      ASSERT_EQ(::stat((root_ + path).c_str(), &info), 0);
      EXPECT_EQ(info.st_mode & 07777, mode) << path;
    }
  }
  struct stat info {};
  ASSERT_EQ(::stat(root_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 02770) << "it was there before";
}

TEST_F(OutputDirectoryTest, RemovesAllThatItMadeAndNothingElse) {
  for (const char* const path : {"/a", "/a/b/c", "/a/b/c/", "/a//b/./c"}) {
    MakeAndLetGo(root_ + path);
    EXPECT_TRUE(fs::exists(root_)) << path;
    EXPECT_TRUE(fs::is_empty(root_)) << path;
  }
  fs::create_directories(root_ + "/found");
  MakeAndLetGo(root_ + "/found");
  MakeAndLetGo(root_ + "/found/made");
  EXPECT_TRUE(fs::exists(root_ + "/found"));
  EXPECT_FALSE(fs::exists(root_ + "/found/made"));
}

TEST_F(OutputDirectoryTest, KeepsWhatSomethingWasPutInto) {
  {
    const auto directory = OutputDirectory::Create(root_ + "/a/b/c");
    std::ofstream(root_ + "/a/b/file") << "x";
  }
  EXPECT_TRUE(fs::exists(root_ + "/a/b/file"));
  EXPECT_FALSE(fs::exists(root_ + "/a/b/c"));
}

TEST_F(OutputDirectoryTest, AFailureNamesThePathAndLeavesNothing) {
  std::ofstream(root_ + "/file") << "x";
  EXPECT_THAT(OutputDirectory::Create(root_ + "/file").status().message(),
              HasSubstr("/file: can not be made a directory: something else"));
  EXPECT_FALSE(OutputDirectory::Create(root_ + "/file/a").ok());
  const std::string too_long = root_ + "/a/b/" + std::string(300, 'x');
  EXPECT_THAT(OutputDirectory::Create(too_long).status().message(),
              HasSubstr("xx: can not be made a directory: "));
  EXPECT_FALSE(fs::exists(root_ + "/a"));
}

}  // namespace
}  // namespace marquee
