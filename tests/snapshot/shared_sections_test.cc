// A version that another one was made from has its files, by hard links: what
// is loaded of the one serves the other.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"
#include "tests/files/scratch.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SharedSections : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string directory = ScratchPath("world");
    fs::remove_all(directory);
    first_ = BuildTiny(TinyWorld(), directory);
    const std::string policy = directory + "/other_policy";
    std::ofstream(policy) << "caps { name: \"two\" attribute: \"franchise\" "
                             "max: 2 }\n";
    const auto built = BuildSnapshot({.from = first_,
                                      .policy = policy,
                                      .snapshots = directory + "/snapshots",
                                      .now = absl::FromUnixSeconds(kSmallNow),
                                      .allow_empty = true});
    ASSERT_TRUE(built.ok()) << built.status();
    second_ = built->path;
    auto before = Snapshot::Load(first_);
    ASSERT_TRUE(before.ok()) << before.status();
    before_ = *std::move(before);
  }

  // Of item vectors, and of tables.
  bool Shares(const Snapshot& snapshot) const {
    EXPECT_EQ(snapshot.item_vectors().values().data() ==
                  before_->item_vectors().values().data(),
              &snapshot.users() == &before_->users());
    return &snapshot.users() == &before_->users();
  }

  std::string first_, second_;
  std::unique_ptr<const Snapshot> before_;
};

TEST_F(SharedSections, AreTakenFromTheOtherAndOutliveIt) {
  const auto alone = Snapshot::Load(second_);
  ASSERT_TRUE(alone.ok()) << alone.status();
  EXPECT_FALSE(Shares(**alone));
  const auto after = Snapshot::Load(second_, {}, before_.get());
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_TRUE(Shares(**after));
  before_.reset();
  EXPECT_EQ((*after)->digest(), (*alone)->digest());
  EXPECT_EQ((*after)->size_bytes(), (*alone)->size_bytes());
  EXPECT_EQ((*after)->policy().caps[0].name, "two");
  EXPECT_THAT((*after)->item_vectors().values(),
              testing::ElementsAreArray((*alone)->item_vectors().values()));
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  const Pipeline pipeline(**after, {}, clock);
  EXPECT_TRUE(CheckGolden(pipeline, (*after)->manifest()).ok());
}

TEST_F(SharedSections, ACopyHasItsOwn) {
  const std::string copy = ScratchPath("copy/2");
  fs::remove_all(copy);
  fs::create_directories(copy);
  fs::copy(second_, copy, fs::copy_options::recursive);
  const auto after = Snapshot::Load(copy, {}, before_.get());
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_FALSE(Shares(**after));
}

// What was checked is not what lies there now.
TEST_F(SharedSections, AFileThatWasWrittenToIsCheckedAgain) {
  for (const char* const section : {"/users", "/catalog"}) {
    const std::string path = second_ + section;
    const auto written = fs::last_write_time(path);
    fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const char before = static_cast<char>(file.get());
    file.seekp(0).put(static_cast<char>(before ^ 1));
    file.close();
    fs::last_write_time(path, written + std::chrono::seconds(2));
    const auto damaged = Snapshot::Load(second_, {}, before_.get());
    EXPECT_EQ(damaged.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(damaged.status().message(), HasSubstr(path));
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary)
        .put(before);
    fs::last_write_time(path, written);
  }
  EXPECT_TRUE(Snapshot::Load(second_, {}, before_.get()).ok());
}

// The file says whose it is.
TEST_F(SharedSections, UnderAnotherIdentityAreNotTaken) {
  config::Manifest manifest = *ReadManifest(second_);
  config::Manifest::Section& users = *manifest.mutable_sections(6);
  ASSERT_EQ(users.name(), "users");
  users.set_identity(users.identity() + 1);
  ASSERT_TRUE(WriteManifest(manifest, second_).ok());
  const auto other = Snapshot::Load(second_, {}, before_.get());
  EXPECT_EQ(other.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(other.status().message(), HasSubstr(second_ + "/users"));
}

// On however many threads, the first of the sections is the one that is told.
TEST_F(SharedSections, TheFirstDamagedOneIsTold) {
  for (const char* const section : {"/users", "/item_codes", "/policy"}) {
    fs::permissions(second_ + section, fs::perms::owner_write,
                    fs::perm_options::add);
    fs::resize_file(second_ + section, 100);
  }
  for (const size_t threads : {1, 2, 4, 32}) {
    const auto damaged = Snapshot::Load(second_, {.threads = threads});
    EXPECT_EQ(damaged.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(damaged.status().message(), HasSubstr(second_ + "/item_codes"));
  }
}

TEST_F(SharedSections, OfAnotherPlacementAreNotTaken) {
  const SnapshotOptions options{.hot_sections = Placement::kHugePages};
  const auto copied = Snapshot::Load(second_, options, before_.get());
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_FALSE(Shares(**copied));
  const auto sections = (*copied)->MeasureSections();
  ASSERT_TRUE(sections.ok()) << sections.status();
  for (const SectionMemory& section : *sections) {
    if (section.name == "item_vectors") {
      EXPECT_EQ(section.placement, Placement::kHugePages);
    }
  }
  // Its copies serve the next.
  const auto again = Snapshot::Load(first_, options, copied->get());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(&(*again)->users(), &(*copied)->users());
}

}  // namespace
}  // namespace marquee
