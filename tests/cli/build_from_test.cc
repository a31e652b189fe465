// Runs `marquee build --from`, and builds of what can show no user anything.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_replace.h"
#include "core/snapshot/manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"
#include "tests/cli/run.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

ino_t Inode(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
  return info.st_ino;
}

class BuildFrom : public ::testing::Test {
 protected:
  void SetUp() override {
    data_ = SmallService();
    ASSERT_EQ(BuildSmall(data_, snapshots_).exit_code, 0);
  }

  std::string data_;
  const std::string snapshots_ = FreshPath("snapshots");
  const std::string policy_ = WriteScratch(
      "policy.textproto", "pins { name: 'top' item_id: 't31' position: 1 }\n");
};

TEST_F(BuildFrom, TakesAnotherPolicyAndLinksEverythingElse) {
  const Result built =
      Marquee("build --from " + snapshots_ + "/1 --policy " + policy_);
  ASSERT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output, AllOf(HasSubstr("version   2, from version 1"),
                                  HasSubstr("rules     1")));
  for (const char* const section : {"/catalog", "/users", "/item_vectors"}) {
    EXPECT_EQ(Inode(snapshots_ + "/1" + section),
              Inode(snapshots_ + "/2" + section));
  }
  EXPECT_NE(Inode(snapshots_ + "/1/policy"), Inode(snapshots_ + "/2/policy"));
  const Result verified = Marquee("verify --allow-empty " + snapshots_);
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  EXPECT_THAT(
      Marquee("recommend --snapshot " + snapshots_ + "/2 --user u1").output,
      HasSubstr("pinned"));
  // Of a version that has sections of another one, and when that is gone.
  ASSERT_EQ(Marquee("build --from 2 --out " + snapshots_ + " --policy " +
                    WriteScratch("none", "# none\n"))
                .exit_code,
            0);
  fs::remove_all(snapshots_ + "/1");
  fs::remove_all(snapshots_ + "/2");
  EXPECT_EQ(Marquee("verify --allow-empty " + snapshots_).exit_code, 0);
}

TEST_F(BuildFrom, WhatCouldNotBePublishedIsKeptAndPublishedLater) {
  const std::string lock = snapshots_ + "/versions.lock";
  fs::remove(lock);
  fs::create_directories(lock + "/in the way");
  const Result failed =
      Marquee("build --from " + snapshots_ + "/1 --policy " + policy_);
  EXPECT_EQ(failed.exit_code, 1);
  std::string kept;
  for (const auto& entry : fs::directory_iterator(snapshots_)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("unpublished-", 0) == 0) kept = entry.path().string();
  }
  ASSERT_NE(kept, "");
  EXPECT_THAT(failed.output,
              AllOf(HasSubstr("versions.lock"),
                    HasSubstr("`marquee build --from " + kept + "`")));
  fs::remove_all(lock);
  // It is whole: as it would have been published.
  EXPECT_THAT(Marquee("verify --allow-empty " + kept).output,
              AllOf(HasSubstr("golden requests answered as stored"),
                    Not(HasSubstr(" 0 golden"))));
  EXPECT_EQ(
      fs::status(kept + "/catalog").permissions() & fs::perms::owner_write,
      fs::perms::none);
  const Result built = Marquee("build --from " + kept);
  ASSERT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output,
              AllOf(HasSubstr("version   2"), HasSubstr("rules     1")));
  fs::remove_all(kept);
  EXPECT_EQ(Marquee("verify --allow-empty " + snapshots_).exit_code, 0);
}

// By whatever name it is called.
TEST_F(BuildFrom, WithoutAnythingNewItIsRefused) {
  fs::create_directory_symlink("1", snapshots_ + "/latest");
  fs::copy(snapshots_ + "/1", snapshots_ + "/copy");
  for (const char* const name : {"", "/1", "/1/", "/latest", "/copy"}) {
    const Result built = Marquee("build --from " + snapshots_ + name);
    EXPECT_EQ(built.exit_code, 2) << name << built.output;
    EXPECT_THAT(built.output, HasSubstr("needs --policy, --ranker or both"));
  }
  EXPECT_FALSE(fs::exists(snapshots_ + "/2"));
}

// What was rolled back does not come back as the newest.
TEST_F(BuildFrom, ADirectoryMeansTheNewestVersionThatIsNotBlocked) {
  ASSERT_EQ(BuildSmall(data_, snapshots_).exit_code, 0);
  const std::string versions = "versions " + snapshots_ + " ";
  ASSERT_EQ(Marquee(versions + "block 2 --by ann --why bad").exit_code, 0);
  const std::string from = "build --policy " + policy_ + " --from ";
  ASSERT_EQ(Marquee(from + snapshots_).exit_code, 0);
  EXPECT_EQ(Inode(snapshots_ + "/3/catalog"), Inode(snapshots_ + "/1/catalog"));
  // A rule that is named is meant: its rules may have been what was bad.
  ASSERT_EQ(Marquee(from + snapshots_ + "/2").exit_code, 0);
  EXPECT_EQ(Inode(snapshots_ + "/4/catalog"), Inode(snapshots_ + "/2/catalog"));
  for (const char* const version : {"1", "3", "4"}) {
    ASSERT_EQ(Marquee(versions + "block " + version + " --by ann --why bad")
                  .exit_code,
              0);
  }
  const Result none = Marquee(from + snapshots_);
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.output, HasSubstr("every version is blocked"));
  EXPECT_EQ(Marquee("verify --allow-empty " + snapshots_).exit_code, 0);
}

TEST_F(BuildFrom, AFaultOfTheOtherVersionIsNamedThere) {
  const std::string catalog = snapshots_ + "/1/catalog";
  fs::permissions(catalog, fs::perms::owner_write, fs::perm_options::add);
  fs::resize_file(catalog, fs::file_size(catalog) / 2);
  const Result built =
      Marquee("build --from " + snapshots_ + "/1 --policy " + policy_);
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output,
              AllOf(HasSubstr(catalog + ":"), Not(HasSubstr(".building-"))));
}

// As after an upgrade, with features of another program.
TEST_F(BuildFrom, AFactOfTheOtherVersionIsNamedThere) {
  const std::string from = snapshots_ + "/1";
  auto manifest = *ReadManifest(from);
  manifest.set_items(manifest.items() + 1);
  fs::remove(from + "/manifest");
  ASSERT_TRUE(WriteManifest(manifest, from).ok());
  const Result built = Marquee("build --from " + from + " --policy " + policy_);
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output, AllOf(HasSubstr(from + "/manifest: items is "),
                                  Not(HasSubstr(".building-"))));
}

// A file that is new has no namesake that could be at fault.
TEST_F(BuildFrom, AFileThatCanNotBeWrittenIsTheNewOne) {
  // The policy has fewer bytes, the manifest more.
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 700;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const Result built =
      Marquee("build --from " + snapshots_ + "/1 --policy " + policy_);
  ::signal(SIGXFSZ, handler);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output,
              AllOf(HasSubstr("too large"), HasSubstr(".building-"),
                    Not(HasSubstr(snapshots_ + "/1/"))));
}

TEST_F(BuildFrom, ALedgerThatCanNotBeReadIsAFaultBeforeTheWork) {
  std::ofstream(snapshots_ + "/versions") << "blocked {";
  const Result failed =
      Marquee("build --from " + snapshots_ + "/1 --policy " + policy_);
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.output, AllOf(HasSubstr(snapshots_ + "/versions:1:"),
                                   Not(HasSubstr("unpublished"))));
}

TEST_F(BuildFrom, FaultsOfThePolicyAreNamedAndNothingIsLeft) {
  const std::string bad = WriteScratch(
      "bad.textproto", "\npins { name: 'p' item_id: 'x' position: 1 }");
  const Result built =
      Marquee("build --from " + snapshots_ + "/1 --policy " + bad);
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output, HasSubstr(bad + ":2: pins 'p'"));
  EXPECT_FALSE(fs::exists(snapshots_ + "/2"));
  EXPECT_EQ(Marquee("verify --allow-empty " + snapshots_ + "/1").exit_code, 0);
}

TEST_F(BuildFrom, OptionsThatDoNotFitAreRefused) {
  const std::string from = "build --from " + snapshots_ + "/1 ";
  for (const std::string& options :
       {std::string(), "--policy " + policy_ + " --data " + data_,
        "--policy " + policy_ + " --graph",
        "--policy " + policy_ + " --recall 0.5",
        "--policy " + policy_ + " --links 8",
        "--policy " + policy_ + " --build-width 77",
        "--policy " + policy_ + " --until 2026-01-01"}) {
    const Result built = Marquee(from + options);
    EXPECT_EQ(built.exit_code, 2) << built.output;
    EXPECT_THAT(built.output, HasSubstr("--from"));
  }
  const Result nothing = Marquee("build --out " + snapshots_);
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_THAT(nothing.output, HasSubstr("--data is required, or --from"));
  EXPECT_EQ(Marquee("build --from " + snapshots_ + "/77 --policy " + policy_)
                .exit_code,
            1);
}

std::string ReadWhole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_F(BuildFrom, RulesThatHideEverythingAreRefusedByName) {
  const std::string only =
      WriteScratch("only.textproto",
                   "blocks { name: 'one' match { item_ids: 't23' } only: true "
                   "}\n"
                   "blocks { name: 'two' match { item_ids: 't31' } only: true "
                   "}\n");
  for (const std::string& sources :
       {"--data " + data_ + " --embeddings " + data_ + " --out " + snapshots_,
        "--from " + snapshots_ + "/1"}) {
    const Result built = Marquee("build " + sources + " --policy " + only);
    EXPECT_EQ(built.exit_code, 1);
    EXPECT_THAT(built.output,
                AllOf(HasSubstr("can be shown anything now: blocks 'one' "
                                "(line 1) and 'two' (line 2) together hide"),
                      HasSubstr("--allow-empty")));
  }
  EXPECT_FALSE(fs::exists(snapshots_ + "/2"));
  const Result insisted = Marquee("build --allow-empty --from " + snapshots_ +
                                  "/1 --policy " + only);
  EXPECT_EQ(insisted.exit_code, 0) << insisted.output;
  EXPECT_THAT(insisted.output, HasSubstr("warning: no user in "));
  const Result verified = Marquee("verify " + snapshots_ + "/2");
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.output, HasSubstr("'one' (line 1)"));
  EXPECT_EQ(Marquee("verify --allow-empty " + snapshots_ + "/2").exit_code, 0);
}

TEST_F(BuildFrom, ALicenceExportWithoutAValidWindowIsRefused) {
  const std::string path = data_ + "/items.jsonl";
  std::ostringstream ended;
  std::ifstream lines(path);
  for (std::string line; std::getline(lines, line);) {
    const size_t licences = line.find(", \"licences\"");
    ASSERT_TRUE(line.ends_with("}")) << line;
    if (licences != std::string::npos) continue;
    const size_t at = line.find("\"licences\"");
    if (at != std::string::npos) {
      line.erase(at, line.find(']', at) + 1 - at);
      line = absl::StrReplaceAll(line, {{",,", ","}, {",}", "}"}});
    }
    line.insert(line.size() - 1,
                ",\"licences\":[{\"country\":\"*\",\"end\":\"2020-01-01T00:00:"
                "00Z\"}]");
    ended << line << "\n";
  }
  std::ofstream(path) << ended.str();
  const Result built = BuildSmall(data_, snapshots_);
  EXPECT_EQ(built.exit_code, 1) << built.output << ReadWhole(path);
  EXPECT_THAT(built.output, HasSubstr("no item is licensed there then"));
  const Result before = BuildSmall(data_, snapshots_, "--now 2019-12-25");
  EXPECT_EQ(before.exit_code, 1);
  EXPECT_THAT(before.output,
              HasSubstr("anything from 2020-01-01T00:00:00Z on"));
  // Golden requests may be of a better day; users see it today.
  const Result long_ago = BuildSmall(data_, snapshots_, "--now 2019-12-01");
  EXPECT_EQ(long_ago.exit_code, 1);
  EXPECT_THAT(long_ago.output, HasSubstr("no item is licensed there then"));
  EXPECT_EQ(
      BuildSmall(data_, snapshots_, "--now 2019-12-01 --allow-empty").exit_code,
      0);
}

}  // namespace
}  // namespace marquee
