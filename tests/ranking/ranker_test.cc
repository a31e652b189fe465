// What a server computes of a candidate, most of it before the request, against
// all features of all candidates.
#include "core/ranking/ranker.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/features/schema.h"
#include "core/files/array_file.h"
#include "core/model_import/import.h"
#include "core/scoring/golden_scores.h"
#include "core/snapshot/manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"
#include "tests/files/scratch.h"
#include "tests/scoring/allocation_counter.h"
#include "tests/scoring/lock_counter.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int kItems = 150;

SmallWorld FilmWorld() {
  SmallWorld world;
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  const char* const genres[] = {"Drama", "Comedy", "War"};
  for (int i = 0; i < kItems; ++i) {
    // Some have no vector.
    std::vector<float> vector = {normal(random), normal(random)};
    if (i % 10 == 9) vector.clear();
    world.AddItem(absl::StrCat("t", i), vector, i % 3 == 0 ? "saga" : "");
    ItemRecord& item = world.items.back();
    item.maturity = i % 4 * 6;
    if (i % 5 != 0) item.released = absl::CivilDay(2020, 1, 1) + 11 * i;
    item.attributes["genre"] = {genres[i % 3]};
    item.attributes["language"] = {i % 2 == 0 ? "en" : "de"};
    if (i % 7 != 0) item.numbers["runtime"] = 60 + i;
  }
  world.AddUser("u", {1, 0.25f});
  world.users[0].language = "de";
  for (int i = 0; i < kItems; i += 4) {
    world.interactions.push_back({"u", absl::StrCat("t", i), 5, "play", 1});
    world.AddWatches(absl::StrCat("t", i), i % 9);
  }
  return world;
}

// A LightGBM model whose trees split on every feature, at values that the
// features take.
std::string ModelOf(const std::vector<std::string>& names, bool is_linear) {
  std::mt19937 random(2);
  const double cuts[] = {0,  0.3, 1,   2,   4.5,   5.5,  6,
                         12, 21,  100, 400, 18500, 18800};
  std::string trees;
  constexpr int kLeaves = 12;
  for (int t = 0; t < 60; ++t) {
    // A chain: leaf i is to the left of split i.
    std::vector<std::string> features, thresholds, types, left, right, values;
    for (int i = 0; i + 1 < kLeaves; ++i) {
      features.push_back(absl::StrCat(random() % names.size()));
      thresholds.push_back(absl::StrCat(cuts[random() % std::size(cuts)] *
                                        (random() % 4 == 0 ? -1 : 1)));
      types.push_back(absl::StrCat(2 * (random() % 2) + 4 * (random() % 3)));
      left.push_back(absl::StrCat(-1 - i));
      right.push_back(absl::StrCat(i + 2 < kLeaves ? i + 1 : -kLeaves));
    }
    for (int i = 0; i < kLeaves; ++i) {
      values.push_back(absl::StrCat(static_cast<int>(random() % 1000) - 500));
    }
    const auto list = [](const std::vector<std::string>& words) {
      return absl::StrJoin(words, " ");
    };
    absl::StrAppend(&trees, "Tree=", t, "\nnum_leaves=", kLeaves,
                    "\nnum_cat=0\nsplit_feature=", list(features),
                    "\nthreshold=", list(thresholds),
                    "\ndecision_type=", list(types),
                    "\nleft_child=", list(left), "\nright_child=", list(right),
                    "\nleaf_value=", list(values), "\n");
    if (is_linear) {
      const std::vector<std::string> zeros(kLeaves, "0");
      absl::StrAppend(&trees, "is_linear=1\nleaf_const=", list(values),
                      "\nnum_features=", list(zeros),
                      "\nleaf_features=\nleaf_coeff=\n");
    }
    absl::StrAppend(&trees, "\n\n");
  }
  const std::vector<std::string> ranges(names.size(), "[-1:1]");
  return absl::StrCat(
      "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\n"
      "label_index=0\nmax_feature_idx=",
      names.size() - 1,
      "\nobjective=lambdarank\nfeature_names=", absl::StrJoin(names, " "),
      "\nfeature_infos=", absl::StrJoin(ranges, " "), "\n\n", trees,
      "end of trees\n");
}

std::vector<std::string> AllNames(const Snapshot& snapshot) {
  std::vector<std::string> names;
  const FeatureSchema schema(snapshot.catalog());
  for (const FeatureSpec& spec : schema.features()) {
    names.push_back(spec.name);
  }
  return names;
}

std::vector<Candidate> AllItems(const Snapshot& snapshot) {
  std::vector<Candidate> candidates;
  for (uint32_t row = 0; row < snapshot.catalog().size(); ++row) {
    const bool has_vector = snapshot.item_vectors().Has(ItemRow{row});
    candidates.push_back(
        {ItemRow{row}, has_vector ? 0.01f * static_cast<float>(row)
                                  : std::numeric_limits<float>::quiet_NaN()});
  }
  return candidates;
}

class RankerTest : public ::testing::Test {
 protected:
  // A snapshot whose ranker reads every feature of the schema.
  std::unique_ptr<const Snapshot> BuildWith(bool is_linear) {
    SmallWorld world = FilmWorld();
    const auto plain = world.Build(ScratchPath("plain"));
    world.ranker = ModelOf(AllNames(*plain), is_linear);
    world.golden_requests = 3;
    return world.Build(ScratchPath("ranked"));
  }

  void ExpectTheSameScores(const Snapshot& snapshot) {
    const Ranker& ranker = *snapshot.ranker();
    const auto candidates = AllItems(snapshot);
    const std::vector<float> vector = {1, 0.25f};
    const std::vector<uint8_t> share = {100, 0, 155};
    const std::vector<ItemRow> seen = {ItemRow{3}, ItemRow{6}};
    const UserContext known{.device = "tv",
                            .language = "de",
                            .now = CalendarSecond{20000} * 24 * 60 * 60,
                            .local_hour = 21,
                            .vector = vector,
                            .taste = {.watches = 12,
                                      .mean_released_day = 18600,
                                      .mean_log_watches = 1,
                                      .genre_share = share},
                            .seen = seen};
    const UserContext nobody{.now = CalendarSecond{20000} * 24 * 60 * 60,
                             .taste = {.mean_released_day = NAN}};
    RankerScratch scratch = ranker.MakeScratch(candidates.size());
    std::vector<double> scores(candidates.size());
    std::vector<double> want(candidates.size());
    for (const UserContext& user : {known, nobody, known}) {
      ranker.Score(user, candidates, {}, scratch, scores);
      ranker.ScoreByFeatures(user, candidates, {}, scratch, want);
      for (size_t i = 0; i < scores.size(); ++i) {
        EXPECT_EQ(std::bit_cast<uint64_t>(scores[i]),
                  std::bit_cast<uint64_t>(want[i]))
            << "candidate " << i;
      }
    }
    EXPECT_GT(std::set<double>(want.begin(), want.end()).size(), 50);
  }
};

TEST_F(RankerTest, RanksOfItemsGiveTheScoresOfTheirFeatures) {
  const auto snapshot = BuildWith(/*is_linear=*/false);
  ASSERT_TRUE(snapshot->ranker()->ranks_items());
  ExpectTheSameScores(*snapshot);
}

TEST_F(RankerTest, ARequestAllocatesNothingAndTakesNoLock) {
  for (const bool is_linear : {false, true}) {
    const auto snapshot = BuildWith(is_linear);
    const Ranker& ranker = *snapshot->ranker();
    const auto candidates = AllItems(*snapshot);
    const std::vector<ItemRow> seen = {ItemRow{3}};
    const UserContext user{.language = "de",
                           .now = CalendarSecond{20000} * 24 * 60 * 60,
                           .seen = seen};
    RankerScratch scratch = ranker.MakeScratch(candidates.size());
    std::vector<double> scores(candidates.size());
    ranker.Score(user, candidates, {}, scratch, scores);
    const size_t allocations = Allocations();
    const auto locks = Locks();
    ranker.Score(user, candidates, {}, scratch, scores);
    const size_t later_allocations = Allocations();
    const auto later_locks = Locks();
    EXPECT_EQ(later_allocations, allocations) << is_linear;
    EXPECT_EQ(later_locks, locks) << is_linear;
  }
}

TEST_F(RankerTest, LinearTreesAreScoredByFeatures) {
  const auto snapshot = BuildWith(/*is_linear=*/true);
  ASSERT_FALSE(snapshot->ranker()->ranks_items());
  ExpectTheSameScores(*snapshot);
}

TEST_F(RankerTest, ItsFeaturesAreListedWithSourceAndDefault) {
  const auto snapshot = BuildWith(/*is_linear=*/false);
  const config::Manifest& manifest = snapshot->manifest();
  ASSERT_THAT(manifest.ranker_features(),
              SizeIs(snapshot->ranker()->feature_names().size()));
  const auto listed = [&](const std::string& name) {
    for (const auto& feature : manifest.ranker_features()) {
      if (feature.name() != name) continue;
      return absl::StrCat(feature.source(), " ", feature.default_());
    }
    return std::string("none");
  };
  EXPECT_EQ(listed("item.maturity"), "item missing");
  EXPECT_EQ(listed("item.runtime"), "item missing");
  EXPECT_EQ(listed("cross.similarity"), "candidate missing");
  EXPECT_EQ(listed("user.log_watches"), "request missing");
  EXPECT_EQ(listed("request.position"), "request 0");
}

// The sections of a ranker of the snapshot's model, of which one number is
// changed by the test; the checksums are right.
class EditedRanker {
 public:
  explicit EditedRanker(const Snapshot& snapshot) : snapshot_(snapshot) {
    forest_ = *ImportForest(ModelOf(AllNames(snapshot), /*is_linear=*/false),
                            "model");
  }

  absl::Status Open(double change_of_score, uint8_t change_of_rank) const {
    auto golden = *ArrayFileWriter::CreateInMemory();
    WriteGoldenScores(forest_, *golden);
    const auto written = *golden->FinishInMemory();
    auto model = *ArrayFileWriter::CreateInMemory();
    model->AddText("model", ModelOf(AllNames(snapshot_), false));
    model->Add<float>("golden_rows", *written->Array<float>("golden_rows"));
    const auto stored = *written->Array<double>("golden_scores");
    std::vector<double> scores(stored.begin(), stored.end());
    scores[0] += change_of_score;
    model->Add<double>("golden_scores", scores);
    const auto model_file = *model->FinishInMemory();

    const auto ranker =
        *Ranker::Create(forest_, "model", snapshot_.feature_sources());
    auto right = *ArrayFileWriter::CreateInMemory();
    ranker->WriteItemRanks(snapshot_.catalog().size(), *right);
    const auto right_file = *right->FinishInMemory();
    const auto bytes = *right_file->Array<uint8_t>("ranks");
    std::vector<uint8_t> ranks(bytes.begin(), bytes.end());
    // Where the rank is not 0, one less is a rank too.
    *std::find_if(ranks.begin(), ranks.end(),
                  [](uint8_t rank) { return rank > 0; }) -= change_of_rank;
    auto edited = *ArrayFileWriter::CreateInMemory();
    edited->AddText("layout", *right_file->Text("layout"));
    edited->Add<uint8_t>("ranks", ranks);
    const auto ranks_file = *edited->FinishInMemory();
    return Ranker::Open(*model_file, 0, *ranks_file,
                        snapshot_.feature_sources())
        .status();
  }

 private:
  const Snapshot& snapshot_;
  std::shared_ptr<const Forest> forest_;
};

TEST_F(RankerTest, OtherScoresOrRanksThanTheBuildersAreRefused) {
  const auto snapshot = BuildWith(/*is_linear=*/false);
  const EditedRanker edited(*snapshot);
  EXPECT_TRUE(edited.Open(0, 0).ok()) << edited.Open(0, 0);
  EXPECT_THAT(std::string(edited.Open(1, 0).message()),
              HasSubstr("golden row 0: engine 'bit_sliced' gives"));
  EXPECT_THAT(std::string(edited.Open(0, 1).message()),
              HasSubstr("item 0 has other ranks than its features"));
}

TEST_F(RankerTest, AManifestThatListsOtherFeaturesIsRefused) {
  const std::string version = BuildTiny(TinyWorld(), ScratchPath("tiny"));
  config::Manifest edited = *ReadManifest(version);
  edited.mutable_ranker_features(0)->set_source("item");
  ASSERT_TRUE(WriteManifest(edited, version).ok());
  EXPECT_THAT(std::string(LoadAndProve(version).message()),
              HasSubstr("ranker feature 0: is 'cross.similarity' of the item"));
  edited.clear_ranker_features();
  ASSERT_TRUE(WriteManifest(edited, version).ok());
  EXPECT_THAT(std::string(LoadAndProve(version).message()),
              HasSubstr("lists 0 features of the ranker, which has 1"));
}

}  // namespace
}  // namespace marquee
