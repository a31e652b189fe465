#include "core/rerank/policy.h"

#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/rerank/boosts.h"
#include "core/rerank/policy_check.h"
#include "core/rerank/policy_loader.h"
#include "core/rerank/policy_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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

TEST_F(PolicyTest, AudiencesTakeDevicesInAnyCaseAndLanguagesOfAnyRegion) {
  const auto policy = Load(
      "boosts { name: 'a' multiplier: 2 match { item_ids: 't1' } audience { "
      "devices: 'TV' languages: 'de' languages: 'pt_BR' scenes: 'Home' } }");
  ASSERT_TRUE(policy.ok()) << policy.status();
  const Audience& audience = (*policy)->boosts[0].audience;
  const auto includes = [&](const char* device, const char* language,
                            const char* scene = "Home") {
    return audience.Includes(
        {.device = device, .language = language, .scene = scene});
  };
  EXPECT_TRUE(includes("tv", "de"));
  EXPECT_TRUE(includes("Tv", "DE-at"));
  EXPECT_TRUE(includes("TV", "pt-br"));
  EXPECT_FALSE(includes("tv", "pt"));
  EXPECT_FALSE(includes("tv", "pt-PT"));
  EXPECT_FALSE(includes("tv", ""));
  EXPECT_FALSE(includes("tvs", "de"));
  EXPECT_FALSE(includes("", "de"));
  EXPECT_FALSE(includes("tv", "de", "home"));
}

TEST_F(PolicyTest, KnowsTheDevicesAndScenesThatAreNamedOrDeclared) {
  const std::string rule =
      "boosts { name: 'a' multiplier: 2 match { item_ids: 't1' } audience { "
      "devices: 'Fridge' devices: 'tv' scenes: 'home' } }\n";
  const auto named = Load(rule);
  ASSERT_TRUE(named.ok()) << named.status();
  EXPECT_THAT((*named)->devices, ElementsAre("fridge", "tv"));
  EXPECT_THAT((*named)->scenes, ElementsAre("home"));
  const auto declared = Load(
      "scenes: 'kids' scenes: 'home' devices: 'TV' devices: 'fridge'\n" + rule);
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_THAT((*declared)->devices, ElementsAre("fridge", "tv"));
  EXPECT_THAT((*declared)->scenes, ElementsAre("home", "kids"));
  EXPECT_EQ(Fault("scenes: 'Home' devices: 'tv'\n" + rule),
            "policy.textproto:2: boosts 'a': audience device 'fridge': the "
            "file's devices are: tv\n"
            "policy.textproto:2: boosts 'a': audience scene 'home': the "
            "file's scenes are: Home");
}

std::vector<std::string> UnknownCodes(const Policy& policy) {
  std::vector<std::string> found;
  for (const PolicyFault& fault : FindUnknownCodes(policy)) {
    found.push_back(absl::StrCat(fault.line, " ", fault.what));
  }
  return found;
}

TEST_F(PolicyTest, FindsDevicesThatNoRequestIsKnownToSend) {
  const std::string rule =
      "boosts { name: 'a' multiplier: 2 match { item_ids: 't1' } audience { "
      "devices: 'TV' devices: 'Moblie' } }";
  const auto policy = Load(rule);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_THAT(UnknownCodes(**policy),
              ElementsAre("1 boost 'a': the device 'moblie' is none of tv, "
                          "mobile, tablet, web, console: is it what callers "
                          "send? Then `devices` declares all that they send"));
  const auto declared = Load("devices: ['moblie', 'tv']\n" + rule);
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_THAT(UnknownCodes(**declared), IsEmpty());
}

TEST_F(PolicyTest, FindsCodesThatAreNone) {
  const auto policy = Load(
      "boosts { name: 'a' multiplier: 2 match { item_ids: 't1' } audience "
      "{ countries: 'DE' countries: 'UK' } }\n"
      "blocks { name: 'b' match { item_ids: 't2' } audience { languages: "
      "'German' languages: 'de-AT' } }\n"
      "pins { name: 'p' item_id: 't3' position: 1 audience { countries: "
      "'EU' } }\n"
      "caps { name: 'c' attribute: 'genre' max: 1 audience { countries: "
      "'ZZ' } }\n"
      "freshness { name: 'f' multiplier: 2 half_life_days: 1 audience { "
      "countries: 'EN' } }\n"
      "sources { name: 's' source: 'new' weight: 1 audience { countries: 'UK' "
      "} }");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_THAT(
      UnknownCodes(**policy),
      ElementsAre(
          "1 boost 'a': 'UK' is not a country code of ISO 3166-1, perhaps GB",
          "2 block 'b': 'german' is not a language tag of BCP 47, such as de "
          "or de-AT",
          "3 pin 'p': 'EU' is not a country code of ISO 3166-1",
          "4 cap 'c': 'ZZ' is not a country code of ISO 3166-1",
          "5 freshness 'f': 'EN' is not a country code of ISO 3166-1, perhaps "
          "GB",
          "6 source 's': 'UK' is not a country code of ISO 3166-1, perhaps "
          "GB"));
}

TEST_F(PolicyTest, NamesSyntaxAndUnknownFieldsWithTheirLine) {
  EXPECT_THAT(Fault("caps {\n  nmae: \"x\"\n}"),
              HasSubstr("policy.textproto:2: column 3: caps: unknown field "
                        "'nmae', perhaps 'name'"));
  EXPECT_THAT(Fault("caps {\n  studio: \"x\"\n}"),
              HasSubstr("policy.textproto:2: column 3: caps: unknown field "
                        "'studio'; the fields are 'name', 'attribute', "));
  // Nothing is said of the rules then.
  EXPECT_THAT(Fault("caps {\n  max: banana\n}"),
              AllOf(HasSubstr("policy.textproto:2:"),
                    Not(HasSubstr("name is required"))));
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
        ":5: boosts 'd': no item has 'Comdey' as its genre; there are: ",
        ":6: boosts 'e': multiplier is -1",
        ":7: freshness 'f': half_life_days is 0",
        ":8: pins 'g': the catalogue has no item with the id 't99'",
        ":8: pins 'g': position is 201", ":9: blocks 'h': match needs item_ids",
        ":9: blocks 'h': window.start 'tomorrow'",
        ":10: blocks '': name is required",
        ":10: blocks '': audience country 'Germany'",
        ":11: diversity 'a': another rule",
        ":11: diversity 'a': strength is 2"}) {
    EXPECT_THAT(fault, HasSubstr(expected));
  }
}

// A range includes both of its ends.
TEST_F(PolicyTest, EveryRangeIsCheckedAtItsEnds) {
  const auto cap = [](const char* fields) {
    return absl::StrCat("caps { name: 'x' attribute: 'genre' ", fields, " }");
  };
  const auto boost = [](const char* fields) {
    return absl::StrCat("boosts { name: 'x' match { item_ids: 't1' } ", fields,
                        " }");
  };
  const auto fresh = [](const char* fields) {
    return absl::StrCat("freshness { name: 'x' ", fields, " }");
  };
  const auto pin = [](const char* fields) {
    return absl::StrCat("pins { name: 'x' item_id: 't2' ", fields, " }");
  };
  const auto diversity = [](const char* fields) {
    return absl::StrCat("diversity { name: 'x' ", fields, " }");
  };
  const auto limited = [](const char* limit) {
    return absl::StrCat(
        "caps { name: 'x' attribute: 'genre' max: 1 audience { ",
        "maturity_limit_at_most: ", limit, " } }");
  };
  for (const std::string& sound :
       {cap("max: 1"), cap("max: 200"), cap("max: 1 window: 2"),
        cap("max: 199 window: 200"), boost("multiplier: 0.001"),
        boost("multiplier: 1000"),
        fresh("multiplier: 1.001 half_life_days: 0.001"),
        fresh("multiplier: 1000 half_life_days: 100000"), pin("position: 1"),
        pin("position: 200"), diversity("strength: 0"),
        diversity("strength: 1"), diversity("strength: 1 pool: 20"),
        diversity("strength: 1 pool: 500"), limited("0"), limited("99")}) {
    EXPECT_EQ(Fault(sound), "") << sound;
  }
  const std::pair<std::string, std::string> wrong[] = {
      {cap("max: 0"), "caps 'x': max is 0: must be 1 to 200"},
      {cap("max: 201"), "caps 'x': max is 201: must be 1 to 200"},
      {cap("max: 3 window: 3"),
       "caps 'x': window is 3: must be 0, or more than max and at most 200"},
      {cap("max: 3 window: 201"),
       "caps 'x': window is 201: must be 0, or more than max and at most 200"},
      {boost("multiplier: 0"),
       "boosts 'x': multiplier is 0: must be more than 0 and at most 1000"},
      {boost("multiplier: 1000.5"),
       "boosts 'x': multiplier is 1000.5: must be more than 0 and at most "
       "1000"},
      {fresh("multiplier: 1 half_life_days: 1"),
       "freshness 'x': multiplier is 1: must be more than 1 and at most 1000"},
      {fresh("multiplier: 1000.5 half_life_days: 1"),
       "freshness 'x': multiplier is 1000.5: must be more than 1 and at most "
       "1000"},
      {fresh("multiplier: 2 half_life_days: 0"),
       "freshness 'x': half_life_days is 0: must be more than 0, at most "
       "100000"},
      {fresh("multiplier: 2 half_life_days: 100001"),
       "freshness 'x': half_life_days is 100001: must be more than 0, at "
       "most 100000"},
      {pin("position: 0"),
       "pins 'x': position is 0: must be 1 to 200, the longest list"},
      {pin("position: 201"),
       "pins 'x': position is 201: must be 1 to 200, the longest list"},
      {diversity("strength: -0.001"),
       "diversity 'x': strength is -0.001: must be 0 to 1"},
      {diversity("strength: 1.001"),
       "diversity 'x': strength is 1.001: must be 0 to 1"},
      {diversity("pool: 19"),
       "diversity 'x': pool is 19: must be 0, or 20 to 500"},
      {diversity("pool: 501"),
       "diversity 'x': pool is 501: must be 0, or 20 to 500"},
      {limited("-1"),
       "caps 'x': audience maturity_limit_at_most is -1: must be 0 to 99"},
      {limited("100"),
       "caps 'x': audience maturity_limit_at_most is 100: must be 0 to 99"}};
  for (const auto& [text, fault] : wrong) {
    EXPECT_EQ(Fault(text), "policy.textproto:1: " + fault);
  }
}

TEST_F(PolicyTest, ReadsSourcesOfCandidates) {
  const auto policy = Load(R"(
    sources { name: "a" source: "trending" weight: 4 half_life: "6h"
              audience { countries: "DE" }
              window { end: "1970-01-01T00:01:40Z" } }
    sources { name: "b" source: "new" weight: 1 days: 30 }
    sources { name: "c" source: "genre" weight: 2 half_life: "30d" }
    sources { name: "d" source: "because" weight: 100 }
    sources { name: "e" source: "personal" weight: 8 days: 0 })");
  ASSERT_TRUE(policy.ok()) << policy.status();
  const std::vector<SourceRule>& rules = (*policy)->sources;
  ASSERT_EQ(rules.size(), 5);
  EXPECT_EQ(rules[0].source, Source::kTrending);
  EXPECT_EQ(rules[0].weight, 4);
  EXPECT_EQ(rules[0].horizon, Horizon::kHours);
  EXPECT_EQ(rules[0].line, 2);
  EXPECT_TRUE(rules[0].IsActive({.country = "DE", .now = 99}));
  EXPECT_FALSE(rules[0].IsActive({.country = "FR", .now = 99}));
  EXPECT_FALSE(rules[0].IsActive({.country = "DE", .now = 100}));
  EXPECT_EQ(rules[1].source, Source::kNew);
  EXPECT_EQ(rules[1].new_days, 30);
  EXPECT_EQ(rules[1].weight, 1);
  EXPECT_EQ(rules[2].source, Source::kGenre);
  EXPECT_EQ(rules[2].horizon, Horizon::kMonth);
  EXPECT_EQ(rules[3].source, Source::kBecause);
  EXPECT_EQ(rules[3].weight, 100);
  EXPECT_EQ(rules[4].source, Source::kPersonal);
  // What a rule does not say.
  EXPECT_EQ(rules[4].horizon, Horizon::kWeek);
  EXPECT_EQ(rules[4].new_days, 365);
}

TEST_F(PolicyTest, EveryFaultOfASourceIsTold) {
  const auto source = [this](const char* fields) {
    return Fault(absl::StrCat("\nsources { name: 'x' ", fields, " }"));
  };
  for (const char* const sound :
       {"source: 'new' weight: 1 days: 1", "source: 'new' weight: 1 days: 3650",
        "source: 'new' weight: 100 days: 0",
        "source: 'because' weight: 1 days: 0",
        "source: 'trending' weight: 1 half_life: '1d'",
        "source: 'genre' weight: 1 half_life: '7d'"}) {
    EXPECT_EQ(source(sound), "") << sound;
  }
  const std::pair<const char*, const char*> wrong[] = {
      {"weight: 1",
       "source is '': must be one of personal, trending, new, because, genre"},
      {"source: 'Trending' weight: 1",
       "source is 'Trending': must be one of personal, trending, new, because, "
       "genre"},
      {"source: 'pinned' weight: 1",
       "source is 'pinned': must be one of personal, trending, new, because, "
       "genre"},
      // One fault: nobody knows what an unknown source has.
      {"source: 'trendin' weight: 1 half_life: '7d' days: 7",
       "source is 'trendin': must be one of personal, trending, new, because, "
       "genre"},
      {"source: 'new'", "weight is 0: must be 1 to 100"},
      {"source: 'new' weight: -1", "weight is -1: must be 1 to 100"},
      {"source: 'new' weight: 101", "weight is 101: must be 1 to 100"},
      {"source: 'new' weight: 1 days: -1",
       "days is -1: must be 0, or 1 to 3650"},
      {"source: 'new' weight: 1 days: 3651",
       "days is 3651: must be 0, or 1 to 3650"},
      {"source: 'genre' weight: 1 days: 7",
       "days: only the source 'new' has them"},
      {"source: 'personal' weight: 1 days: 7",
       "days: only the source 'new' has them"},
      {"source: 'trending' weight: 1 half_life: '2d'",
       "half_life is '2d': must be one of 6h, 1d, 7d, 30d"},
      {"source: 'genre' weight: 1 half_life: '7 d'",
       "half_life is '7 d': must be one of 6h, 1d, 7d, 30d"},
      {"source: 'new' weight: 1 half_life: '7d'",
       "half_life: only the sources 'trending' and 'genre' have one"},
      {"source: 'new' weight: 1 half_life: '2d'",
       "half_life: only the sources 'trending' and 'genre' have one"},
      {"source: 'because' weight: 1 half_life: '7d'",
       "half_life: only the sources 'trending' and 'genre' have one"}};
  for (const auto& [fields, fault] : wrong) {
    EXPECT_EQ(source(fields),
              absl::StrCat("policy.textproto:2: sources 'x': ", fault));
  }
  EXPECT_EQ(Fault("sources { source: 'new' weight: 0 }\n"
                  "sources { name: 'x' source: 'new' weight: 1 }\n"
                  "sources { name: 'x' source: 'new' weight: 1\n"
                  "audience { countries: 'Germany' } }"),
            "policy.textproto:1: sources '': name is required\n"
            "policy.textproto:1: sources '': weight is 0: must be 1 to 100\n"
            "policy.textproto:3: sources 'x': another rule has this name\n"
            "policy.textproto:3: sources 'x': audience country 'Germany': must "
            "be two upper-case letters");
}

TEST_F(PolicyTest, RefusesWhatIsNoCountryNoTimeAndNoMatch) {
  const auto audience = [](const char* country) {
    return absl::StrCat("caps { name: 'x' attribute: 'genre' max: 1\n",
                        "audience { countries: '", country, "' } }");
  };
  for (const char* country : {"Germany", "D", "De", "dE", "DEU", ""}) {
    EXPECT_EQ(Fault(audience(country)),
              absl::StrCat("policy.textproto:1: caps 'x': audience country '",
                           country, "': must be two upper-case letters"));
  }
  const auto window = [](const char* fields) {
    return absl::StrCat("pins { name: 'x' item_id: 't2' position: 1 window { ",
                        fields, " } }");
  };
  EXPECT_EQ(Fault(window("end: 'tomorrow'")),
            "policy.textproto:1: pins 'x': window.end 'tomorrow': must be like "
            "2026-12-01T00:00:00Z");
  for (const char* const none :
       {"2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-12-01T24:00:00Z",
        "2026-12-01T00:60:00+01:00", "2026-00-01T00:00:00-01:00"}) {
    EXPECT_EQ(Fault(window(absl::StrCat("start: '", none, "'").c_str())),
              absl::StrCat("policy.textproto:1: pins 'x': window.start '", none,
                           "': there is no such day or time"));
  }
  for (const char* const formless :
       {"2026-2-30T00:00:00Z", "2026-02-30", "2026-02-30 00:00:00Z",
        "2026-02-30T00:00:00", "2026-02-30T00:00:00Z."}) {
    EXPECT_EQ(Fault(window(absl::StrCat("start: '", formless, "'").c_str())),
              absl::StrCat("policy.textproto:1: pins 'x': window.start '",
                           formless, "': must be like 2026-12-01T00:00:00Z"));
  }
  for (const char* start : {"2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"}) {
    EXPECT_EQ(Fault(window(absl::StrCat("end: '2026-12-01T00:00:00Z' start: '",
                                        start, "'")
                               .c_str())),
              "policy.textproto:1: pins 'x': window.start must be before "
              "window.end");
  }
  const auto block = [](const char* match) {
    return absl::StrCat("blocks { name: 'x' match { ", match, " } }");
  };
  const std::pair<std::string, std::string> wrong[] = {
      {block("item_ids: 't99'"),
       "match names item 't99', which the catalogue does not have"},
      {block("item_ids: 't1' values: 'Comedy'"),
       "match has values but no attribute"},
      {block("attribute: 'genre'"), "match has an attribute but no values"},
      {block("attribute: 'colour' values: 'red'"),
       "unknown attribute 'colour'; the catalogue has: franchise, genre"}};
  for (const auto& [text, fault] : wrong) {
    EXPECT_EQ(Fault(text), "policy.textproto:1: blocks 'x': " + fault);
  }
}

TEST_F(PolicyTest, ANameInThePlaceOfAnIdIsToldWithTheId) {
  const auto pin = [this](const std::string& id) {
    return Fault("pins { name: 'x' position: 1 item_id: '" + id + "' }");
  };
  EXPECT_EQ(pin("film 5"),
            "policy.textproto:1: pins 'x': the catalogue has no item with the "
            "id 'film 5'; 't5' is called so");
  EXPECT_EQ(pin("Film 99"),
            "policy.textproto:1: pins 'x': the catalogue has no item with the "
            "id 'Film 99'");
  EXPECT_EQ(Fault("blocks { name: 'x' match { item_ids: 'Film 7' } }"),
            "policy.textproto:1: blocks 'x': match names item 'Film 7', which "
            "the catalogue does not have; 't7' is called so");
}

TEST_F(PolicyTest, ANumberIsNoAttributeThatRulesMatch) {
  for (const char* const name : {"minutes", "maturity"}) {
    EXPECT_EQ(Fault(absl::StrCat("caps { name: 'x' max: 1 attribute: '", name,
                                 "' }")),
              absl::StrCat("policy.textproto:1: caps 'x': attribute '", name,
                           "': is a number, and rules match texts; the "
                           "catalogue has: franchise, genre"));
  }
}

TEST_F(PolicyTest, AStartThatNoCalendarReachesIsTold) {
  for (const char* const end : {"", "end: '2207-01-01T00:00:00Z'"}) {
    EXPECT_EQ(
        Fault(absl::StrCat("pins { name: 'x' item_id: 't2' position: 1 window "
                           "{ start: '2206-12-01T00:00:00Z' ",
                           end, " } }")),
        "policy.textproto:1: pins 'x': window.start '2206-12-01T00:00:00Z': "
        "must be before 2106-02-07");
  }
}

TEST_F(PolicyTest, FaultsComeInTheOrderOfTheirLines) {
  EXPECT_EQ(Fault("pins { name: 'p' item_id: 't2' position: 0 }\n"
                  "blocks { name: 'b' match { item_ids: 't99' } }\n"
                  "caps { attribute: 'genre' max: 0 }"),
            "policy.textproto:1: pins 'p': position is 0: must be 1 to 200, "
            "the longest list\n"
            "policy.textproto:2: blocks 'b': match names item 't99', which "
            "the catalogue does not have\n"
            "policy.textproto:3: caps '': name is required\n"
            "policy.textproto:3: caps '': max is 0: must be 1 to 200");
}

// What no item is stays clear, whatever the size of the catalogue.
TEST_F(PolicyTest, ABlockKnowsTheItemsThatItLetsPass) {
  for (const size_t size : {1, 50, 64, 70, 128}) {
    const RerankWorld world(size);
    const auto policy = LoadPolicy(
        "blocks { name: 'b' match { item_ids: 't0' } }\n"
        "pins { name: 'p' item_id: 't0' position: 1\n"
        "       audience { countries: 'DE' } }",
        "policy", *world.catalog, *world.calendar);
    // Also says that the pin is in vain, and for one item that none is left.
    EXPECT_FALSE(policy.ok());
    EXPECT_EQ(absl::StrContains(policy.status().message(),
                                ":1: block 'b' hides every item"),
              size == 1)
        << policy.status();
    if (size == 1) continue;
    const auto sound = LoadPolicy(
        "blocks { name: 'b' match { item_ids: 't0' } }\n"
        "blocks { name: 'o' only: true match { item_ids: 't0' } }",
        "policy", *world.catalog, *world.calendar);
    ASSERT_TRUE(sound.ok()) << sound.status();
    const std::vector<uint64_t>& shown = (*sound)->blocks[0].shown;
    EXPECT_EQ(CountBits(shown), size - 1);
    for (size_t row = 0; row < 64 * shown.size(); ++row) {
      EXPECT_EQ(TestBit(shown, row), row > 0 && row < size) << row;
    }
    EXPECT_EQ(CountBits((*sound)->blocks[1].shown), 1);
  }
}

TEST_F(PolicyTest, DiversityIsWhatWasWritten) {
  const auto policy =
      *Load("diversity { name: 'apart' strength: 0.25 pool: 40 }");
  EXPECT_EQ(policy->diversity_name, "apart");
  EXPECT_EQ(policy->diversity_strength, 0.25f);
  EXPECT_EQ(policy->diversity_pool, 40);
}

TEST_F(PolicyTest, TextThatCanNotBeReadIsSaidToBeSo) {
  for (const char* text : {"caps {", "# \xff", "caps { name: '\\377' }"}) {
    config::Policy message;
    google::protobuf::TextFormat::ParseInfoTree places;
    std::vector<PolicyFault> faults;
    EXPECT_FALSE(ParsePolicy(text, message, places, faults)) << text;
    EXPECT_EQ(faults.size(), 1) << text;
  }
}

// The first or the last: the comparison of two pins is not forgotten.
TEST_F(PolicyTest, PinsForDifferentUsersDoNotContradictEachOther) {
  const auto pins = [](const char* a, const char* b) {
    return absl::StrCat(
        "pins { name: 'p' item_id: 't2' position: 1 audience { ", a, " } }\n",
        "pins { name: 'q' item_id: 't3' position: 1 audience { ", b, " } }");
  };
  EXPECT_EQ(Fault(pins("devices: 'tv'", "devices: 'phone'")), "");
  EXPECT_EQ(Fault(pins("languages: 'de'", "languages: 'fr'")), "");
  const std::string same =
      "policy.textproto:2: pin 'q' takes place 1, as pin 'p' of line 1, "
      "at the same time";
  EXPECT_EQ(Fault(pins("countries: 'DE' countries: 'AT'",
                       "countries: 'AT' countries: 'DE'")),
            same);
  EXPECT_EQ(Fault(pins("languages: 'pt_BR'", "languages: 'PT-br'")), same);
}

// The end of a window is not in it: neither that of a pin nor that of a
// licence. t1 may be shown in France until second 1000.
TEST_F(PolicyTest, WindowsThatOnlyTouchDoNotMeet) {
  const auto pin = [](const char* country, absl::string_view window) {
    return absl::StrCat("pins { name: 'p' item_id: 't1' position: 1\n",
                        "audience { countries: '", country,
                        "' countries: 'BE' } window { ", window, " } }");
  };
  EXPECT_EQ(Fault(pin("FR", "start: '1970-01-01T00:16:39Z'")), "");
  const absl::string_view between =
      "start: '1970-01-01T00:16:40Z' end: '1970-01-01T00:50:0";
  EXPECT_THAT(Fault(pin("FR", absl::StrCat(between, "0Z'"))),
              HasSubstr("can never be shown"));
  EXPECT_EQ(Fault(pin("FR", absl::StrCat(between, "1Z'"))), "");
  EXPECT_THAT(Fault(pin("DE", "start: '1970-01-01T00:16:39Z'")),
              HasSubstr("can never be shown"));
  EXPECT_EQ(Fault("pins { name: 'q' item_id: 't3' position: 1\n"
                  "       window { start: '2000-01-01T00:00:00Z' } }\n"
                  "pins { name: 'p' item_id: 't2' position: 1\n"
                  "       window { end: '2000-01-01T00:00:00Z' } }"),
            "");
}

TEST_F(PolicyTest, APinForTheOldestOfItsAudienceMayBeShown) {
  EXPECT_EQ(Fault("pins { name: 'p' item_id: 't2' position: 1\n"
                  "       audience { maturity_limit_at_most: 12 } }"),
            "");
}

// Pins that certainly meet, and more of them than the cap allows.
TEST_F(PolicyTest, OnlyPinsThatMeetBreakACap) {
  const auto pins = [](const char* of_q) {
    return absl::StrCat("caps { name: 'c' attribute: 'franchise' max: 1 }\n",
                        "pins { name: 'p' item_id: 't2' position: 1 }\n",
                        "pins { name: 'q' item_id: 't3' position: 2 ", of_q,
                        " }");
  };
  EXPECT_THAT(Fault(pins("")), HasSubstr("allows 1 of 'f0', but 2 are pinned"));
  for (const char* sometimes : {"audience { devices: 'tv' }",
                                "window { start: '2000-01-01T00:00:00Z' }",
                                "window { end: '2000-01-01T00:00:00Z' }"}) {
    EXPECT_EQ(Fault(pins(sometimes)), "");
  }
  EXPECT_EQ(Fault("caps { name: 'c' attribute: 'franchise' max: 2 }\n"
                  "pins { name: 'p' item_id: 't2' position: 1 }\n"
                  "pins { name: 'q' item_id: 't3' position: 2 }"),
            "");
}

// 25 items of Comedy or Drama, four of which are of War too; four franchises
// of six, and one of one item.
TEST_F(PolicyTest, FindsCapsWithWhichNoListIsFull) {
  const RerankWorld world(25, {0, 20});
  const auto unfillable = [&](const std::string& cap) -> std::string {
    const auto policy =
        LoadPolicy("# A comment.\ncaps { name: 'c' " + cap + "}", "policy",
                   *world.catalog, *world.calendar);
    if (!policy.ok()) return std::string(policy.status().message());
    const auto faults = FindUnfillable(**policy, *world.catalog);
    if (faults.empty()) return "";
    EXPECT_EQ(faults.size(), 1);
    EXPECT_EQ(faults[0].line, 2);
    return faults[0].what;
  };
  EXPECT_EQ(unfillable("attribute: 'franchise' max: 2 strict: true"),
            "cap 'c' ends a list after about 11 items, even where all may be "
            "shown; a request may ask for 200");
  EXPECT_EQ(unfillable("attribute: 'franchise' max: 3"),
            "cap 'c' is relaxed after about 15 items, even where all may be "
            "shown; a request may ask for 200");
  // No more than there are: two of the franchises have five items.
  EXPECT_THAT(unfillable("attribute: 'franchise' max: 5"), HasSubstr(" 23 "));
  EXPECT_EQ(unfillable("attribute: 'franchise' max: 6"), "");
  // For some.
  EXPECT_THAT(unfillable("attribute: 'franchise' max: 1 audience { devices: "
                         "'tv' }"),
              HasSubstr(" 7 "));
  // Two of two genres; those of War have one of the others, too.
  EXPECT_THAT(unfillable("attribute: 'genre' max: 2"), HasSubstr(" 4 "));
  // In a stretch of three there is one genre too few.
  EXPECT_THAT(unfillable("attribute: 'genre' max: 1 window: 3"),
              HasSubstr(" 2 "));
  EXPECT_EQ(unfillable("attribute: 'franchise' max: 1 window: 2 "
                       "strict: true"),
            "");
}

// Three genres of a hundred items, all others of one, in the order of genres.
TEST_F(PolicyTest, FindsCapsThatRareValuesCanNotFillInALargeCatalogue) {
  constexpr size_t kItems = 400'000;
  CatalogWriter writer;
  for (size_t i = 0; i < kItems; ++i) {
    ItemRecord item;
    item.id = absl::StrCat("t", i);
    item.attributes["genre"] = {i < kItems - 300 ? "Drama"
                                                 : absl::StrCat("g", i % 3)};
    ASSERT_TRUE(writer.Add(item).ok());
  }
  auto out = *ArrayFileWriter::CreateInMemory();
  ASSERT_TRUE(writer.Write(*out).ok());
  const auto file = *out->FinishInMemory();
  const auto catalog = *Catalog::Open(*file);
  const RerankWorld world(1);
  const auto unfillable = [&](const std::string& cap) {
    const auto policy = LoadPolicy("caps { name: 'c' attribute: 'genre' " + cap,
                                   "policy", *catalog, *world.calendar);
    EXPECT_TRUE(policy.ok()) << policy.status();
    const auto faults = FindUnfillable(**policy, *catalog);
    return faults.empty() ? "" : faults[0].what;
  };
  EXPECT_THAT(unfillable("max: 1 window: 5 strict: true }"),
              HasSubstr("ends a list after about 4 items"));
  EXPECT_EQ(unfillable("max: 1 window: 2 }"), "");
}

TEST_F(PolicyTest, RulesOfEveryKindEnd) {
  const auto policy = *Load(R"(
    pins { name: "p" item_id: "t2" position: 1 window { end: "1970-01-01T00:01:40Z" } }
    freshness { name: "f" multiplier: 2 half_life_days: 1
                window { end: "1970-01-01T00:01:40Z" } }
    boosts { name: "o" match { item_ids: "t6" } multiplier: 2
             window { end: "1970-01-01T00:01:40Z" } }
    blocks { name: "b" match { item_ids: "t5" } window { end: "1970-01-01T00:01:40Z" } }
    sources { name: "s" source: "new" weight: 1
              window { end: "1970-01-01T00:01:40Z" } })");
  EXPECT_TRUE(FindEnded(*policy, 99).empty());
  std::vector<std::string> ended;
  for (const PolicyFault& fault : FindEnded(*policy, 100)) {
    ended.push_back(fault.what.substr(0, fault.what.find(" has")));
  }
  EXPECT_THAT(ended,
              ::testing::ElementsAre("pin 'p'", "freshness 'f'", "boost 'o'",
                                     "block 'b'", "source 's'"));
}

// A context that says nothing is of the first second of 1970.
TEST_F(PolicyTest, ARuleIsActiveFromItsFirstSecondToItsLast) {
  const auto policy = *Load(
      "pins { name: 'p' item_id: 't2' position: 1\n"
      "       window { start: '1970-01-01T00:00:01Z'\n"
      "                end: '1970-01-01T00:00:03Z' }\n"
      "       audience { languages: 'de' } }");
  const PinRule& pin = policy->pins[0];
  EXPECT_FALSE(pin.IsActive({.language = "de"}));
  EXPECT_TRUE(pin.IsActive({.language = "de", .now = 1}));
  EXPECT_TRUE(pin.IsActive({.language = "de", .now = 2}));
  EXPECT_FALSE(pin.IsActive({.language = "de", .now = 3}));
  EXPECT_FALSE(pin.IsActive({.language = "fr", .now = 1}));
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
  EXPECT_THAT(Fault("pins { name: 'o' item_id: 't4' position: 3 }\n"
                    "pins { name: 'p' item_id: 't2' position: 1 }\n"
                    "pins { name: 'q' item_id: 't3' position: 1 }"),
              HasSubstr(":3: pin 'q' takes place 1, as pin 'p' of line 2"));
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
  const UserContext german{.country = "DE", .maturity_limit = 12, .now = 100};
  const auto hidden = [&](UserContext context, uint32_t row) {
    std::vector<uint64_t> bits(1, ~uint64_t{0} >> 14);
    policy->Hide(context, bits);
    EXPECT_EQ(policy->HiddenBy(context, ItemRow{row}) != nullptr,
              !TestBit(bits, row));
    return !TestBit(bits, row);
  };
  EXPECT_TRUE(hidden(german, 7));
  EXPECT_FALSE(hidden(german, 8));
  UserContext other = german;
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
    std::vector<Candidate> candidates;
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
  std::vector<Candidate> equal = {{ItemRow{1}, 3}, {ItemRow{3}, 3}};
  BoostScratch memory;
  ApplyBoosts(*policy, {}, *world_.catalog, equal, memory);
  EXPECT_EQ(equal[0].score, 0);
  EXPECT_NEAR(equal[1].score, std::log(2.0f), 1e-6);
}

// What one request leaves in the worker's memory is nothing to the next.
TEST_F(PolicyTest, ScoresThatAreNoneAreCountedOnce) {
  const auto policy = *Load("");
  BoostScratch memory;
  const float huge = std::numeric_limits<float>::infinity();
  std::vector<Candidate> candidates = {
      {ItemRow{0}, 1}, {ItemRow{1}, huge}, {ItemRow{2}, 3}, {ItemRow{3}, 7}};
  // The last one is not of the request.
  const std::span<Candidate> first(candidates.data(), 3);
  EXPECT_EQ(ApplyBoosts(*policy, {}, *world_.catalog, first, memory), 1);
  EXPECT_FLOAT_EQ(candidates[0].score, -1);
  EXPECT_GT(candidates[1].score, 2);
  EXPECT_FLOAT_EQ(candidates[2].score, 1);
  EXPECT_EQ(candidates[3].score, 7);
  EXPECT_EQ(candidates[0].source, Source::kPersonal);
  std::vector<Candidate> others = {{ItemRow{1}, 5}, {ItemRow{2}, 9}};
  EXPECT_EQ(ApplyBoosts(*policy, {}, *world_.catalog, others, memory), 0);
  EXPECT_FLOAT_EQ(others[0].score, -1);
  EXPECT_FLOAT_EQ(others[1].score, 1);
}

TEST_F(PolicyTest, FreshnessRaisesWhatIsNewForItsAudience) {
  const RerankWorld world(50, {5});
  const auto policy = *LoadPolicy(
      R"(freshness { name: "new" multiplier: 3 half_life_days: 10 }
         freshness { name: "tv" multiplier: 3 half_life_days: 10
                     audience { devices: "tv" } })",
      "policy", *world.catalog, *world.calendar);
  // The last second of day 30: t20 is ten days old, t31 is not released yet,
  // and of t5 nobody knows.
  const CalendarSecond now = 31 * 24 * 3600 - 1;
  for (const bool tv : {false, true}) {
    std::vector<Candidate> candidates = {
        {ItemRow{30}, 1}, {ItemRow{20}, 1}, {ItemRow{31}, 1}, {ItemRow{5}, 1}};
    BoostScratch memory;
    ApplyBoosts(*policy, {.device = tv ? "tv" : "phone", .now = now},
                *world.catalog, candidates, memory);
    const float times = tv ? 2 : 1;
    EXPECT_NEAR(candidates[0].score, times * std::log(3.0f), 1e-6);
    EXPECT_NEAR(candidates[1].score, times * std::log(2.0f), 1e-6);
    EXPECT_EQ(candidates[2].score, 0);
    EXPECT_EQ(candidates[3].score, 0);
  }
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
