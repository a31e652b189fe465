#include "core/base/version.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/paths.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Source(const std::string& path) {
  const auto text = ReadFile(absl::StrCat(SourceDir(), "/", path));
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

TEST(Version, IsTheProjects) {
  EXPECT_THAT(
      Source("CMakeLists.txt"),
      HasSubstr(absl::StrCat("project(marquee VERSION ", Version(), " ")));
}

// A second literal would stay behind at the next release.
TEST(Version, IsStatedOnce) {
  for (const char* const path :
       {"offline/cli/main.cc", "offline/build/snapshot_builder.cc",
        "server/app/main.cc", "server/telemetry/server_metrics.h"}) {
    EXPECT_THAT(Source(path), Not(HasSubstr(std::string(Version())))) << path;
  }
}

}  // namespace
}  // namespace marquee
