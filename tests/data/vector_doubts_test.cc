#include "offline/data/vector_doubts.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/data/scratch.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

constexpr size_t kTitles = 10;

// Titles (1, 0) to (10, 0), and people (1, 0), (-1, 0), (1, 0).
class OwnTitlesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<float> titles;
    std::string ids;
    for (size_t i = 1; i <= kTitles; ++i) {
      titles.insert(titles.end(), {static_cast<float>(i), 0});
      ids += "t" + std::to_string(i) + "\n";
    }
    const std::string directory = ScratchPath("vectors");
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    Write(directory + "/item_embeddings.npy", titles);
    Write(directory + "/user_embeddings.npy", {1, 0, -1, 0, 1, 0});
    ASSERT_TRUE(WriteFileAtomically(directory + "/items.txt", ids).ok());
    ASSERT_TRUE(
        WriteFileAtomically(directory + "/users.txt", "a\nb\nc\n").ok());
    set_ = *ReadEmbeddings(directory);
    auto out = *ArrayFileWriter::CreateInMemory();
    ASSERT_TRUE(WriteItemVectors(titles, 2, nullptr, *out).ok());
    file_ = *out->FinishInMemory();
    titles_ = *ItemVectors::Open(*file_);
  }

  // Of people who like these titles each, by row.
  OwnTitles Place(const std::vector<std::vector<uint32_t>>& likes) const {
    return PlaceOwnTitles(set_.users, *titles_, [&](uint32_t person) {
      std::vector<ItemRow> rows;
      for (const uint32_t row : likes[person]) rows.push_back(ItemRow{row});
      return rows;
    });
  }

 private:
  static void Write(const std::string& path, const std::vector<float>& values) {
    const auto writer = *NpyWriter::Create(path, 2, NpyType::kFloat32);
    writer->Append(values);
    ASSERT_TRUE(PublishAll({writer->Finish()}).ok());
  }

  EmbeddingSet set_;
  std::unique_ptr<const ArrayFile> file_;
  std::unique_ptr<const ItemVectors> titles_;
};

TEST_F(OwnTitlesTest, StandAboveTheOthersWhereVectorsFit) {
  const OwnTitles top = Place({{9}, {0}, {9, 9}});
  EXPECT_EQ(top.people, 3);
  EXPECT_DOUBLE_EQ(top.place, 0.95) << "a title is level with itself";
  EXPECT_DOUBLE_EQ(Place({{0}, {9}, {0}}).place, 0.05);
  EXPECT_DOUBLE_EQ(Place({{4, 5}, {4, 5}, {4, 5}}).place, 0.5);
}

TEST_F(OwnTitlesTest, AreThoseWithAVector) {
  const OwnTitles some = Place({{}, {0, kTitles}, {kTitles}});
  EXPECT_EQ(some.people, 1);
  EXPECT_DOUBLE_EQ(some.place, 0.95);
  EXPECT_EQ(Place({{}, {}, {}}).people, 0);
}

TEST(TellOwnTitles, SaysWhatIsHardlyBetterThanChance) {
  EXPECT_EQ(TellOwnTitles({.people = 400, .place = 0.6}, "d"), "");
  EXPECT_EQ(TellOwnTitles({.people = 29, .place = 0.5}, "d"), "");
  EXPECT_EQ(TellOwnTitles({}, "d"), "");
  EXPECT_THAT(TellOwnTitles({.people = 30, .place = 0.594}, "d"),
              HasSubstr("d: by these vectors the titles that people like stand "
                        "above 59 % of the others, where chance is 50 % (30 "
                        "people)"));
}

}  // namespace
}  // namespace marquee
