// Places for the files of a test: every TEST is a process of its own and they
// run at the same time, so no two may share a path.
#ifndef MARQUEE_TESTS_FILES_SCRATCH_H_
#define MARQUEE_TESTS_FILES_SCRATCH_H_

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace marquee {

// DIR/name, where DIR exists and belongs to the running test alone.
inline std::string ScratchPath(absl::string_view name) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string directory =
      absl::StrCat(::testing::TempDir(), "marquee_", test->test_suite_name(),
                   "_", test->name());
  std::filesystem::create_directories(directory);
  return absl::StrCat(directory, "/", name);
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_FILES_SCRATCH_H_
