// Names in requests that nothing knows.
#include "core/pipeline/warnings.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/clock.h"
#include "core/pipeline/pipeline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// t0 to t5; t1 is licensed in DE alone, users of FR watch.
SmallWorld World() {
  SmallWorld world;
  for (int i = 0; i < 6; ++i) {
    world.AddItem(absl::StrCat("t", i), {1, static_cast<float>(i)}, "Saga");
  }
  world.items[1].licences = {{"DE"}};
  world.AddWatches("t0", 2, "FR");
  return world;
}

class Warnings : public ::testing::Test {
 protected:
  void SetUp() override { Build(world_); }
  void Build(const SmallWorld& world) {
    std::filesystem::remove_all(ScratchPath("world"));
    snapshot_ = world.Build(ScratchPath("world"));
    pipeline_ = std::make_unique<Pipeline>(*snapshot_, PipelineOptions(),
                                           Clock::Real());
    scratch_ = std::make_unique<PipelineScratch>(*snapshot_, 500);
    request_.now = absl::FromUnixSeconds(kSmallNow);
  }
  // "kind field detail"
  std::vector<std::string> Ask() {
    RecommendResponse response;
    EXPECT_TRUE(pipeline_->Recommend(request_, *scratch_, response).ok());
    std::vector<std::string> lines;
    for (const Warning& warning : response.warnings) {
      lines.push_back(absl::StrCat(WarningName(warning.kind), " ",
                                   warning.field, " ", warning.detail));
    }
    return lines;
  }

  SmallWorld world_ = World();
  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<PipelineScratch> scratch_;
  RecommendRequest request_;
};

TEST_F(Warnings, NothingIsSaidOfWhatIsKnown) {
  request_.recent_events = {{"t0", 1}};
  request_.exclude = {"t1"};
  request_.filters = {{"franchise", {"Saga"}}};
  request_.device = "TV";
  request_.language = "de-AT";
  request_.scene = "anything, as no rule names a scene";
  for (const char* const country : {"", "DE", "FR"}) {
    request_.country = country;
    EXPECT_THAT(Ask(), IsEmpty()) << country;
  }
}

TEST_F(Warnings, ACountryOfNoLicenceAndNoPlay) {
  request_.country = "US";
  EXPECT_THAT(Ask(), ElementsAre(AllOf(
                         StartsWith("country context.country no item has a "
                                    "licence of 'US' and no user"),
                         Not(HasSubstr("ISO")))));
  for (UserRecord& user : world_.users) user.country = "UK";
  Build(world_);
  request_.country = "UK";
  EXPECT_THAT(Ask(),
              ElementsAre(HasSubstr(
                  "'UK' is not a country code of ISO 3166-1, perhaps GB")));
}

TEST_F(Warnings, WhereTheDataKnowsNoCountryTheStandardDecides) {
  SmallWorld world = World();
  world.items[1].licences.reset();
  for (UserRecord& user : world.users) user.country = "";
  Build(world);
  request_.country = "US";
  EXPECT_THAT(Ask(), IsEmpty());
  request_.country = "ZZ";
  EXPECT_THAT(Ask(), ElementsAre(StartsWith("country ")));
}

TEST_F(Warnings, ADeviceOfNoRuleAndNoFeature) {
  request_.device = "smarttv";
  EXPECT_THAT(Ask(), ElementsAre("device context.device no rule and no feature "
                                 "knows 'smarttv'; known: tv, mobile, tablet, "
                                 "web, console"));
  SmallWorld world = World();
  world.policy = "devices: ['SmartTV', 'TV']";
  Build(world);
  EXPECT_THAT(Ask(), IsEmpty());
  request_.device = "fridge";
  EXPECT_THAT(Ask(), ElementsAre(EndsWith("known: tv, mobile, tablet, "
                                          "web, console, smarttv")));
}

TEST_F(Warnings, ALanguageThatIsNoTag) {
  request_.language = "German";
  EXPECT_THAT(Ask(),
              ElementsAre("language context.language 'German' is not a "
                          "language tag of BCP 47, such as de or de-AT"));
}

TEST_F(Warnings, ASceneThatTheRulesDoNotName) {
  SmallWorld world = World();
  world.policy = "scenes: 'home' scenes: 'kids'";
  Build(world);
  request_.scene = "Home";
  EXPECT_THAT(
      Ask(), ElementsAre("scene context.scene the policy does not know 'Home'; "
                         "known: home, kids"));
  request_.scene = "kids";
  EXPECT_THAT(Ask(), IsEmpty());
  request_.scene = "";
  EXPECT_THAT(Ask(), IsEmpty());
}

TEST_F(Warnings, AValueThatNoItemHas) {
  request_.filters = {{"franchise", {"Saga", "saga", "x", "y"}},
                      {"franchise", {"z"}}};
  EXPECT_THAT(
      Ask(),
      ElementsAre("filter context.filters filter 0: no item has 'saga' as "
                  "its "
                  "franchise; there is 'Saga'; nor has one 2 more of its "
                  "values",
                  "filter context.filters filter 1: no item has 'z' as its "
                  "franchise; there are: Saga"));
}

TEST_F(Warnings, ItemsThatTheCatalogueDoesNotHave) {
  request_.recent_events = {{"t0", 1}, {"7.0", 1}, {"8.0", 1}};
  request_.exclude = {"x", "t2"};
  EXPECT_THAT(
      Ask(),
      ElementsAre("item context.recent_events the catalogue does not have 2 "
                  "of 3 items, for example '7.0'",
                  "item context.exclude_item_ids the catalogue does not have "
                  "1 of 2 items, for example 'x'"));
  // Nothing stays from one request to the next.
  request_.recent_events.clear();
  request_.exclude.clear();
  EXPECT_THAT(Ask(), IsEmpty());
}

}  // namespace
}  // namespace marquee
