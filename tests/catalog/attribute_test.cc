#include "core/catalog/attribute.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

using Values = std::vector<std::vector<std::string>>;

// An attribute whose item r has values[r]; an item without values is left out.
Section GenresOf(const Values& values) {
  AttributeWriter writer;
  for (size_t row = 0; row < values.size(); ++row) {
    if (!values[row].empty()) writer.Add(row, values[row]);
  }
  const auto file = Written([&](ArrayFileWriter& out) {
    return writer.Write("genre", values.size(), out);
  });
  Section section;
  section.Keep<char>(*file, "genre.value.bytes");
  section.Keep<uint32_t>(*file, "genre.value.begin");
  section.Keep<uint32_t>(*file, "genre.begin");
  section.Keep<uint32_t>(*file, "genre.codes");
  return section;
}

TEST(Attribute, TellsTheValuesOfAnItemAndTheItemsOfAValue) {
  std::mt19937 random(7);
  Values values(200);
  for (auto& of_item : values) {
    for (int n = static_cast<int>(random() % 4); n > 0; --n)
      of_item.push_back("value " + std::to_string(random() % 9));
  }
  values.front() = {"value 8"};
  values.back() = {"value 3", "value 1"};
  const auto file = GenresOf(values).File();
  const auto attribute = Attribute::Open(*file, "genre", values.size());
  ASSERT_TRUE(attribute.ok()) << attribute.status();
  ASSERT_EQ(attribute->values(), 9);
  std::vector<std::vector<uint32_t>> items(9);
  for (uint32_t row = 0; row < values.size(); ++row) {
    const std::set<std::string> expected(values[row].begin(),
                                         values[row].end());
    std::set<uint32_t> codes;
    for (const std::string& value : expected)
      codes.insert(attribute->Find(value).value());
    EXPECT_THAT(attribute->Codes(ItemRow{row}), ElementsAreArray(codes));
    for (uint32_t code = 0; code < 9; ++code) {
      EXPECT_EQ(attribute->Has(ItemRow{row}, code), codes.contains(code));
      EXPECT_EQ(codes.contains(code),
                expected.contains(std::string(attribute->Value(code))));
      if (codes.contains(code)) items[code].push_back(row);
    }
  }
  for (uint32_t code = 0; code < 9; ++code)
    EXPECT_THAT(attribute->Items(code), ElementsAreArray(items[code]));
}

TEST(Attribute, TheCodesOfAnItemAscendAndStandOnce) {
  const auto file = GenresOf({{"b"}, {"a", "b", "a"}}).File();
  const auto attribute = Attribute::Open(*file, "genre", 2);
  EXPECT_THAT(attribute->Codes(ItemRow{1}), ElementsAre(0, 1));
}

TEST(Attribute, DoesNotFindWhatNoItemHas) {
  const auto file = GenresOf({{"Drama"}}).File();
  const auto attribute = Attribute::Open(*file, "genre", 1);
  EXPECT_EQ(attribute->Find("Drama"), 0);
  EXPECT_EQ(attribute->Find("Dram"), std::nullopt);
}

TEST(Attribute, SaysWhatThereIsInPlaceOfAnUnknownValue) {
  const auto told = [](const Values& values, const char* value) {
    const auto file = GenresOf(values).File();
    const auto attribute = Attribute::Open(*file, "genre", values.size());
    return TellUnknownValue(attribute.value(), "genre", value);
  };
  EXPECT_EQ(told({{"Horror"}, {"Drama"}}, "horror"),
            "no item has 'horror' as its genre; there is 'Horror'");
  EXPECT_EQ(told({{"Horror"}, {"Drama"}}, "Horor"),
            "no item has 'Horor' as its genre; there are: Drama, Horror");
  Values many(1);
  for (int i = 0; i < 32; ++i) many[0].push_back("g" + std::to_string(i));
  EXPECT_THAT(told(many, "x"), HasSubstr("; there are: g0, g1, g10, g11"));
  many[0].push_back("g32");
  EXPECT_EQ(told(many, "x"), "no item has 'x' as its genre");
  EXPECT_THAT(told(many, "G32"), HasSubstr("; there is 'g32'"));
  for (int i = 33; i < 4096; ++i) many[0].push_back("g" + std::to_string(i));
  EXPECT_THAT(told(many, "G4095"), HasSubstr("; there is 'g4095'"));
  many[0].push_back("g4096");
  EXPECT_EQ(told(many, "G4096"), "no item has 'G4096' as its genre");
}

TEST(Attribute, RefusesWhatDoesNotFitTogether) {
  const Section sound = GenresOf({{"a", "b"}, {"c"}, {}, {"a"}});
  const auto open = [](const Section& section, size_t rows) {
    const auto file = section.File();
    return Attribute::Open(*file, "genre", rows).status();
  };
  EXPECT_TRUE(open(sound, 4).ok());
  const char* const kParts = "'genre.begin' does not partition the codes of";
  EXPECT_THAT(open(sound, 3).message(), HasSubstr(kParts));
  EXPECT_THAT(open(sound, 5).message(), HasSubstr(kParts));
  EXPECT_EQ(open(sound, 5).code(), absl::StatusCode::kDataLoss);
  for (const Section& damaged : {sound.With<uint32_t>("genre.begin", 0, 1),
                                 sound.With<uint32_t>("genre.begin", 4, 3),
                                 sound.With<uint32_t>("genre.begin", 4, 5),
                                 sound.With<uint32_t>("genre.begin", 1, 4)}) {
    EXPECT_THAT(open(damaged, 4).message(), HasSubstr(kParts));
  }
  EXPECT_THAT(open(sound.With<uint32_t>("genre.codes", 3, 3), 4).message(),
              HasSubstr("'genre.codes' leaves its dictionary"));
  EXPECT_THAT(open(sound.With<uint32_t>("genre.codes", 0, 3), 4).message(),
              HasSubstr("'genre.codes' leaves its dictionary"));
  EXPECT_TRUE(open(sound.With<uint32_t>("genre.codes", 3, 2), 4).ok());
}

TEST(Attribute, RefusesCodesThatDoNotAscend) {
  const Section sound = GenresOf({{"a", "b"}, {}, {"b", "c"}});
  const auto fault = [](const Section& section) {
    const auto file = section.File();
    return std::string(Attribute::Open(*file, "genre", 3).status().message());
  };
  EXPECT_EQ(fault(sound), "");
  EXPECT_THAT(fault(sound.With<uint32_t>("genre.codes", 0, 1)),
              HasSubstr("those of item 0 are not ascending, each once"));
  EXPECT_THAT(fault(sound.With<uint32_t>("genre.codes", 2, 2)),
              HasSubstr("those of item 2 are not ascending"));
  EXPECT_THAT(fault(sound.With<uint32_t>("genre.codes", 3, 0)),
              HasSubstr("those of item 2 are not ascending"));
}

TEST(Attribute, NamesAnArrayThatIsMissingOrDamaged) {
  const Section sound = GenresOf({{"a"}});
  EXPECT_THAT(
      Attribute::Open(*sound.With<uint32_t>("genre.value.begin", 0, 1).File(),
                      "genre", 1)
          .status()
          .message(),
      HasSubstr("genre.value.begin"));
  const auto file = sound.File();
  for (const char* const missing : {"genre.begin", "genre.codes"}) {
    Section part;
    part.Keep<char>(*file, "genre.value.bytes");
    for (const char* const name :
         {"genre.value.begin", "genre.begin", "genre.codes"}) {
      if (std::string(name) != missing) part.Keep<uint32_t>(*file, name);
    }
    const auto part_file = part.File();
    EXPECT_THAT(Attribute::Open(*part_file, "genre", 1).status().message(),
                HasSubstr(missing));
  }
}

}  // namespace
}  // namespace marquee
