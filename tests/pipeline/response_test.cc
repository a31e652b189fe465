// The words and numbers of requests and answers, which others count on.
#include "core/pipeline/response.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/request_limits.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/request.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

// Names of the values in their order.
template <typename Enum>
std::vector<absl::string_view> Names(absl::string_view (*name)(Enum),
                                     Enum last) {
  std::vector<absl::string_view> names;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(last); ++i) {
    names.push_back(name(static_cast<Enum>(i)));
  }
  return names;
}

// They are in metrics and answers, so a change of a word breaks its readers.
TEST(Response, EverythingHasItsName) {
  EXPECT_THAT(Names(TierName, Tier::kPopular),
              ElementsAre("full", "reduced", "retrieval_order", "popular"));
  EXPECT_THAT(Names(SourceName, Source::kSimilar),
              ElementsAre("personal", "trending", "new", "because", "genre",
                          "popular", "pinned", "similar"));
  EXPECT_THAT(
      Names(StageName, Stage::kRerank),
      ElementsAre("user_vector", "eligibility", "retrieve", "rank", "rerank"));
  EXPECT_THAT(Names(ReasonName, ReasonKind::kBackfill),
              ElementsAre("boost", "fresh", "diversity", "pin", "backfill"));
  EXPECT_THAT(
      Names(CauseName, Degradation::Cause::kSources),
      ElementsAre("deadline", "overload", "no_vector", "cap_relaxed",
                  "too_few_eligible", "caps", "final_check", "sources"));
  EXPECT_THAT(Names(VectorSourceName, VectorSource::kNone),
              ElementsAre("request embedding", "recent events", "stored",
                          "item", "none"));
}

// Metrics have so many series.
TEST(Response, CountsOfValuesAreTheirNumber) {
  EXPECT_EQ(kTiers, static_cast<size_t>(Tier::kPopular) + 1);
  EXPECT_EQ(kSources, static_cast<size_t>(Source::kSimilar) + 1);
  EXPECT_EQ(kStages, static_cast<size_t>(Stage::kRerank) + 1);
  EXPECT_EQ(kDegradationCauses,
            static_cast<size_t>(Degradation::Cause::kSources) + 1);
}

// As the comments of the API and of the configuration state them.
TEST(Request, LimitsAreThoseThatTheApiStates) {
  EXPECT_EQ(kMaxNameBytes, 64);
  EXPECT_EQ(kMaxEvents, 200);
  EXPECT_EQ(kMaxExcluded, 2000);
  EXPECT_EQ(kMaxFilters, 16);
  EXPECT_EQ(kMaxFilterValues, 50);
  EXPECT_EQ(kMaxExplained, 20);
  EXPECT_EQ(kMaxMaturity, 99);
  EXPECT_EQ(kMaxSeconds, int64_t{std::numeric_limits<uint32_t>::max()} - 1);
  EXPECT_EQ(kDefaultLimit, 20);
  EXPECT_EQ(PipelineOptions{}.candidates, 500);
  EXPECT_TRUE(PipelineOptions{}.use_ranker);
}

TEST(Response, IsEmptyAgainOnceItWasCleared) {
  RecommendResponse response;
  response.items.resize(2);
  response.tier = Tier::kPopular;
  response.degradations = {{Degradation::Cause::kSources, "why"}};
  response.requested = 3;
  response.vector_source = VectorSource::kStored;
  response.stage_time.fill(absl::Seconds(1));
  response.eligible = response.candidates = response.retrieved = 4;
  response.engine = RetrievalEngine::kCells;
  response.outliers = response.removed_by_final_check = 5;
  response.Clear();
  for (const RecommendResponse& empty : {response, RecommendResponse{}}) {
    EXPECT_TRUE(empty.items.empty());
    EXPECT_EQ(empty.tier, Tier::kFull);
    EXPECT_TRUE(empty.degradations.empty());
    EXPECT_EQ(empty.requested, 0);
    EXPECT_EQ(empty.vector_source, VectorSource::kNone);
    for (const absl::Duration time : empty.stage_time) {
      EXPECT_EQ(time, absl::ZeroDuration());
    }
    EXPECT_EQ(empty.eligible, 0);
    EXPECT_EQ(empty.candidates, 0);
    EXPECT_EQ(empty.retrieved, 0);
    EXPECT_FALSE(empty.engine);
    EXPECT_EQ(empty.outliers, 0);
    EXPECT_EQ(empty.removed_by_final_check, 0);
  }
}

}  // namespace
}  // namespace marquee
