#include "server/app/cpu_count.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(CpuCount, ReadsTheLimitOfACgroup) {
  EXPECT_EQ(ParseCpuMax("150000 100000\n"), 1.5);
  EXPECT_EQ(ParseCpuMax("400000 100000"), 4);
  EXPECT_EQ(ParseCpuMax("max 100000\n"), std::nullopt);
  EXPECT_EQ(ParseCpuMax(""), std::nullopt);
  EXPECT_EQ(ParseCpuMax("-1 100000"), std::nullopt);
  EXPECT_EQ(ParseCpuMax("1 0"), std::nullopt);
}

TEST(CpuCount, TheTightestLimitOnTheWayUpHolds) {
  const std::string root = absl::StrCat(::testing::TempDir(), "marquee_cgroup");
  std::filesystem::create_directories(root + "/pod/container");
  std::ofstream(root + "/pod/cpu.max") << "200000 100000\n";
  std::ofstream(root + "/pod/container/cpu.max") << "max 100000\n";
  EXPECT_EQ(CgroupLimit(root, "/pod/container"), 2);
  EXPECT_EQ(CgroupLimit(root, "/elsewhere"), std::nullopt);
  EXPECT_EQ(CgroupLimit(root, "/"), std::nullopt);
}

TEST(CpuCount, IsAtLeastOne) { EXPECT_GE(CpuCount(), 1); }

}  // namespace
}  // namespace marquee
