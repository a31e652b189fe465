// A damaged version is refused with the name of the damaged file, or gives the
// same answers.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/snapshot/manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"
#include "tests/files/scratch.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class Damage : public ::testing::Test {
 protected:
  void SetUp() override {
    version_ = BuildTiny(TinyWorld(), ScratchPath("world"));
    ASSERT_TRUE(LoadAndProve(version_).ok()) << LoadAndProve(version_);
    files_.assign(std::begin(kSections), std::end(kSections));
    files_.push_back(kManifestName);
    for (const std::string& file : files_) {
      fs::permissions(version_ + "/" + file, fs::perms::owner_write,
                      fs::perm_options::add);
    }
  }

  // Whether the version is refused by the name of the file, or harmless.
  void ExpectRefusedOrHarmless(const std::string& file,
                               const std::string& how) {
    const absl::Status status = LoadAndProve(version_);
    if (status.ok()) {
      ++harmless_;
      return;
    }
    ASSERT_THAT(std::string(status.message()), HasSubstr("/" + file)) << how;
  }

  std::string version_;
  std::vector<std::string> files_;
  int harmless_ = 0;
};

TEST_F(Damage, EveryByteOfEveryFile) {
  size_t bytes_tried = 0;
  for (const std::string& file : files_) {
    const std::string path = version_ + "/" + file;
    const std::string good = ReadBytes(path);
    for (size_t i = 0; i < good.size(); ++i) {
      // One bit of a section's byte, every bit in turn; the manifest is text,
      // where each flip means something else.
      std::vector<int> masks = {1 << (i % 8)};
      if (file == kManifestName) masks = {0x01, 0x02, 0x10, 0x20, 0x80, 0xFF};
      for (const int mask : masks) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ mask);
        WriteBytes(path, bad);
        ASSERT_NO_FATAL_FAILURE(ExpectRefusedOrHarmless(
            file, absl::StrCat("byte ", i, " of ", file, ", mask ", mask)));
        ++bytes_tried;
      }
    }
    WriteBytes(path, good);
  }
  EXPECT_TRUE(LoadAndProve(version_).ok());
  std::printf("%zu flips, %d of them harmless\n", bytes_tried, harmless_);
  // Everything is under a checksum.
  EXPECT_EQ(harmless_, 0);
}

// What is copied is checked as what is mapped.
TEST_F(Damage, SectionsThatAreCopied) {
  const SnapshotOptions options{.hot_sections = Placement::kHugePages};
  for (const absl::string_view file : kHotSections) {
    const std::string path = absl::StrCat(version_, "/", file);
    const std::string good = ReadBytes(path);
    for (size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
      WriteBytes(path, bad);
      const absl::Status status = LoadAndProve(version_, options);
      ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << "byte " << i;
      ASSERT_THAT(std::string(status.message()),
                  HasSubstr(absl::StrCat("/", file)));
    }
    WriteBytes(path, good);
  }
  EXPECT_TRUE(LoadAndProve(version_, options).ok());
}

TEST_F(Damage, EveryLengthOfEveryFile) {
  for (const std::string& file : files_) {
    const std::string path = version_ + "/" + file;
    const std::string good = ReadBytes(path);
    for (size_t length = 0; length < good.size();
         length += length < 200 || good.size() - length < 200 ? 1 : 61) {
      fs::resize_file(path, length);
      const absl::Status status = LoadAndProve(version_);
      ASSERT_FALSE(status.ok()) << file << " cut to " << length;
      ASSERT_THAT(std::string(status.message()), HasSubstr("/" + file));
      WriteBytes(path, good);
    }
    WriteBytes(path, good + std::string(64, '\0'));
    EXPECT_FALSE(LoadAndProve(version_).ok()) << file << " with more behind";
    WriteBytes(path, good);
  }
  EXPECT_TRUE(LoadAndProve(version_).ok());
}

TEST_F(Damage, EveryMissingFile) {
  for (const std::string& file : files_) {
    const std::string path = version_ + "/" + file;
    fs::rename(path, path + ".away");
    const absl::Status status = LoadAndProve(version_);
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
    fs::rename(path + ".away", path);
  }
}

TEST_F(Damage, SectionsOfAnotherSnapshotOfTheSameData) {
  const std::string other = BuildTiny(TinyWorld(), ScratchPath("other"));
  for (const char* const file : kSections) {
    const std::string path = absl::StrCat(version_, "/", file);
    const std::string good = ReadBytes(path);
    WriteBytes(path, ReadBytes(absl::StrCat(other, "/", file)));
    const absl::Status status = LoadAndProve(version_);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(absl::StrCat("/", file)));
    WriteBytes(path, good);
  }
}

TEST_F(Damage, OneSectionUnderTheNameOfAnother) {
  const std::string path = version_ + "/users";
  WriteBytes(path, ReadBytes(version_ + "/catalog"));
  EXPECT_THAT(std::string(LoadAndProve(version_).message()),
              HasSubstr("/users"));
}

// The manifest is edited and its checksum made right.
TEST_F(Damage, AManifestThatLies) {
  const auto manifest = ReadManifest(version_);
  ASSERT_TRUE(manifest.ok());
  const auto expect_refused = [&](config::Manifest edited,
                                  const std::string& what) {
    ASSERT_TRUE(WriteManifest(edited, version_).ok());
    const absl::Status status = LoadAndProve(version_);
    ASSERT_FALSE(status.ok()) << what;
    EXPECT_THAT(std::string(status.message()), HasSubstr(what));
  };
  config::Manifest edited = *manifest;
  edited.set_format(kSnapshotFormat + 1);
  expect_refused(edited,
                 absl::StrCat("this program reads format ", kSnapshotFormat));
  edited = *manifest;
  edited.set_items(5);
  expect_refused(edited, "items is 5, the sections have 4");
  edited = *manifest;
  edited.set_dimension(3);
  expect_refused(edited, "dimension is 3, the sections have 2");
  edited = *manifest;
  edited.set_feature_schema("0123456789abcdef");
  expect_refused(edited, "build the snapshot again");
  edited = *manifest;
  edited.mutable_sections(2)->set_digest("00");
  expect_refused(edited, "popularity: is not the section");
  edited = *manifest;
  edited.mutable_sections()->RemoveLast();
  expect_refused(edited, "lists 12 sections, not 13");
  edited = *manifest;
  edited.set_identity(manifest->identity() + 1);
  expect_refused(edited, "/catalog");
}

}  // namespace
}  // namespace marquee
