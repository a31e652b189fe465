#include "offline/doubts/vector_doubts.h"

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

constexpr size_t kTitles = 10;

// Titles (1, 0) to (10, 0), and people (1, 0), (-1, 0), (1, 0), (0, 1). Of so
// few, each is a stranger twice to each, and to itself.
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
    Write(directory + "/user_embeddings.npy", {1, 0, -1, 0, 1, 0, 0, 1});
    ASSERT_TRUE(WriteFileAtomically(directory + "/items.txt", ids).ok());
    ASSERT_TRUE(
        WriteFileAtomically(directory + "/users.txt", "a\nb\nc\nd\n").ok());
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

TEST_F(OwnTitlesTest, AreComparedWithTheOthersByOwnVectorsAndByStrangers) {
  const OwnTitles own = Place({{9}, {0}, {9, 9}, {5}});
  EXPECT_EQ(own.people, 4);
  // By the last vector all titles are level.
  const std::vector<double> places = {1, 1, 1, 0.5};
  const double top = (1 + 0 + 1 + 0.5) / 4;
  const double middle = (5.0 / 9 + 4.0 / 9 + 5.0 / 9 + 0.5) / 4;
  const std::vector<double> strangers = {top, 1 - top, top, middle};
  double place = 0, stranger = 0, gain = 0, squares = 0;
  for (size_t i = 0; i < 4; ++i) {
    place += places[i] / 4;
    stranger += strangers[i] / 4;
    gain += (places[i] - strangers[i]) / 4;
    squares += std::pow(places[i] - strangers[i], 2) / 4;
  }
  EXPECT_NEAR(own.place, place, 1e-12);
  EXPECT_NEAR(own.stranger_place, stranger, 1e-12);
  EXPECT_NEAR(own.standard_error, std::sqrt((squares - gain * gain) / 4),
              1e-12);
}

TEST_F(OwnTitlesTest, AreNotAmongTheOthersInWhateverOrder) {
  EXPECT_NEAR(Place({{9, 3, 0}, {}, {}, {}}).place, (1 + 2.0 / 7 + 0) / 3,
              1e-12);
  EXPECT_EQ(Place({{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {}, {}, {}}).people, 0)
      << "there are no others";
}

TEST_F(OwnTitlesTest, OfManySomeAreLookedAt) {
  std::vector<uint32_t> likes;
  for (int i = 0; i < 4; ++i) likes.insert(likes.end(), {9, 0, 5, 0});
  EXPECT_NEAR(Place({likes, {}, {}, {}}).place, (1 + 4.0 / 7) / 2, 1e-12);
}

TEST_F(OwnTitlesTest, AreThoseWithAVector) {
  const OwnTitles some = Place({{}, {0, kTitles}, {kTitles}, {}});
  EXPECT_EQ(some.people, 1);
  EXPECT_DOUBLE_EQ(some.place, 1);
  EXPECT_EQ(Place({{}, {}, {}, {}}).people, 0);
}

TEST(TellOwnTitles, SaysWhereOwnVectorsAreNoBetterThanStrangers) {
  const auto tell = [](size_t people, double own, double error) {
    return TellOwnTitles({.people = people,
                          .place = own,
                          .stranger_place = 0.5,
                          .standard_error = error},
                         "d");
  };
  EXPECT_EQ(tell(400, 0.525, 0.01), "");
  EXPECT_EQ(tell(99, 0.5, 0.01), "");
  EXPECT_EQ(TellOwnTitles({}, "d"), "");
  EXPECT_EQ(tell(400, 0.5, 0),
            "d: by these vectors the order of titles is the same for everybody "
            "(400 people)");
  EXPECT_THAT(tell(400, 0.2, 0.01), HasSubstr("d: the titles")) << "flipped";
  EXPECT_THAT(tell(400, 0.2, 0), HasSubstr("d: the titles"));
  EXPECT_THAT(
      tell(100, 0.515, 0.01),
      HasSubstr("d: the titles that people like rank above 52 % of "
                "the other titles by their own vectors, and above 50 % by "
                "those of strangers (100 people): are users.txt"));
  EXPECT_THAT(
      TellOwnTitles({.people = 100,
                     .place = 0.999,
                     .stranger_place = 1,
                     .standard_error = 1},
                    "d"),
      HasSubstr("above 100 % of the other titles by their own vectors, and "
                "above 100 %"));
}

}  // namespace
}  // namespace marquee
