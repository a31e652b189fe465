#include "offline/evaluate/split.h"

#include <fstream>
#include <iterator>
#include <string>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// Times out of order, ties, an event column and a row that is only "seen".
constexpr char kInteractions[] =
    "user_id,item_id,timestamp,event,weight\n"
    "u1,a,50,like,1\n"
    "u1,b,10,like,2\n"
    "u1,c,40,seen,0\n"
    "u2,a,5,like,1\n"
    "u1,d,40,like,1\n"
    "u1,e,30,like,1\n"
    "u2,b,90,like,1\n"
    "u3,a,60,like,1\n";

std::string Read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class SplitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.interactions = ScratchPath("interactions.csv");
    options_.out = ScratchPath("out");
    std::ofstream(options_.interactions) << kInteractions;
  }
  std::string Train() { return Read(options_.out + "/train.csv"); }
  std::string Test() { return Read(options_.out + "/test.csv"); }

  SplitOptions options_;
};

TEST_F(SplitTest, ByUserTakesTheLastOfEachUserAndTiesByOrderOfTheFile) {
  options_.holdout = 0.5;
  const auto summary = SplitInteractions(options_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  // u1 by time: b 10, e 30, c 40, d 40, a 50; floor(5 · 0.5) = 2 are held out.
  EXPECT_EQ(Test(),
            "user_id,item_id,timestamp,event,weight\n"
            "u1,a,50,like,1\n"
            "u1,d,40,like,1\n"
            "u2,b,90,like,1\n");
  EXPECT_EQ(Train(),
            "user_id,item_id,timestamp,event,weight\n"
            "u1,b,10,like,2\n"
            "u1,c,40,seen,0\n"
            "u2,a,5,like,1\n"
            "u1,e,30,like,1\n"
            "u3,a,60,like,1\n");
  EXPECT_EQ(summary->train, 5);
  EXPECT_EQ(summary->test, 3);
  EXPECT_EQ(summary->train_users, 3);
  EXPECT_EQ(summary->test_users, 2);
  EXPECT_FALSE(summary->test_from.has_value());
}

TEST_F(SplitTest, ByTimeIsOneMomentForAll) {
  options_.by = SplitBy::kTime;
  options_.holdout = 0.25;
  const auto summary = SplitInteractions(options_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->test_from, 60);
  EXPECT_EQ(Test(),
            "user_id,item_id,timestamp,event,weight\n"
            "u2,b,90,like,1\n"
            "u3,a,60,like,1\n");
  options_.test_from = 50;
  ASSERT_TRUE(SplitInteractions(options_).ok());
  EXPECT_THAT(Test(), HasSubstr("u1,a,50"));
  EXPECT_THAT(Train(), Not(HasSubstr("u1,a,50")));
}

// 1 less 1e-17 is 1: the moment of a share so small is that of the last row.
TEST_F(SplitTest, ATinyShareIsTheLastMoment) {
  options_.by = SplitBy::kTime;
  options_.holdout = 1e-17;
  const auto summary = SplitInteractions(options_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->test_from, 90);
}

TEST_F(SplitTest, UntilLeavesLaterInteractionsOutOfBoth) {
  options_.holdout = 0.5;
  options_.until = 60;
  const auto summary = SplitInteractions(options_);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->left_out, 2);
  EXPECT_THAT(Train() + Test(), Not(HasSubstr("u2,b,90")));
  EXPECT_THAT(Train() + Test(), Not(HasSubstr("u3,a,60")));
}

TEST_F(SplitTest, RefusesWhatMakesNoSense) {
  options_.holdout = 1;
  EXPECT_EQ(SplitInteractions(options_).status().code(),
            absl::StatusCode::kInvalidArgument);
  options_.holdout = 0.01;
  EXPECT_THAT(SplitInteractions(options_).status().message(),
              HasSubstr("puts all 8 interactions into the training part"));
  options_.test_from = 3;
  EXPECT_THAT(SplitInteractions(options_).status().message(),
              HasSubstr("--by time"));
}

TEST(ReadSplit, AFieldThatStandsTwiceIsAnError) {
  const std::string path = ScratchPath("test.csv");
  ASSERT_TRUE(
      WriteFileAtomically(ScratchPath("split.json"),
                          "{\"train\": {},\n \"train\": {}, \"test\": {}}")
          .ok());
  EXPECT_THAT(ReadSplit(path, {}).status().message(),
              HasSubstr("split.json:2: field 'train': occurs twice"));
}

}  // namespace
}  // namespace marquee
