// All sources of a mix together.
#include "core/sources/sources.h"

#include <memory>
#include <vector>

#include "core/catalog/catalog_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/allocation_counter.h"
#include "tests/sources/tables.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kNow = 20000 * 86400;

// Six items. 0 and 1 trend by the week, 2 and 3 by the hour; 4 and 5 are new.
class SourcesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    catalog_file_ = Written([](ArrayFileWriter& out) {
      CatalogWriter writer;
      for (int i = 0; i < 6; ++i) {
        ItemRecord item;
        item.id = absl::StrCat("t", i);
        item.title = item.id;
        item.attributes["genre"] = {i % 2 == 0 ? "even" : "odd"};
        EXPECT_TRUE(writer.Add(item).ok());
      }
      return writer.Write(out);
    });
    catalog_ = *Catalog::Open(*catalog_file_);
    tables_ = {catalog_.get(), popularity_.table.get(), related_.table.get()};
    question_.user.now = kNow;
    question_.user.taste.genre_share = taste_;
    mix_.weights = {1, 1, 1, 1, 1};
  }
  static Plays Sample() {
    Plays plays(6);
    plays.lists.everywhere = {{0, 0.5f}, {1, 0.25f}};
    plays.of_horizon[Horizon::kHours].everywhere = {{2, 0.5f}, {3, 0.25f}};
    plays.newest = {{4, kNow}, {5, kNow - 40 * 86400}};
    return plays;
  }
  std::vector<uint32_t> Rows(Source source) {
    return RowsOf(scratch_.list(source));
  }
  void List() {
    const std::vector<ItemRow> latest = {ItemRow{0}};
    ListSources(tables_, mix_, question_.query(), latest, scratch_);
    ExpectNoNotes(scratch_.notes, 6);
  }

  std::unique_ptr<const ArrayFile> catalog_file_;
  std::unique_ptr<const Catalog> catalog_;
  const Opened<Popularity> popularity_ = Open(Sample());
  const Opened<RelatedItems> related_ =
      Open({{{5, 0.5f}, {3, 0.25f}}, {}, {}, {}, {}, {}});
  const std::vector<uint8_t> taste_ = {9, 0};
  SourceTables tables_;
  SourceMix mix_;
  Question question_{6};
  SourceScratch scratch_{6};
};

TEST_F(SourcesTest, EverySourceListsItsOwn) {
  scratch_.list(Source::kPersonal).Add(ItemRow{3}, 0.5f);
  List();
  EXPECT_THAT(Rows(Source::kPersonal), ElementsAre(3)) << "of retrieval";
  EXPECT_THAT(Rows(Source::kTrending), ElementsAre(0, 1));
  EXPECT_THAT(Rows(Source::kNew), ElementsAre(4, 5));
  EXPECT_THAT(Rows(Source::kBecause), ElementsAre(5, 3));
  EXPECT_THAT(Rows(Source::kGenre), ElementsAre(0));
}

TEST_F(SourcesTest, ASourceOfNoWeightIsNotAsked) {
  List();
  mix_.weights = {0, 0, 1, 0, 0};
  scratch_.list(Source::kPersonal).Add(ItemRow{3}, 0.5f);
  List();
  EXPECT_THAT(Rows(Source::kPersonal), ElementsAre(3)) << "of retrieval";
  EXPECT_THAT(Rows(Source::kTrending), IsEmpty());
  EXPECT_THAT(Rows(Source::kNew), ElementsAre(4, 5));
  EXPECT_THAT(Rows(Source::kBecause), IsEmpty());
  EXPECT_THAT(Rows(Source::kGenre), IsEmpty());
}

TEST_F(SourcesTest, TheMixSaysHowFarBackEachLooks) {
  mix_.horizon = Horizon::kHours;
  mix_.new_days = 39;
  List();
  EXPECT_THAT(Rows(Source::kTrending), ElementsAre(2, 3));
  EXPECT_THAT(Rows(Source::kGenre), ElementsAre(0));
  EXPECT_THAT(Rows(Source::kNew), ElementsAre(4));
  mix_.horizon = Horizon::kDay;
  mix_.genre_horizon = Horizon::kHours;
  mix_.new_days = 40;
  List();
  EXPECT_THAT(Rows(Source::kTrending), ElementsAre(0, 1));
  EXPECT_THAT(Rows(Source::kGenre), ElementsAre(2));
  EXPECT_THAT(Rows(Source::kNew), ElementsAre(4, 5));
}

TEST_F(SourcesTest, NothingIsAllocatedOnceTheScratchHasGrown) {
  std::vector<Candidate> candidates;
  std::vector<CandidateOrigin> origins;
  const std::vector<ItemRow> latest = {ItemRow{0}};
  const SourceQuery query = question_.query();
  const auto run = [&] {
    ListSources(tables_, mix_, query, latest, scratch_);
    MergeSources(mix_, scratch_.lists, 500, scratch_.notes, candidates,
                 origins);
    ScoreByPlace(mix_, scratch_.lists, origins, candidates);
  };
  run();
  const size_t before = Allocations();
  run();
  EXPECT_EQ(Allocations(), before);
  EXPECT_EQ(candidates.size(), 5);
}

}  // namespace
}  // namespace marquee
