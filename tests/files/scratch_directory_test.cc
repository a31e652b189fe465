#include "core/files/scratch_directory.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(ScratchDirectory, IsOfAnOwnerAloneAndGoesWithAllThatIsInIt) {
  std::string path;
  {
    const auto scratch = ScratchDirectory::Create();
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    path = (*scratch)->path();
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700);
    std::filesystem::create_directory(path + "/1");
    std::ofstream(path + "/1/file") << "x";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ScratchDirectory, TwoAreTwo) {
  const auto one = *ScratchDirectory::Create();
  const auto two = *ScratchDirectory::Create();
  EXPECT_NE(one->path(), two->path());
}

TEST(ScratchDirectory, AMissingParentIsNamed) {
  const char* const before = std::getenv("TMPDIR");
  ::setenv("TMPDIR", "/no/such/place", 1);
  const auto scratch = ScratchDirectory::Create();
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before, 1);
  EXPECT_THAT(std::string(scratch.status().message()),
              ::testing::StartsWith("TMPDIR: "));
}

}  // namespace
}  // namespace marquee
