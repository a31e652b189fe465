#include "offline/build/tuning.h"

#include "core/retrieval/cell_scan.h"
#include "core/retrieval/exact_scan.h"
#include "gtest/gtest.h"
#include "offline/build/graph_builder.h"
#include "tests/retrieval/small_index.h"

namespace marquee {
namespace {

constexpr size_t kDimension = 16;
constexpr size_t kItems = 20000;

class Tuning : public ::testing::Test {
 protected:
  Tuning()
      : index_(ClusteredVectors(kItems, kDimension, 1), kDimension, 100),
        user_file_(InMemory([](ArrayFileWriter& out) {
          const auto values = ClusteredVectors(50, kDimension, 2);
          UserVectorWriter writer(kDimension, ItemVectors::kMaxValue, out);
          for (size_t i = 0; i < 50; ++i) {
            writer.Add(std::span(values).subspan(i * kDimension, kDimension))
                .IgnoreError();
          }
        })),
        users_(*UserVectors::Open(*user_file_, kDimension)),
        sample_(*index_.vectors, *users_,
                {.users = 20, .items = 5, .depth = 100}) {}

  SmallIndex index_;
  const std::unique_ptr<const ArrayFile> user_file_;
  const std::unique_ptr<const UserVectors> users_;
  const RecallSample sample_;
};

TEST_F(Tuning, RecallOfTheOracleIsOneAndOfHalfTheItemsIsNot) {
  EXPECT_EQ(sample_.queries(), 25);
  EXPECT_EQ(sample_.Lowest(ExactScan(*index_.vectors)), 1);
  // An engine that finds every other item.
  class Half final : public Retriever {
   public:
    explicit Half(const ItemVectors& vectors) : exact_(vectors) {}
    size_t Retrieve(const RetrievalQuery& query, RetrievalScratch& scratch,
                    std::span<Candidate> out) const override {
      const size_t count = exact_.Retrieve(query, scratch, out);
      for (size_t i = 0; i < count / 2; ++i) out[i] = out[2 * i];
      return count / 2;
    }
    absl::string_view name() const override { return "half"; }

   private:
    const ExactScan exact_;
  };
  EXPECT_NEAR(sample_.Lowest(Half(*index_.vectors)), 0.5, 0.01);
}

TEST_F(Tuning, StopShareIsTheLargestThatIsEnough) {
  const Tuned loose = TuneStopShare(index_.index(), sample_, 0.5);
  const Tuned tight = TuneStopShare(index_.index(), sample_, 0.995);
  EXPECT_GE(loose.recall, 0.5);
  EXPECT_GE(tight.recall, 0.995);
  EXPECT_GT(loose.parameter, tight.parameter);
  EXPECT_EQ(tight.recall, sample_.Lowest(CellScan(
                              *index_.vectors, *index_.codes, *index_.cells,
                              {.stop_share = tight.parameter})));
  // Nothing is enough: the best that there is, and what it finds.
  const Tuned all = TuneStopShare(index_.index(), sample_, 1.1);
  EXPECT_EQ(all.parameter, 0);
  EXPECT_GE(all.recall, 0.999);
}

TEST_F(Tuning, WidthIsTheSmallestThatIsEnough) {
  index_.SetGraph(
      *BuildGraph(*index_.vectors, {.links = 8, .build_width = 50}));
  const Tuned loose = TuneWidth(index_.index(), sample_, 0.5);
  EXPECT_EQ(loose.parameter, 1);
  const Tuned tight = TuneWidth(index_.index(), sample_, 1.1);
  EXPECT_EQ(tight.parameter, 4);
  EXPECT_GE(tight.recall, loose.recall);
}

}  // namespace
}  // namespace marquee
