#include "core/snapshot/snapshot.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/snapshot_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

// Without what an earlier run of the test has left.
std::string FreshPath(absl::string_view name) {
  const std::string path = ScratchPath(name);
  fs::remove_all(path);
  return path;
}

TEST(SnapshotWriter, AFailureRemovesOnlyTheDirectoryThatItMade) {
  const std::string made = FreshPath("made");
  ASSERT_TRUE(SnapshotWriter::Create(made).ok());
  EXPECT_FALSE(fs::exists(made));
  const std::string slash = FreshPath("slash") + "/";
  ASSERT_TRUE(SnapshotWriter::Create(slash).ok());
  EXPECT_FALSE(fs::exists(slash));
  const std::string found = FreshPath("found");
  fs::create_directories(found);
  ASSERT_TRUE(SnapshotWriter::Create(found).ok());
  EXPECT_TRUE(fs::exists(found));
  const std::string shared = FreshPath("shared");
  {
    const auto writer = SnapshotWriter::Create(shared);
    ASSERT_TRUE(writer.ok()) << writer.status();
    std::ofstream(shared + "/another") << "1";
  }
  EXPECT_TRUE(fs::exists(shared + "/another"));
}

TEST(Snapshot, GivesBackWhatWasBuilt) {
  const std::string version = BuildTiny(TinyWorld(), FreshPath("world"));
  const auto loaded = Snapshot::Load(version);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const Snapshot& snapshot = **loaded;
  EXPECT_EQ(snapshot.version(), 1);
  EXPECT_EQ(snapshot.catalog().size(), 4);
  EXPECT_EQ(snapshot.item_vectors().size(), 3);
  EXPECT_EQ(snapshot.item_vectors().dimension(), 2);
  EXPECT_EQ(snapshot.item_vectors().als().alpha, 2);
  EXPECT_EQ(snapshot.users().size(), 2);
  EXPECT_EQ(snapshot.user_vectors().size(), 2);
  ASSERT_NE(snapshot.ranker(), nullptr);
  EXPECT_THAT(snapshot.ranker()->feature_names(),
              ElementsAre("cross.similarity"));
  EXPECT_EQ(snapshot.policy().caps.size(), 1);
  EXPECT_EQ(snapshot.policy().pins.size(), 1);

  const ItemRow c = *snapshot.catalog().Find("c");
  const CountryIndex germany = snapshot.licences().FindCountry("DE");
  const auto now = static_cast<CalendarSecond>(kSmallNow);
  EXPECT_TRUE(snapshot.licences().IsOpen(c, germany, now - 100));
  EXPECT_TRUE(snapshot.licences().IsOpen(c, germany, now + 99));
  EXPECT_FALSE(snapshot.licences().IsOpen(c, germany, now + 100));
  const UserRow v = *snapshot.users().Find("v");
  EXPECT_EQ(snapshot.users().Country(v), "DE");
  EXPECT_EQ(snapshot.users().MaturityLimit(v), 12);
  std::vector<std::string> seen;
  snapshot.users().ForEachSeen(v, [&](const SeenItem& item) {
    seen.emplace_back(std::string(snapshot.catalog().Id(item.row)));
  });
  EXPECT_THAT(seen, ElementsAre("d"));
  std::vector<float> vector(2);
  ASSERT_TRUE(
      snapshot.user_vectors().Read(*snapshot.users().Find("u"), vector));
  EXPECT_THAT(vector, ElementsAre(1, 0.25f));
  EXPECT_EQ(snapshot.popularity().Watches(*snapshot.catalog().Find("b")), 1);

  uint64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(version)) {
    if (entry.path().filename() != kManifestName) bytes += entry.file_size();
  }
  EXPECT_EQ(snapshot.size_bytes(), bytes);
}

TEST(Snapshot, VersionsCountUpAndDigestsTellContentsApart) {
  SmallWorld world = TinyWorld();
  const std::string first = BuildTiny(world, FreshPath("world"));
  world.items[1].title = "Another title";
  const std::string second = BuildTiny(world, ScratchPath("world"));
  EXPECT_THAT(*ListVersions(ScratchPath("world/snapshots")), ElementsAre(2, 1));
  EXPECT_EQ(*ResolveVersion(ScratchPath("world/snapshots")), second);
  EXPECT_EQ(*ResolveVersion(first), first);
  EXPECT_NE((*Snapshot::Load(first))->digest(),
            (*Snapshot::Load(second))->digest());
}

TEST(Snapshot, HotSectionsAreCopiedWhenAskedTo) {
  const std::string version = BuildTiny(TinyWorld(), FreshPath("world"));
  const auto mapped = Snapshot::Load(version);
  const auto copied =
      Snapshot::Load(version, {.hot_sections = Placement::kHugePages});
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_EQ((*copied)->digest(), (*mapped)->digest());
  EXPECT_THAT((*copied)->item_vectors().values(),
              ElementsAreArray((*mapped)->item_vectors().values()));
  const auto proved =
      LoadAndProve(version, {.hot_sections = Placement::kHugePages});
  EXPECT_TRUE(proved.ok()) << proved;
  for (const absl::string_view hot : kHotSections) {
    EXPECT_THAT(kSections, Contains(hot));
  }
  const auto of_mapped = (*mapped)->MeasureSections();
  const auto of_copied = (*copied)->MeasureSections();
  ASSERT_TRUE(of_mapped.ok()) << of_mapped.status();
  ASSERT_TRUE(of_copied.ok()) << of_copied.status();
  for (const SectionMemory& section : *of_mapped) {
    EXPECT_EQ(section.placement, Placement::kMapped) << section.name;
  }
  for (const SectionMemory& section : *of_copied) {
    const bool hot = std::count(std::begin(kHotSections),
                                std::end(kHotSections), section.name) > 0;
    EXPECT_EQ(section.placement,
              hot ? Placement::kHugePages : Placement::kMapped)
        << section.name;
  }
}

TEST(Snapshot, SaysHowMuchOfEachSectionIsInMemory) {
  const std::string version = BuildTiny(TinyWorld(), FreshPath("world"));
  for (const Placement placement :
       {Placement::kMapped, Placement::kHugePages}) {
    const auto snapshot = Snapshot::Load(version, {.hot_sections = placement});
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    const auto measured = (*snapshot)->MeasureSections();
    ASSERT_TRUE(measured.ok()) << measured.status();
    const std::vector<SectionMemory>& sections = *measured;
    ASSERT_EQ(sections.size(), std::size(kSections));
    for (size_t i = 0; i < sections.size(); ++i) {
      SCOPED_TRACE(std::string(sections[i].name));
      EXPECT_EQ(sections[i].name, kSections[i]);
      EXPECT_EQ(sections[i].bytes,
                fs::file_size(absl::StrCat(version, "/", kSections[i])));
      // Loading has read every byte.
      const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
      EXPECT_EQ(sections[i].residency.resident_bytes,
                (sections[i].bytes + page - 1) / page * page);
      EXPECT_LE(sections[i].residency.huge_page_bytes,
                sections[i].residency.resident_bytes);
    }
  }
}

TEST(Snapshot, ADirectoryThatIsNoVersionIsNotFound) {
  fs::create_directories(ScratchPath("empty"));
  EXPECT_EQ(Snapshot::Load(ScratchPath("empty")).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Snapshot::Load(ScratchPath("nowhere")).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_THAT(ResolveVersion(ScratchPath("empty")).status().message(),
              HasSubstr("is not a snapshot and holds none"));
  EXPECT_EQ(ListVersions(ScratchPath("nowhere")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(Snapshot, OnlyPlainNumbersAreVersions) {
  const std::string directory = FreshPath("versions");
  for (const char* const name :
       {"1", "12", "3", "007", "+4", "-5", "0", "v6", "7.old", " 8", "9 ",
        ".building-77", "latest", "18446744073709551616"}) {
    fs::create_directories(directory + "/" + name);
  }
  std::ofstream(directory + "/99") << "a file";
  EXPECT_THAT(*ListVersions(directory), ElementsAre(12, 3, 1));
}

TEST(SnapshotWriter, WhatWasNotPublishedIsGone) {
  const std::string directory = FreshPath("versions");
  std::string path;
  {
    const auto writer = SnapshotWriter::Create(directory);
    ASSERT_TRUE(writer.ok()) << writer.status();
    path = (*writer)->path();
    EXPECT_TRUE(fs::exists(path));
    EXPECT_THAT(*ListVersions(directory), ElementsAre());
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(SnapshotWriter, BuildsSideBySideEachTakeTheNextNumber) {
  const std::string directory = FreshPath("versions");
  const auto first = SnapshotWriter::Create(directory);
  const auto second = SnapshotWriter::Create(directory);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(*(*second)->Publish(), 1);
  fs::create_directories(directory + "/2");
  EXPECT_EQ(*(*first)->Publish(), 3);
  EXPECT_EQ(ReadManifest(directory + "/1")->version(), 1);
  EXPECT_EQ(ReadManifest(directory + "/3")->version(), 3);
  EXPECT_TRUE(fs::is_empty(directory + "/2"));
}

// None takes the directory of another for one that was left behind.
TEST(SnapshotWriter, ManyBuildsMayBeginAtOnce) {
  const std::string directory = FreshPath("at_once");
  fs::create_directories(directory);
  std::atomic<int> failed = 0;
  std::vector<std::thread> builds;
  for (int i = 0; i < 4; ++i) {
    builds.emplace_back([&] {
      for (int build = 0; build < 300; ++build) {
        const auto writer = SnapshotWriter::Create(directory);
        failed += !writer.ok() || !(*writer)->WriteManifest().ok();
      }
    });
  }
  for (std::thread& build : builds) build.join();
  EXPECT_EQ(failed, 0);
}

TEST(SnapshotWriter, ANumberIsNeverGivenAgain) {
  const SmallWorld world = TinyWorld();
  const std::string first = BuildTiny(world, FreshPath("world"));
  fs::remove_all(BuildTiny(world, ScratchPath("world")));
  EXPECT_EQ(BuildTiny(world, ScratchPath("world")),
            ScratchPath("world/snapshots/3"));
  fs::remove_all(first);
  EXPECT_EQ((*Snapshot::Load(ScratchPath("world/snapshots/3")))->version(), 3);
}

TEST(SnapshotWriter, PublishedFilesAreReadOnly) {
  const std::string version = BuildTiny(TinyWorld(), FreshPath("world"));
  for (const auto& entry : fs::directory_iterator(version)) {
    EXPECT_EQ(entry.status().permissions(), fs::perms(0444)) << entry.path();
  }
  EXPECT_EQ(fs::status(version).permissions(), fs::perms(0755));
}

TEST(BuildSnapshot, AFaultyPolicyOrModelLeavesNoVersionAndNamesTheFile) {
  SmallWorld world = TinyWorld();
  world.policy = "caps { name: \"x\" attribute: \"nothing\" max: 1 }";
  world.Write(FreshPath("world"));
  BuildOptions options = world.OptionsFor(ScratchPath("world"));
  auto built = BuildSnapshot(options);
  ASSERT_FALSE(built.ok());
  EXPECT_THAT(std::string(built.status().message()),
              HasSubstr(options.policy + ":1"));
  EXPECT_FALSE(fs::exists(options.snapshots));

  world = TinyWorld();
  world.ranker = "tree\nversion=v3\n";
  world.Write(ScratchPath("world"));
  built = BuildSnapshot(world.OptionsFor(ScratchPath("world")));
  ASSERT_FALSE(built.ok());
  EXPECT_THAT(std::string(built.status().message()), HasSubstr(options.ranker));
  EXPECT_FALSE(fs::exists(options.snapshots));
}

}  // namespace
}  // namespace marquee
