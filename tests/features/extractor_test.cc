#include "core/features/extractor.h"

#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/catalog/catalog_writer.h"
#include "core/catalog/popularity_writer.h"
#include "core/features/trainer_names.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ExtractorTest : public ::testing::Test {
 protected:
  ExtractorTest() {
    CatalogWriter writer;
    for (int i = 0; i < 100; ++i) {
      ItemRecord item;
      item.id = std::to_string(i);
      if (i != 99) item.maturity = i % 3 * 6;
      if (i % 2 == 0) item.released = absl::CivilDay(1970) + i;
      item.attributes["genre"] = {i % 4 == 0 ? "Comedy" : "Drama"};
      if (i % 5 == 0) item.attributes["genre"].push_back("War");
      if (i < 10) item.attributes["franchise"] = {"Saga"};
      item.attributes["language"] = {i % 2 == 0 ? "en" : "de"};
      if (i % 7 == 0) item.numbers["runtime"] = 90 + i;
      EXPECT_TRUE(writer.Add(item).ok());
    }
    auto out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(writer.Write(*out).ok());
    file_ = *out->FinishInMemory();
    catalog_ = *Catalog::Open(*file_);
    OpenPopularity();
    for (int i = 0; i < 80; ++i) {  // items 80 to 99 have no vector
      vectors_.insert(vectors_.end(),
                      {3.0f, static_cast<float>(i), 0.0f, 4.0f});
    }
  }

  // Item i was watched i times; half of that was in the last hour, if i is
  // even, or a month before.
  void OpenPopularity() {
    PopularityWriter writer(100);
    for (uint32_t i = 0; i < 100; ++i) {
      for (uint32_t n = 0; n < i; ++n) {
        writer.Add("", ItemRow{i}, i % 2 == 0 && n % 2 == 0 ? kMonth : 0);
      }
    }
    auto out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(writer.Write({}, *out).ok());
    popularity_file_ = *out->FinishInMemory();
    popularity_ = *Popularity::Open(*popularity_file_, 100);
  }

  FeatureSources Sources() const {
    return {.catalog = catalog_.get(),
            .popularity = popularity_.get(),
            .vectors = vectors_,
            .dimension = 4};
  }

  // The value of one feature for one candidate among others.
  float Value(const std::string& name, const UserContext& user,
              Candidate candidate, std::optional<float> position = {}) {
    const std::string other = "item.maturity";
    const std::vector<std::string> names = {
        name == other ? "item.genres" : other, name};
    const auto extractor = FeatureExtractor::Create(Sources(), names);
    EXPECT_TRUE(extractor.ok()) << extractor.status();
    std::vector<Candidate> candidates(70, Candidate{ItemRow{1}, 0.5f});
    candidates[66] = candidate;
    FeatureMatrix matrix(100, 2);
    FeatureScratch scratch;
    std::vector<float> positions;
    if (position) {
      positions.resize(candidates.size(), 1);
      positions[66] = *position;
    }
    std::vector<CandidateOrigin> origins(candidates.size());
    origins[66] = {.rank = {7, 0, 2, 9, 400}, .because_score = 0.5f};
    (*extractor)
        ->Extract(user, candidates, origins, scratch, matrix, positions);
    // The scratch is left clean.
    (*extractor)
        ->Extract(user, candidates, origins, scratch, matrix, positions);
    return matrix.At(66, 1);
  }

  static constexpr int64_t kMonth = 30 * 24 * 60 * 60;

  std::vector<float> vectors_;
  std::unique_ptr<const ArrayFile> file_;
  std::unique_ptr<const Catalog> catalog_;
  std::unique_ptr<const ArrayFile> popularity_file_;
  std::unique_ptr<const Popularity> popularity_;
};

TEST_F(ExtractorTest, EveryFeatureHasTheValueOfItsDefinition) {
  const std::vector<float> vector = {0, 0, 3, 4};
  const std::vector<uint8_t> share = {
      255, 0, 51};  // Comedy, War, Drama, by first appearance
  const std::vector<ItemRow> seen = {ItemRow{2}, ItemRow{3}, ItemRow{50}};
  const UserContext user{.device = "mobile",
                         .language = "de",
                         .now = CalendarSecond{1000} * 24 * 60 * 60,
                         .local_hour = 21,
                         .vector = vector,
                         .taste = {.watches = 3,
                                   .mean_released_day = 26,
                                   .mean_log_watches = 2,
                                   .genre_share = share},
                         .seen = seen};
  const Candidate six{ItemRow{6}, 16.0f};
  EXPECT_FLOAT_EQ(Value("item.log_watches", user, six), std::log1p(6.0f));
  const auto log_share = [this](uint32_t row, Horizon horizon) {
    const RankedItems items = popularity_->Everywhere(horizon);
    for (size_t i = 0; i < items.rows.size(); ++i) {
      if (items.rows[i] == ItemRow{row}) return std::log(items.shares[i]);
    }
    return NAN;
  };
  EXPECT_EQ(Value("item.log_share_6h", user, six),
            log_share(6, Horizon::kHours));
  EXPECT_EQ(Value("item.log_share_1d", user, six), log_share(6, Horizon::kDay));
  EXPECT_EQ(Value("item.log_share_7d", user, six),
            log_share(6, Horizon::kWeek));
  EXPECT_EQ(Value("item.log_share_30d", user, six),
            log_share(6, Horizon::kMonth));
  EXPECT_EQ(Value("item.trend_7d", user, six),
            log_share(6, Horizon::kWeek) - log_share(6, Horizon::kMonth));
  EXPECT_GT(Value("item.trend_6h", user, six), 0) << "played in the last hour";
  EXPECT_LT(Value("item.trend_6h", user, {ItemRow{7}, 1.0f}), 0);
  EXPECT_TRUE(std::isnan(Value("item.log_share_6h", user, {ItemRow{0}, 1})))
      << "never played";
  EXPECT_EQ(Value("item.maturity", user, {ItemRow{5}, 1.0f}), 12);
  EXPECT_TRUE(std::isnan(Value("item.maturity", user, {ItemRow{99}, 1.0f})));
  EXPECT_EQ(Value("item.released_day", user, six), 6);
  EXPECT_EQ(Value("item.vector_length", user, six), std::sqrt(25.0f + 36.0f));
  EXPECT_EQ(Value("item.genres", user, six), 1);
  EXPECT_EQ(Value("item.genre=Drama", user, six), 1);
  EXPECT_EQ(Value("item.genre=Comedy", user, six), 0);
  EXPECT_EQ(Value("item.runtime", user, {ItemRow{7}, 1.0f}), 97);
  EXPECT_TRUE(std::isnan(Value("item.runtime", user, six)));
  EXPECT_FLOAT_EQ(Value("user.log_watches", user, six), std::log1p(3.0f));
  EXPECT_EQ(Value("user.mean_released_day", user, six), 26);
  EXPECT_EQ(Value("user.mean_log_watches", user, six), 2);
  EXPECT_EQ(Value("user.vector_length", user, six), 5);
  EXPECT_EQ(Value("cross.similarity", user, six), 16);
  EXPECT_EQ(Value("cross.cosine", user, six), 16 / (5 * std::sqrt(61.0f)));
  EXPECT_EQ(Value("cross.rank_personal", user, six), 7);
  EXPECT_TRUE(std::isnan(Value("cross.rank_trending", user, six)));
  EXPECT_EQ(Value("cross.rank_new", user, six), 2);
  EXPECT_EQ(Value("cross.rank_because", user, six), 9);
  EXPECT_EQ(Value("cross.rank_genre", user, six), 400);
  EXPECT_EQ(Value("cross.because", user, six), 0.5f);
  EXPECT_EQ(Value("cross.genre_affinity", user, six), 51 / 255.0f);
  EXPECT_EQ(Value("cross.genre_affinity", user, {ItemRow{0}, 1.0f}), 0.5f);
  EXPECT_EQ(Value("cross.release_gap_days", user, six), -20);
  EXPECT_NEAR(Value("cross.watches_gap", user, six), std::log1p(6.0f) - 2,
              1e-6);
  EXPECT_EQ(Value("cross.franchise_seen", user, six), 2);
  EXPECT_EQ(Value("cross.franchise_seen", user, {ItemRow{60}, 1.0f}), 0);
  EXPECT_EQ(Value("cross.language_match", user, six), 0);
  EXPECT_EQ(Value("cross.language_match", user, {ItemRow{7}, 1.0f}), 1);
  EXPECT_EQ(Value("cross.age_days", user, six), 994);
  EXPECT_EQ(Value("request.local_hour", user, six), 21);
  EXPECT_EQ(Value("request.device", user, six), 1);
  EXPECT_EQ(Value("request.position", user, six), 0);
  EXPECT_EQ(Value("request.position", user, six, 4), 4);
}

TEST_F(ExtractorTest, LanguagesAndDevicesAreTheSameInAnyCaseAndRegion) {
  const Candidate german{ItemRow{7}, 1.0f};
  const auto value = [&](const std::string& feature, const char* language,
                         const char* device) {
    const UserContext user{.device = device, .language = language};
    return Value(feature, user, german);
  };
  for (const char* const language : {"de", "DE", "de-AT", "de_DE"}) {
    EXPECT_EQ(value("cross.language_match", language, ""), 1) << language;
  }
  for (const char* const language : {"en", "deu", "German", "den"}) {
    EXPECT_EQ(value("cross.language_match", language, ""), 0) << language;
  }
  EXPECT_EQ(value("request.device", "", "TV"), 0);
  EXPECT_EQ(value("request.device", "", "Web"), 3);
  EXPECT_TRUE(std::isnan(value("request.device", "", "tvs")));
}

TEST_F(ExtractorTest, WhatIsUnknownIsMissing) {
  const UserContext nobody{.taste = {.mean_released_day = NAN}};
  const Candidate undated{ItemRow{85}, NAN};
  for (const std::string name :
       {"item.released_day", "item.vector_length", "user.mean_released_day",
        "user.vector_length", "cross.similarity", "cross.cosine",
        "cross.genre_affinity", "cross.release_gap_days",
        "cross.language_match", "cross.age_days", "request.local_hour",
        "request.device"}) {
    EXPECT_TRUE(std::isnan(Value(name, nobody, undated))) << name;
  }
}

// What a server computes at different times is what training computes at once.
TEST_F(ExtractorTest, ScopesTogetherGiveAllFeatures) {
  std::vector<std::string> names;
  const FeatureSchema schema(*catalog_);
  for (const FeatureSpec& spec : schema.features()) names.push_back(spec.name);
  const auto extractor = *FeatureExtractor::Create(Sources(), names);
  const std::vector<float> vector = {0, 0, 3, 4};
  const std::vector<uint8_t> share = {255, 0, 51};
  const std::vector<ItemRow> seen = {ItemRow{2}, ItemRow{3}};
  const UserContext user{.language = "de",
                         .now = CalendarSecond{1000} * 24 * 60 * 60,
                         .local_hour = 21,
                         .vector = vector,
                         .taste = {.watches = 3, .genre_share = share},
                         .seen = seen};
  std::vector<Candidate> candidates;
  for (uint32_t row = 0; row < 100; ++row) {
    candidates.push_back({ItemRow{row}, static_cast<float>(row)});
  }
  FeatureScratch scratch;
  FeatureMatrix all(100, names.size());
  extractor->Extract(user, candidates, {}, scratch, all);
  FeatureMatrix parts(100, names.size());
  extractor->ExtractRows(user, candidates, {}, scratch, parts);
  std::vector<float> once(names.size());
  extractor->ExtractRequest(user, once);
  for (size_t row = 0; row < 100; ++row) {
    extractor->ExtractItem(candidates[row].row, once);
    for (size_t f = 0; f < names.size(); ++f) {
      const bool is_of_row = extractor->scopes()[f] == FeatureScope::kRow;
      const float part = is_of_row ? parts.At(row, f) : once[f];
      const float whole = all.At(row, f);
      EXPECT_TRUE(part == whole || (std::isnan(part) && std::isnan(whole)))
          << names[f] << " of " << row << ": " << part << ", " << whole;
    }
  }
}

TEST_F(ExtractorTest, RefusesAFeatureThatTheSchemaDoesNotHave) {
  const std::vector<std::string> names = {"item.maturity", "item.colour"};
  EXPECT_THAT(FeatureExtractor::Create(Sources(), names).status().message(),
              HasSubstr("'item.colour'"));
}

class GenreSchema {
 public:
  explicit GenreSchema(const std::vector<std::string>& genres) {
    CatalogWriter writer;
    ItemRecord item;
    item.id = "t";
    item.attributes["genre"] = genres;
    EXPECT_TRUE(writer.Add(item).ok());
    auto out = *ArrayFileWriter::CreateInMemory();
    EXPECT_TRUE(writer.Write(*out).ok());
    file_ = *out->FinishInMemory();
    catalog_ = *Catalog::Open(*file_);
  }

  std::string Resolve(const std::string& name) const {
    const std::vector<std::string> names = {name};
    return std::string(
        FeatureSchema(*catalog_).Resolve(names).status().message());
  }

  // What the names of genres mean, or the fault.
  std::string Meant(std::vector<std::string> genres) const {
    for (std::string& genre : genres) genre = "item.genre=" + genre;
    const auto specs = FeatureSchema(*catalog_).Resolve(genres);
    if (!specs.ok()) return std::string(specs.status().message());
    std::string meant;
    for (const FeatureSpec& spec : *specs) {
      meant += (meant.empty() ? "" : ", ") +
               spec.name.substr(std::strlen("item.genre="));
    }
    return meant;
  }

 private:
  std::unique_ptr<const ArrayFile> file_;
  std::unique_ptr<const Catalog> catalog_;
};

// LightGBM writes '_' for a space, and does not take a colon.
TEST(FeatureSchema, FindsNamesAsTrainersHaveThem) {
  const GenreSchema schema({"Fairy Tale", "War: Drama", "Noir"});
  EXPECT_EQ(schema.Meant({"Fairy_Tale", "War__Drama", "Noir"}),
            "Fairy Tale, War: Drama, Noir");
  EXPECT_EQ(schema.Meant({"War: Drama"}), "War: Drama");
  EXPECT_THAT(schema.Meant({"Fairy-Tale"}),
              HasSubstr("'item.genre=Fairy-Tale': not one of the 38 features "
                        "of this catalogue, of which 'item.genre=Fairy Tale' "
                        "is near (`marquee inspect --features SNAPSHOTS` lists "
                        "them)"));
  // No trainer changes the characters in this way.
  EXPECT_THAT(schema.Meant({"Fairy:Tale"}), HasSubstr("not one of the"));
}

TEST(FeatureSchema, ColumnsWithoutNamesAreToldFromMisspeltOnes) {
  const GenreSchema schema({"Noir"});
  for (const char* const name : {"Column_0", "f12"}) {
    EXPECT_THAT(schema.Resolve(name), HasSubstr("trained on data without "
                                                "names (`marquee inspect"));
  }
  for (const char* const name : {"f", "f1x", "my_score"}) {
    EXPECT_THAT(schema.Resolve(name),
                AllOf(HasSubstr("of this catalogue (`marquee inspect"),
                      Not(HasSubstr("without names"))));
  }
}

TEST(FeatureSchema, ANameThatMayMeanTwoFeaturesIsAFault) {
  const GenreSchema schema({"Sci Fi", "Sci_Fi", "Sci:Fi", "Fairy Tale"});
  EXPECT_THAT(schema.Meant({"Sci_Fi"}),
              HasSubstr("may mean 'item.genre=Sci Fi' or"));
  // A trainer that keeps the spaces of another name has kept those of this.
  EXPECT_EQ(schema.Meant({"Sci_Fi", "Fairy Tale"}), "Sci_Fi, Fairy Tale");
  EXPECT_EQ(schema.Meant({"Sci_Fi", "Sci:Fi", "Sci Fi"}),
            "Sci_Fi, Sci:Fi, Sci Fi");
}

// And finds each again.
TEST(TrainerNames, AreTakenByTrainersAndToldApart) {
  const std::vector<std::string> known = {"a b_c", "a_b c", "a_b_c", "Noir",
                                          "x: [y]"};
  const std::vector<std::string> written = NamesForTrainers(known);
  EXPECT_THAT(written, ElementsAre("a_b_c__205f", "a_b_c__5f20", "a_b_c__5f5f",
                                   "Noir", "x___y_"));
  const TrainerNames names(known);
  for (size_t i = 0; i < known.size(); ++i) {
    EXPECT_EQ(NameForTrainers(written[i]), written[i]);
    EXPECT_EQ(*names.Find(written[i], /*keeps_characters=*/false), i);
  }
}

TEST(FeatureSchema, AFeatureThatIsNamedTwiceIsAFault) {
  const GenreSchema schema({"Fairy Tale", "Noir"});
  EXPECT_THAT(schema.Meant({"Noir", "Noir"}), HasSubstr("is named twice"));
  EXPECT_THAT(schema.Meant({"Fairy_Tale", "Fairy Tale"}),
              HasSubstr("is named twice"));
}

TEST_F(ExtractorTest, SchemaHashFollowsTheNames) {
  const FeatureSchema schema(*catalog_);
  EXPECT_EQ(schema.Hash(), FeatureSchema(*catalog_).Hash());
  EXPECT_EQ(schema.Hash().size(), 16);
  EXPECT_TRUE(schema.Find("item.genre=War").has_value());
  EXPECT_FALSE(schema.Find("item.genre=Western").has_value());
}

}  // namespace
}  // namespace marquee
