#include "offline/build/folded_users.h"

#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "core/base/random.h"
#include "core/users/fold_in.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kItems = 30;
constexpr size_t kDimension = 4;
constexpr AlsParameters kAls{.alpha = 2, .regularization = 0.1f};

class FoldedUsersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Random random(5);
    std::vector<float> values;
    for (size_t i = 0; i < kItems * kDimension; ++i) {
      values.push_back(static_cast<float>(random.Normal()));
    }
    Open(values, &kAls);
  }
  void Open(const std::vector<float>& values, const AlsParameters* als) {
    auto out = *ArrayFileWriter::CreateInMemory();
    ASSERT_TRUE(WriteItemVectors(values, kDimension, als, *out).ok());
    file_ = *out->FinishInMemory();
    items_ = *ItemVectors::Open(*file_);
  }

  std::unique_ptr<const ArrayFile> file_;
  std::unique_ptr<const ItemVectors> items_;
};

// Some 300 users, more than a batch, on any number of threads.
TEST_F(FoldedUsersTest, AreWhereFoldInPlacesThem) {
  Random random(7);
  std::vector<UserLike> likes;
  std::vector<std::vector<FoldInEvent>> events(300);
  for (uint32_t user = 0; user < 300; ++user) {
    for (uint32_t item = user % 3; item < kItems; item += 7) {
      const auto weight = static_cast<float>(1 + item % 4);
      events[user].push_back({ItemRow{item}, weight});
      // In two parts, not side by side.
      likes.push_back({1000 + user, ItemRow{item}, weight - 0.5f});
    }
  }
  for (uint32_t user = 300; user-- > 0;) {
    for (const FoldInEvent& event : events[user]) {
      likes.push_back({1000 + user, event.row, 0.5f});
    }
  }
  for (const size_t threads : {1, 2, 0}) {
    const FoldedUsers folded = FoldInUsers(likes, *items_, threads);
    ASSERT_EQ(folded.users.size(), 300);
    ASSERT_EQ(folded.vectors.size(), 300 * kDimension);
    FoldInScratch scratch;
    std::vector<float> vector(kDimension);
    float largest = 0;
    for (uint32_t user = 0; user < 300; ++user) {
      EXPECT_EQ(folded.users[user], 1000 + user);
      ASSERT_TRUE(FoldIn(*items_, events[user], {}, scratch, vector));
      for (size_t i = 0; i < kDimension; ++i) {
        EXPECT_EQ(folded.vectors[user * kDimension + i], vector[i]);
        largest = std::max(largest, std::abs(vector[i]));
      }
    }
    EXPECT_EQ(folded.largest(), largest);
  }
}

TEST_F(FoldedUsersTest, WhoLikesNothingThatHasAVectorIsLeftOut) {
  const ItemRow without{kItems};
  const FoldedUsers folded = FoldInUsers({{7, without, 1},
                                          {3, ItemRow{0}, 1},
                                          {9, ItemRow{2}, 1},
                                          {9, without, 1}},
                                         *items_, 1);
  EXPECT_THAT(folded.users, ElementsAre(3, 9));
  EXPECT_EQ(folded.vectors.size(), 2 * kDimension);
  const FoldedUsers nobody = FoldInUsers({{7, without, 1}}, *items_, 1);
  EXPECT_THAT(nobody.users, IsEmpty());
  EXPECT_EQ(nobody.largest(), 0);
}

TEST_F(FoldedUsersTest, WhoseVectorCanNotBeHeldIsLeftOut) {
  std::vector<float> values(kItems * kDimension, 1e6f);
  Open(values, nullptr);
  EXPECT_THAT(FoldInUsers({{1, ItemRow{0}, 1}}, *items_, 1).users,
              ElementsAre(1));
  constexpr float kHuge = 3e38f;
  EXPECT_THAT(
      FoldInUsers({{1, ItemRow{0}, kHuge}, {2, ItemRow{0}, 1}}, *items_, 1)
          .users,
      ElementsAre(2));
}

}  // namespace
}  // namespace marquee
