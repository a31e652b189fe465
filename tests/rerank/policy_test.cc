#include "core/rerank/policy.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/rerank/boosts.h"
#include "core/rerank/policy_check.h"
#include "core/rerank/policy_loader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

class PolicyTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<const Policy>> Load(const std::string& text) {
    return LoadPolicy(text, "policy.textproto", *world_.catalog,
                      *world_.calendar);
  }
  std::string Fault(const std::string& text) {
    return std::string(Load(text).status().message());
  }

  RerankWorld world_{50};
};

TEST_F(PolicyTest, AnEmptyPolicyIsSound) { EXPECT_TRUE(Load("").ok()); }

TEST_F(PolicyTest, NamesSyntaxAndUnknownFieldsWithTheirLine) {
  EXPECT_THAT(Fault("caps {\n  nmae: \"x\"\n}"),
              HasSubstr("policy.textproto:2: column"));
  EXPECT_THAT(Fault("caps {\n  nmae: \"x\"\n}"), HasSubstr("nmae"));
  EXPECT_THAT(Fault("caps {\n  max: banana\n}"),
              HasSubstr("policy.textproto:2:"));
}

TEST_F(PolicyTest, RefusesTextThatIsNotUtf8) {
  EXPECT_THAT(Fault("# caps\ncaps { name: \"caf\xE9\" }"),
              HasSubstr("policy.textproto:2: column 18: the byte '\\xe9' is "
                        "not UTF-8: the file must be UTF-8 text"));
  EXPECT_THAT(Fault("# \xFF"), HasSubstr(":1: column 3: the byte '\\xff'"));
  EXPECT_TRUE(
      Load("# caf\xC3\xA9\n"
           "boosts { name: 'caf\xC3\xA9 \\u00e9 \\303\\251' multiplier: 2\n"
           "         match { item_ids: 't1' } }")
          .ok());
}

// What escapes make of a string is looked at too.
TEST_F(PolicyTest, RefusesStringsThatAreNotUtf8) {
  const std::string fault = Fault(R"(
    boosts { name: "a" match { item_ids: "t1" } multiplier: 2 }
    boosts { name: "\377b" match { item_ids: "t1" } multiplier: 2 }
    blocks {
      name: "c"
      match {
        attribute: "genre\xC3"
        values: "Comedy"
        values: "\355\240\200" }
      audience { scenes: "home" devices: "\xff" }
    }
    diversity { name: "\200" strength: 2 }
  )");
  for (const char* const expected :
       {":3: boosts.name '\\377b': must be UTF-8",
        ":7: blocks.match.attribute 'genre\\303': must be UTF-8",
        ":9: blocks.match.values '\\355\\240\\200': must be UTF-8",
        ":10: blocks.audience.devices '\\377': must be UTF-8",
        ":12: diversity.name '\\200': must be UTF-8"}) {
    EXPECT_THAT(fault, HasSubstr(expected));
  }
}

TEST_F(PolicyTest, ListsEveryFaultOfEveryRule) {
  const std::string fault = Fault(R"(
    caps { name: "a" attribute: "colour" max: 3 }
    caps { name: "b" attribute: "genre" max: 0 }
    caps { name: "c" attribute: "genre" max: 3 window: 2 }
    boosts { name: "d" match { attribute: "genre" values: "Comdey" } multiplier: 2 }
    boosts { name: "e" match { attribute: "genre" values: "Comedy" } multiplier: -1 }
    freshness { name: "f" multiplier: 2 }
    pins { name: "g" item_id: "t99" position: 201 }
    blocks { name: "h" match {} window { start: "tomorrow" } }
    blocks { match { item_ids: "t1" } audience { countries: "Germany" } }
    diversity { name: "a" strength: 2 }
  )");
  for (const char* const expected :
       {":2: caps 'a': unknown attribute 'colour'; the catalogue has: "
        "franchise, genre",
        ":3: caps 'b': max is 0: must be 1 to 200", ":4: caps 'c': window is 2",
        ":5: boosts 'd': no title has 'Comdey' as its genre",
        ":6: boosts 'e': multiplier is -1",
        ":7: freshness 'f': half_life_days is 0",
        ":8: pins 'g': the catalogue has no title 't99'",
        ":8: pins 'g': position is 201", ":9: blocks 'h': match needs item_ids",
        ":9: blocks 'h': window.start 'tomorrow'",
        ":10: blocks '': name is required",
        ":10: blocks '': audience country 'Germany'",
        ":11: diversity 'a': another rule",
        ":11: diversity 'a': strength is 2"}) {
    EXPECT_THAT(fault, HasSubstr(expected));
  }
}

TEST_F(PolicyTest, FindsPinsThatCanNeverBeShown) {
  EXPECT_THAT(
      Fault(
          R"(pins { name: "p" item_id: "t1" position: 1 audience { countries: "DE" } })"),
      HasSubstr(":1: pin 'p' can never be shown: 't1' is not licensed there"));
  EXPECT_THAT(Fault(R"(pins { name: "p" item_id: "t1" position: 1
                              window { start: "2000-01-01T00:00:00Z" } })"),
              HasSubstr("is not licensed there while the pin is active"));
  EXPECT_TRUE(Load(R"(pins { name: "p" item_id: "t1" position: 1 })").ok());
  EXPECT_THAT(Fault(R"(pins { name: "p" item_id: "t3" position: 1
                              audience { maturity_limit_at_most: 12 } })"),
              HasSubstr("is for 18 years, the audience is limited to 12"));
  EXPECT_THAT(Fault(R"(
    blocks { name: "b" match { attribute: "genre" values: "War" } }
    pins { name: "p" item_id: "t7" position: 1 audience { countries: "DE" } })"),
              HasSubstr(":3: pin 'p' can never be shown: 't7' is hidden by "
                        "block 'b' of line 2"));
  EXPECT_TRUE(Load(R"(
    blocks { name: "b" match { item_ids: "t7" } audience { countries: "FR" } }
    pins { name: "p" item_id: "t7" position: 1 audience { countries: "DE" } })")
                  .ok());
}

TEST_F(PolicyTest, FindsRulesThatContradictEachOther) {
  EXPECT_THAT(Fault("pins { name: 'p' item_id: 't2' position: 1 }\n"
                    "pins { name: 'q' item_id: 't3' position: 1 }"),
              HasSubstr(":2: pin 'q' takes place 1, as pin 'p' of line 1"));
  EXPECT_THAT(Fault("pins { name: 'p' item_id: 't2' position: 1 }\n"
                    "pins { name: 'q' item_id: 't2' position: 2 }"),
              HasSubstr(":2: pin 'q' places 't2'"));
  EXPECT_THAT(Fault("blocks { name: 'b' only: true match { item_ids: 't2' } }\n"
                    "caps { name: 'c' attribute: 'franchise' max: 1 }\n"
                    "pins { name: 'p' item_id: 't2' position: 1 }\n"
                    "pins { name: 'q' item_id: 't3' position: 2 }"),
              HasSubstr(":2: cap 'c' allows 1 of 'f0', but 2 are pinned"));
  EXPECT_TRUE(Load("pins { name: 'p' item_id: 't2' position: 1\n"
                   "       window { end: '2000-01-01T00:00:00Z' } }\n"
                   "pins { name: 'q' item_id: 't3' position: 1\n"
                   "       window { start: '2000-01-01T00:00:00Z' } }")
                  .ok());
}

TEST_F(PolicyTest, TellsWhichRulesHaveEnded) {
  const auto policy = *Load(R"(
    pins { name: "p" item_id: "t2" position: 1 window { end: "1970-01-01T00:01:40Z" } }
    pins { name: "q" item_id: "t3" position: 2 }
    blocks { name: "b" match { item_ids: "t5" } window { end: "1970-01-01T00:01:00Z" } }
    boosts { name: "o" match { item_ids: "t6" } multiplier: 2
             window { start: "1970-01-01T00:01:00Z" end: "1970-01-01T00:01:41Z" } })");
  EXPECT_EQ(FindEnded(*policy, 59).size(), 0);
  const std::vector<PolicyFault> ended = FindEnded(*policy, 100);
  ASSERT_EQ(ended.size(), 2);
  EXPECT_EQ(ended[0].line, 2);
  EXPECT_EQ(ended[0].what,
            "pin 'p' has no effect any more: its window ended at "
            "1970-01-01T00:01:40Z");
  EXPECT_EQ(ended[1].line, 4);
  EXPECT_THAT(ended[1].what, HasSubstr("block 'b' has no effect"));
}

TEST_F(PolicyTest, BlocksHideForTheirAudienceWhileTheyAreActive) {
  const auto policy = *Load(R"(
    blocks { name: "war" match { attribute: "genre" values: "War" }
             audience { countries: "DE" countries: "AT" maturity_limit_at_most: 12 }
             window { start: "1970-01-01T00:01:40Z" end: "1970-01-01T00:03:20Z" } }
    blocks { name: "only" only: true match { item_ids: "t0" item_ids: "t2" }
             audience { scenes: "kiosk" } })");
  const PolicyContext german{.country = "DE", .maturity_limit = 12, .now = 100};
  const auto hidden = [&](PolicyContext context, uint32_t row) {
    std::vector<uint64_t> bits(1, ~uint64_t{0} >> 14);
    policy->Hide(context, bits);
    EXPECT_EQ(policy->HiddenBy(context, ItemRow{row}) != nullptr,
              !TestBit(bits, row));
    return !TestBit(bits, row);
  };
  EXPECT_TRUE(hidden(german, 7));
  EXPECT_FALSE(hidden(german, 8));
  PolicyContext other = german;
  other.country = "FR";
  EXPECT_FALSE(hidden(other, 7));
  other = german;
  other.maturity_limit = UserTable::kNoMaturityLimit;
  EXPECT_FALSE(hidden(other, 7));
  for (const auto& [now, expected] :
       {std::pair{99u, false}, {199u, true}, {200u, false}}) {
    other = german;
    other.now = now;
    EXPECT_EQ(hidden(other, 7), expected) << now;
  }
  EXPECT_TRUE(hidden({.scene = "kiosk"}, 1));
  EXPECT_FALSE(hidden({.scene = "kiosk"}, 2));
}

TEST_F(PolicyTest, BoostsMeanTheSameUnderEveryScaleOfScores) {
  const auto policy = *Load(R"(
    boosts { name: "b" match { item_ids: "t3" } multiplier: 2 }
    boosts { name: "tv" match { item_ids: "t0" } multiplier: 5 audience { devices: "tv" } })");
  for (const float scale : {1.0f, 1000.0f}) {
    std::vector<SlateCandidate> candidates;
    for (uint32_t i = 0; i < 5; ++i) {
      candidates.push_back({ItemRow{i}, scale * static_cast<float>(i) + 7});
    }
    BoostScratch memory;
    ApplyBoosts(*policy, {}, *world_.catalog, candidates, memory);
    EXPECT_NEAR(candidates[2].score, 0, 1e-5);
    EXPECT_NEAR(candidates[4].score, std::sqrt(2.0f), 1e-5);
    EXPECT_NEAR(candidates[3].score, 1 / std::sqrt(2.0f) + std::log(2.0f),
                1e-5);
    EXPECT_NEAR(candidates[0].score, -std::sqrt(2.0f), 1e-5);
  }
  std::vector<SlateCandidate> equal = {{ItemRow{1}, 3}, {ItemRow{3}, 3}};
  BoostScratch memory;
  ApplyBoosts(*policy, {}, *world_.catalog, equal, memory);
  EXPECT_EQ(equal[0].score, 0);
  EXPECT_NEAR(equal[1].score, std::log(2.0f), 1e-6);
}

TEST_F(PolicyTest, FreshnessHalvesWithEveryHalfLife) {
  const auto policy =
      *Load(R"(freshness { name: "new" multiplier: 3 half_life_days: 10 })");
  const FreshnessRule& rule = policy->freshness[0];
  EXPECT_NEAR(rule.LogMultiplier(0), std::log(3.0f), 1e-6);
  EXPECT_NEAR(rule.LogMultiplier(10), std::log(2.0f), 1e-6);
  EXPECT_NEAR(rule.LogMultiplier(20), std::log(1.5f), 1e-6);
  EXPECT_EQ(rule.LogMultiplier(-1), 0);
  const CalendarSecond day_40 = 40 * 24 * 3600;
  EXPECT_NEAR(FreshnessOf(rule, *world_.catalog, day_40, ItemRow{30}),
              std::log(2.0f), 1e-6);
}

}  // namespace
}  // namespace marquee
