// Runs `marquee verify` as a user does, from a shell.
#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class VerifyCommand : public ::testing::Test {
 protected:
  // Versions 1 to 3: 2 is damaged, 3 half copied.
  void SetUp() override {
    const std::string data = SmallService();
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(BuildSmall(data, snapshots_).exit_code, 0);
    }
    fs::permissions(snapshots_ + "/2/users", fs::perms::owner_write,
                    fs::perm_options::add);
    std::fstream users(snapshots_ + "/2/users",
                       std::ios::binary | std::ios::in | std::ios::out);
    users.seekg(-1, std::ios::end);
    const int last = users.get();
    users.seekp(-1, std::ios::end);
    users.put(static_cast<char>(last ^ 1));
    fs::remove(snapshots_ + "/3/manifest");
  }

  const std::string snapshots_ = FreshPath("snapshots");
};

TEST_F(VerifyCommand, ExaminesEveryVersionOfADirectory) {
  const Result result = Marquee("verify " + snapshots_);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(
      result.output,
      AllOf(HasSubstr(snapshots_ + "/3: faulty: " + snapshots_ +
                      "/3/manifest: can not be opened"),
            HasSubstr(snapshots_ + "/2: faulty: " + snapshots_ + "/2/users"),
            HasSubstr(snapshots_ + "/1: sound: "),
            HasSubstr("2 of 3 versions are faulty")));
  fs::remove_all(snapshots_ + "/2");
  fs::remove_all(snapshots_ + "/3");
  EXPECT_EQ(Marquee("verify " + snapshots_).exit_code, 0);
}

// A server would not start.
TEST_F(VerifyCommand, ALedgerThatCanNotBeReadIsAFault) {
  fs::remove_all(snapshots_ + "/2");
  fs::remove_all(snapshots_ + "/3");
  std::ofstream(snapshots_ + "/versions", std::ios::app) << "blocked: 7\n";
  const Result result = Marquee("verify " + snapshots_);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, AllOf(HasSubstr(snapshots_ + "/1: sound: "),
                                   HasSubstr(snapshots_ + "/versions:")));
}

TEST_F(VerifyCommand, PrintsAListAsJson) {
  const Result result = Marquee("verify --json " + snapshots_, "2>/dev/null");
  EXPECT_EQ(result.exit_code, 1);
  const nlohmann::json list =
      nlohmann::json::parse(result.output, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(list.is_array() && list.size() == 3) << result.output;
  EXPECT_EQ(list[0]["version"], 3);
  EXPECT_EQ(list[0]["sound"], false);
  EXPECT_THAT(list[1].value("fault", ""), HasSubstr("/2/users"));
  EXPECT_EQ(list[2]["sound"], true);
  EXPECT_EQ(list[2]["path"], snapshots_ + "/1");
}

TEST_F(VerifyCommand, OfOneVersionLooksAtNoOther) {
  const Result sound = Marquee("verify " + snapshots_ + "/1");
  EXPECT_EQ(sound.exit_code, 0) << sound.output;
  EXPECT_THAT(sound.output,
              AllOf(HasSubstr(": sound: "), Not(HasSubstr("faulty"))));
  const Result damaged = Marquee("verify " + snapshots_ + "/2");
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.output, HasSubstr("/2/users"));
  EXPECT_EQ(Marquee("verify " + snapshots_ + "/3").exit_code, 1);
}

}  // namespace
}  // namespace marquee
