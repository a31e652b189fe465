#include "core/users/fold_in.h"

#include <Eigen/Dense>
#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/train/als_row.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::Pointwise;

constexpr size_t kItems = 40;
constexpr size_t kDimension = 8;
constexpr AlsParameters kAls{.alpha = 3, .regularization = 0.5f};

class FoldInTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Random random(11);
    for (size_t i = 0; i < kItems * kDimension; ++i)
      values_.push_back(static_cast<float>(random.Normal()));
  }
  std::unique_ptr<const ItemVectors> Vectors(const AlsParameters* als) {
    auto out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(WriteItemVectors(values_, kDimension, als, *out).ok());
    file_ = *out->FinishInMemory();
    return *ItemVectors::Open(*file_);
  }
  Eigen::VectorXd Item(ItemRow row) const {
    return Eigen::Map<const Eigen::VectorXf>(
               values_.data() + Index(row) * kDimension, kDimension)
        .cast<double>();
  }
  // YᵀY + λI.
  Eigen::MatrixXd Gram() const {
    Eigen::MatrixXd gram =
        als_.regularization * Eigen::MatrixXd::Identity(kDimension, kDimension);
    for (uint32_t i = 0; i < kItems; ++i)
      gram += Item(ItemRow{i}) * Item(ItemRow{i}).transpose();
    return gram;
  }
  // The equation of the header, term by term.
  std::vector<float> Naive(const std::vector<FoldInEvent>& events,
                           const std::vector<float>& prior) const {
    Eigen::MatrixXd left = Gram();
    Eigen::VectorXd right = Eigen::VectorXd::Zero(kDimension);
    if (!prior.empty()) {
      right = left * Eigen::Map<const Eigen::VectorXf>(prior.data(), kDimension)
                         .cast<double>();
    }
    for (const FoldInEvent& event : events) {
      const double extra = double{als_.alpha} * event.weight;
      left += extra * Item(event.row) * Item(event.row).transpose();
      right += (1 + extra) * Item(event.row);
    }
    const Eigen::VectorXf x = left.fullPivLu().solve(right).cast<float>();
    return {x.data(), x.data() + kDimension};
  }

  AlsParameters als_ = kAls;
  std::vector<float> values_;
  std::unique_ptr<const ArrayFile> file_;
  FoldInScratch scratch_;
  std::vector<float> out_ = std::vector<float>(kDimension);
};

const std::vector<FoldInEvent> kEvents = {
    {ItemRow{3}, 1}, {ItemRow{17}, 0.25f}, {ItemRow{39}, 4}};

TEST_F(FoldInTest, EventsAloneSolveTheNormalEquation) {
  const auto vectors = Vectors(&kAls);
  ASSERT_TRUE(FoldIn(*vectors, kEvents, {}, scratch_, out_));
  EXPECT_THAT(out_, Pointwise(FloatNear(1e-4f), Naive(kEvents, {})));
}

// The trainer and the server compute the same vector.
TEST_F(FoldInTest, EqualsTheRowThatTheTrainerSolves) {
  const auto vectors = Vectors(&kAls);
  const Eigen::MatrixXd gram = Gram();
  const AlsRowSolver solver(gram, values_, kAls.alpha);
  std::vector<float> trained(kDimension);
  ASSERT_TRUE(solver.Solve(std::vector<uint32_t>{3, 17, 39},
                           std::vector<float>{1, 0.25f, 4}, trained));
  ASSERT_TRUE(FoldIn(*vectors, kEvents, {}, scratch_, out_));
  EXPECT_THAT(out_, Pointwise(FloatNear(1e-3f), trained));
}

TEST_F(FoldInTest, AStoredVectorIsThePrior) {
  const auto vectors = Vectors(&kAls);
  const std::vector<float> prior = {1, -1, 0.5f, 0, 2, 0, -0.5f, 1};
  ASSERT_TRUE(FoldIn(*vectors, kEvents, prior, scratch_, out_));
  EXPECT_THAT(out_, Pointwise(FloatNear(1e-4f), Naive(kEvents, prior)));
  EXPECT_NE(out_, prior);
}

TEST_F(FoldInTest, NoEventsGiveNoVector) {
  const auto vectors = Vectors(&kAls);
  EXPECT_FALSE(FoldIn(*vectors, {}, {}, scratch_, out_));
  EXPECT_FALSE(
      FoldIn(*vectors, {}, std::vector<float>(kDimension, 1), scratch_, out_));
}

TEST_F(FoldInTest, ScratchOfAnotherUserLeavesNoTrace) {
  const auto vectors = Vectors(&kAls);
  ASSERT_TRUE(FoldIn(*vectors, std::vector<FoldInEvent>{{ItemRow{8}, 9}}, {},
                     scratch_, out_));
  ASSERT_TRUE(FoldIn(*vectors, kEvents, {}, scratch_, out_));
  std::vector<float> fresh(kDimension);
  FoldInScratch other;
  ASSERT_TRUE(FoldIn(*vectors, kEvents, {}, other, fresh));
  EXPECT_EQ(out_, fresh);
}

TEST_F(FoldInTest, OtherVectorsGiveTheWeightedMeanAndHalfOfThePrior) {
  values_ = {1, 0, 0, 1, 4, 4};
  auto out = *ArrayFileWriter::CreateInMemory();
  ASSERT_TRUE(WriteItemVectors(values_, 2, nullptr, *out).ok());
  file_ = *out->FinishInMemory();
  const auto vectors = *ItemVectors::Open(*file_);
  const std::vector<FoldInEvent> events = {{ItemRow{0}, 3}, {ItemRow{1}, 1}};
  std::vector<float> memory(3, 7);
  const std::span<float> mean = std::span(memory).first(2);
  ASSERT_TRUE(FoldIn(*vectors, events, {}, scratch_, mean));
  EXPECT_THAT(mean, ElementsAre(0.75f, 0.25f));
  ASSERT_TRUE(FoldIn(*vectors, events, std::vector<float>{0.25f, 1.75f},
                     scratch_, mean));
  EXPECT_THAT(mean, ElementsAre(0.5f, 1));
  EXPECT_EQ(memory[2], 7) << "what follows is of another user";
  // An event weighs 1 unless it says so.
  ASSERT_TRUE(FoldIn(*vectors,
                     std::vector<FoldInEvent>{{ItemRow{0}}, {ItemRow{1}, 3}},
                     {}, scratch_, mean));
  EXPECT_THAT(mean, ElementsAre(0.25f, 0.75f));
}

TEST_F(FoldInTest, SmallVectorsSolveToo) {
  for (float& value : values_) value *= 0.01f;
  als_.regularization = 1e-3f;
  const auto vectors = Vectors(&als_);
  ASSERT_TRUE(FoldIn(*vectors, kEvents, {}, scratch_, out_));
  EXPECT_THAT(out_, Pointwise(FloatNear(1e-3f), Naive(kEvents, {})));
}

// Of a model of more dimensions, and of one that went wrong.
TEST_F(FoldInTest, WhateverIsLeftInTheScratchIsNotRead) {
  const auto vectors = Vectors(&kAls);
  const std::vector<float> prior = {1, -1, 0.5f, 0, 2, 0, -0.5f, 1};
  const float kNaN = std::numeric_limits<float>::quiet_NaN();
  scratch_.matrix.assign(4 * kDimension * kDimension, kNaN);
  scratch_.right.assign(4 * kDimension, kNaN);
  ASSERT_TRUE(FoldIn(*vectors, kEvents, prior, scratch_, out_));
  EXPECT_THAT(out_, Pointwise(FloatNear(1e-4f), Naive(kEvents, prior)));
  // what follows a prior is of another user.
  std::vector<float> priors = prior;
  priors.resize(2 * kDimension, kNaN);
  ASSERT_TRUE(FoldIn(*vectors, kEvents, std::span(priors).first(kDimension),
                     scratch_, out_));
  EXPECT_THAT(out_, Pointwise(FloatNear(1e-4f), Naive(kEvents, prior)));
  std::vector<float> out(kDimension + 1, 7);
  ASSERT_TRUE(FoldIn(*vectors, kEvents, prior, scratch_,
                     std::span(out).first(kDimension)));
  EXPECT_EQ(out[kDimension], 7);
}

// One event outweighs everything by more than numbers can tell apart.
TEST_F(FoldInTest, AnEquationWithoutASolutionGivesNoVector) {
  for (size_t i = 0; i < kDimension; ++i) values_[i] = 1;
  const auto vectors = Vectors(&kAls);
  EXPECT_FALSE(FoldIn(*vectors, std::vector<FoldInEvent>{{ItemRow{0}, 1e30f}},
                      {}, scratch_, out_));
}

// Twice the largest number is none, of whichever coordinate.
TEST_F(FoldInTest, AMeanThatIsNoNumberGivesNoVector) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  values_ = {2, 0, 0, 2, 1, 1};
  auto out = *ArrayFileWriter::CreateInMemory();
  ASSERT_TRUE(WriteItemVectors(values_, 2, nullptr, *out).ok());
  file_ = *out->FinishInMemory();
  const auto vectors = *ItemVectors::Open(*file_);
  std::vector<float> mean(2);
  const auto placed = [&](uint32_t row) {
    return FoldIn(*vectors, std::vector<FoldInEvent>{{ItemRow{row}, kLargest}},
                  {}, scratch_, mean);
  };
  EXPECT_FALSE(placed(0));
  EXPECT_FALSE(placed(1));
  EXPECT_TRUE(placed(2));
  EXPECT_THAT(mean, ElementsAre(1, 1));
}

}  // namespace
}  // namespace marquee
