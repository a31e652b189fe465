#include "offline/data/vector_doubts.h"

#include <cmath>
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

// Of a title in the middle, those of the first person are below, and those of
// the second above.
TEST_F(OwnTitlesTest, AreComparedWithTheOthersByOwnVectorsAndByStrangers) {
  const OwnTitles top = Place({{9}, {0}, {9, 9}});
  EXPECT_EQ(top.people, 3);
  EXPECT_DOUBLE_EQ(top.place, 1);
  // The stranger of the first is the second, and so on around.
  EXPECT_NEAR(top.stranger_place, 1 / 3.0, 1e-12);
  EXPECT_NEAR(top.standard_error, std::sqrt(2 / 27.0), 1e-12);
  EXPECT_DOUBLE_EQ(Place({{0}, {9}, {0}}).place, 0);
  const OwnTitles mixed = Place({{9}, {9}, {4}});
  EXPECT_NEAR(mixed.place, (1 + 0 + 4.0 / 9) / 3, 1e-12);
  EXPECT_NEAR(mixed.stranger_place, (0 + 1 + 4.0 / 9) / 3, 1e-12);
}

TEST_F(OwnTitlesTest, AreNotAmongTheOthers) {
  EXPECT_DOUBLE_EQ(
      Place({{3, 4, 5, 6, 7, 8, 9}, {0, 1, 2, 3, 4, 5, 6}, {9}}).place, 1);
  EXPECT_EQ(Place({{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {}, {}}).people, 0)
      << "there are no others";
}

TEST_F(OwnTitlesTest, AreThoseWithAVector) {
  const OwnTitles some = Place({{}, {0, kTitles}, {kTitles}});
  EXPECT_EQ(some.people, 1);
  EXPECT_DOUBLE_EQ(some.place, 1);
  EXPECT_EQ(Place({{}, {}, {}}).people, 0);
}

TEST(TellOwnTitles, SaysWhereOwnVectorsAreNoBetterThanStrangers) {
  const auto tell = [](size_t people, double own, double error) {
    return TellOwnTitles({.people = people,
                          .place = own,
                          .stranger_place = 0.5,
                          .standard_error = error},
                         "d");
  };
  EXPECT_EQ(tell(400, 0.54, 0.01), "");
  EXPECT_EQ(tell(29, 0.5, 0.01), "");
  EXPECT_EQ(TellOwnTitles({}, "d"), "");
  EXPECT_THAT(tell(400, 0.5, 0), HasSubstr("d: the titles")) << "all alike";
  EXPECT_THAT(tell(400, 0.2, 0.01), HasSubstr("d: the titles")) << "flipped";
  EXPECT_THAT(tell(30, 0.525, 0.01),
              HasSubstr("d: the titles that people like stand above 52 % of "
                        "the others by their own vectors, and above 50 % by "
                        "those of strangers (30 people): are users.txt"));
}

}  // namespace
}  // namespace marquee
