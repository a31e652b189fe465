// Runs the tool as a user does, from a shell.
#ifndef MARQUEE_TESTS_CLI_RUN_H_
#define MARQUEE_TESTS_CLI_RUN_H_

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/paths.h"

namespace marquee {

struct Result {
  int exit_code;
  std::string output;
};

// `errors` says where the standard error goes.
inline Result Marquee(const std::string& arguments,
                      const std::string& errors = "2>&1") {
  const std::string command =
      absl::StrCat(BinaryDir(), "/marquee ", arguments, " ", errors);
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (const size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), got);
  }
  return {WEXITSTATUS(::pclose(pipe)), output};
}

// A path of this test at which an earlier run has left nothing.
inline std::string FreshPath(absl::string_view name) {
  const std::string path = ScratchPath(name);
  std::filesystem::remove_all(path);
  return path;
}

inline std::string WriteScratch(absl::string_view name,
                                absl::string_view text) {
  const std::string path = ScratchPath(name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

// A directory of data with embeddings: a small synthetic service.
inline std::string SmallService() {
  const std::string data = FreshPath("data");
  const Result made =
      Marquee("synth --users 40 --items 60 --embeddings --out " + data);
  EXPECT_EQ(made.exit_code, 0) << made.output;
  return data;
}

// `marquee build` on the data of SmallService, into `snapshots`.
inline Result BuildSmall(const std::string& data, const std::string& snapshots,
                         const std::string& more = "") {
  return Marquee(absl::StrCat("build --data ", data, " --embeddings ", data,
                              " --out ", snapshots, " ", more));
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_CLI_RUN_H_
