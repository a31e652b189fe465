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

constexpr size_t kItems = 10;

// Items (1, 0) to (10, 0), and users (1, 0), (-1, 0), (1, 0), (0, 1). Of so
// few, each is a stranger twice to each, and to itself.
class OwnItemsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<float> items;
    std::string ids;
    for (size_t i = 1; i <= kItems; ++i) {
      items.insert(items.end(), {static_cast<float>(i), 0});
      ids += "t" + std::to_string(i) + "\n";
    }
    const std::string directory = ScratchPath("vectors");
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    Write(directory + "/item_embeddings.npy", items);
    Write(directory + "/user_embeddings.npy", {1, 0, -1, 0, 1, 0, 0, 1});
    ASSERT_TRUE(WriteFileAtomically(directory + "/items.txt", ids).ok());
    ASSERT_TRUE(
        WriteFileAtomically(directory + "/users.txt", "a\nb\nc\nd\n").ok());
    set_ = *ReadEmbeddings(directory);
    auto out = *ArrayFileWriter::CreateInMemory();
    ASSERT_TRUE(WriteItemVectors(items, 2, nullptr, *out).ok());
    file_ = *out->FinishInMemory();
    items_ = *ItemVectors::Open(*file_);
  }

  // Of users who like these items each, by row.
  OwnItems Place(const std::vector<std::vector<uint32_t>>& likes) const {
    return PlaceOwnItems(set_.users, *items_, [&](uint32_t user) {
      std::vector<ItemRow> rows;
      for (const uint32_t row : likes[user]) rows.push_back(ItemRow{row});
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
  std::unique_ptr<const ItemVectors> items_;
};

TEST_F(OwnItemsTest, AreComparedWithTheOthersByOwnVectorsAndByStrangers) {
  const OwnItems own = Place({{9}, {0}, {9, 9}, {5}});
  EXPECT_EQ(own.users, 4);
  // By the last vector all items are level.
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

TEST_F(OwnItemsTest, AreNotAmongTheOthersInWhateverOrder) {
  EXPECT_NEAR(Place({{9, 3, 0}, {}, {}, {}}).place, (1 + 2.0 / 7 + 0) / 3,
              1e-12);
  EXPECT_EQ(Place({{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {}, {}, {}}).users, 0)
      << "there are no others";
}

TEST_F(OwnItemsTest, OfManySomeAreLookedAt) {
  std::vector<uint32_t> likes;
  for (int i = 0; i < 4; ++i) likes.insert(likes.end(), {9, 0, 5, 0});
  EXPECT_NEAR(Place({likes, {}, {}, {}}).place, (1 + 4.0 / 7) / 2, 1e-12);
}

TEST_F(OwnItemsTest, AreThoseWithAVector) {
  const OwnItems some = Place({{}, {0, kItems}, {kItems}, {}});
  EXPECT_EQ(some.users, 1);
  EXPECT_DOUBLE_EQ(some.place, 1);
  EXPECT_EQ(Place({{}, {}, {}, {}}).users, 0);
}

TEST(TellOwnItems, SaysWhereOwnVectorsAreNoBetterThanStrangers) {
  const auto tell = [](size_t users, double own, double error) {
    return TellOwnItems({.users = users,
                         .place = own,
                         .stranger_place = 0.5,
                         .standard_error = error},
                        "d");
  };
  EXPECT_EQ(tell(400, 0.525, 0.01), "");
  EXPECT_EQ(tell(99, 0.5, 0.01), "");
  EXPECT_EQ(TellOwnItems({}, "d"), "");
  EXPECT_EQ(tell(400, 0.5, 0),
            "d: by these vectors the order of items is the same for all users "
            "(400 users)");
  EXPECT_THAT(tell(400, 0.2, 0.01), HasSubstr("d: the items")) << "flipped";
  EXPECT_THAT(tell(400, 0.2, 0), HasSubstr("d: the items"));
  EXPECT_THAT(
      tell(100, 0.515, 0.01),
      HasSubstr("d: the items that users like rank above 52 % of "
                "the other items by their own vectors, and above 50 % by "
                "those of strangers (100 users): are users.txt"));
  EXPECT_THAT(
      TellOwnItems({.users = 100,
                    .place = 0.999,
                    .stranger_place = 1,
                    .standard_error = 1},
                   "d"),
      HasSubstr("above 100 % of the other items by their own vectors, and "
                "above 100 %"));
}

}  // namespace
}  // namespace marquee
