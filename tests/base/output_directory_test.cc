#include "core/base/output_directory.h"

#include <filesystem>
#include <fstream>
#include <string>

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
