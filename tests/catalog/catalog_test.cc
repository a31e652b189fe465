#include "core/catalog/catalog.h"

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/base/request_limits.h"
#include "core/catalog/catalog_writer.h"
#include "core/users/user_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ItemRecord Item(const std::string& id, int maturity = 0) {
  ItemRecord item;
  item.id = id;
  item.title = "Title " + id;
  item.maturity = maturity;
  return item;
}

class CatalogTest : public ::testing::Test {
 protected:
  void Write() { Write(writer_); }
  void Write(CatalogWriter& writer) {
    auto out = ArrayFileWriter::CreateInMemory();
    ASSERT_TRUE(out.ok());
    ASSERT_TRUE(writer.Write(**out).ok());
    auto file = (*out)->FinishInMemory();
    ASSERT_TRUE(file.ok()) << file.status();
    file_ = *std::move(file);
    auto catalog = Catalog::Open(*file_);
    ASSERT_TRUE(catalog.ok()) << catalog.status();
    catalog_ = *std::move(catalog);
  }

  CatalogWriter writer_;
  std::unique_ptr<const ArrayFile> file_;
  std::unique_ptr<const Catalog> catalog_;
};

TEST_F(CatalogTest, FindsEveryIdAndNoOther) {
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(writer_.Add(Item(std::to_string(i * 7))).ok());
  Write();
  ASSERT_EQ(catalog_->size(), 1000);
  for (uint32_t i = 0; i < 1000; ++i) {
    const auto row = catalog_->Find(std::to_string(i * 7));
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(Index(*row), i);
    EXPECT_EQ(catalog_->Id(*row), std::to_string(i * 7));
  }
  EXPECT_EQ(catalog_->Find("1"), std::nullopt);
  EXPECT_EQ(catalog_->Find(""), std::nullopt);
}

TEST_F(CatalogTest, KeepsColumnsAndTellsWhatIsMissing) {
  ItemRecord a = Item("a", 12);
  a.released = absl::CivilDay(1995, 11, 22);
  a.attributes["genre"] = {"Comedy", "Drama", "Comedy"};
  a.numbers["runtime_minutes"] = 81;
  ASSERT_TRUE(writer_.Add(Item("none")).ok());
  ASSERT_TRUE(writer_.Add(a).ok());
  ASSERT_TRUE(writer_.Add(Item("last")).ok());
  Write();
  EXPECT_EQ(catalog_->Title(ItemRow{1}), "Title a");
  EXPECT_EQ(catalog_->Maturity(ItemRow{1}), 12);
  EXPECT_EQ(catalog_->ReleasedDay(ItemRow{1}),
            absl::CivilDay(1995, 11, 22) - absl::CivilDay(1970));
  EXPECT_EQ(catalog_->ReleasedDay(ItemRow{0}), Catalog::kUnknownDay);
  EXPECT_EQ(Catalog::kUnknownDay, std::numeric_limits<int32_t>::min())
      << "it stands in every snapshot";
  const Attribute* const genre = catalog_->FindAttribute("genre");
  ASSERT_NE(genre, nullptr);
  EXPECT_THAT(genre->Codes(ItemRow{1}), ElementsAre(0, 1));
  EXPECT_TRUE(genre->Codes(ItemRow{0}).empty());
  EXPECT_TRUE(genre->Codes(ItemRow{2}).empty());
  EXPECT_EQ(genre->Value(*genre->Find("Drama")), "Drama");
  EXPECT_THAT(genre->Items(*genre->Find("Drama")), ElementsAre(1));
  EXPECT_EQ(catalog_->FindAttribute("studio"), nullptr);
  EXPECT_EQ(catalog_->FindNumber("runtime_minutes")[1], 81);
  EXPECT_TRUE(std::isnan(catalog_->FindNumber("runtime_minutes")[2]));
}

TEST_F(CatalogTest, MaturityBitmapsHoldWhatIsWithinTheLimit) {
  const int ages[] = {0, 18, 12, 0, 16};
  for (int i = 0; i < 130; ++i)
    ASSERT_TRUE(writer_.Add(Item(std::to_string(i), ages[i % 5])).ok());
  Write();
  for (const int limit : {-1, 0, 6, 12, 15, 16, 18, 255}) {
    const BitmapView within = catalog_->WithinMaturity(limit);
    for (uint32_t i = 0; i < 130; ++i) {
      EXPECT_EQ(TestBit(within, i), ages[i % 5] <= limit)
          << "limit " << limit << ", item " << i;
    }
    EXPECT_EQ(within[2] >> 2, 0) << "bits past the last item";
  }
}

// An unrated item.
TEST_F(CatalogTest, AnItemWithoutARatingIsWithinNoLimit) {
  ItemRecord unrated = Item("b");
  unrated.maturity.reset();
  ASSERT_TRUE(writer_.Add(Item("a", 12)).ok());
  ASSERT_TRUE(writer_.Add(unrated).ok());
  Write();
  EXPECT_TRUE(catalog_->IsRated(ItemRow{0}));
  EXPECT_FALSE(catalog_->IsRated(ItemRow{1}));
  EXPECT_EQ(catalog_->unrated_is(), std::nullopt);
  for (const int limit : {0, 12, kMaxMaturity}) {
    EXPECT_FALSE(TestBit(catalog_->WithinMaturity(limit), 1)) << limit;
    EXPECT_GT(catalog_->Maturity(ItemRow{1}), limit);
  }
  EXPECT_TRUE(
      TestBit(catalog_->WithinMaturity(UserTable::kNoMaturityLimit), 1));
  EXPECT_EQ(catalog_->DescribeMaturity(ItemRow{0}), "is for 12 years");
  EXPECT_EQ(catalog_->DescribeMaturity(ItemRow{1}), "has no age rating");
}

TEST_F(CatalogTest, ItemsWithoutARatingCountAsWhatTheyAreTakenFor) {
  CatalogWriter writer(16);
  ItemRecord unrated = Item("b");
  unrated.maturity.reset();
  ASSERT_TRUE(writer.Add(Item("a", 18)).ok());
  ASSERT_TRUE(writer.Add(unrated).ok());
  Write(writer);
  EXPECT_FALSE(catalog_->IsRated(ItemRow{1}));
  EXPECT_EQ(catalog_->unrated_is(), 16);
  EXPECT_EQ(catalog_->Maturity(ItemRow{0}), 18);
  EXPECT_EQ(catalog_->Maturity(ItemRow{1}), 16);
  EXPECT_FALSE(TestBit(catalog_->WithinMaturity(15), 1));
  EXPECT_TRUE(TestBit(catalog_->WithinMaturity(16), 1));
  EXPECT_FALSE(TestBit(catalog_->WithinMaturity(16), 0));
  EXPECT_EQ(catalog_->DescribeMaturity(ItemRow{1}),
            "has no age rating, which counts as 16 years");
}

TEST_F(CatalogTest, NamesWhatIsWrongWithARecord) {
  EXPECT_THAT(writer_.Add(Item("")).message(), HasSubstr("1 to 128 bytes"));
  EXPECT_THAT(writer_.Add(Item(std::string(129, 'x'))).message(),
              HasSubstr("has 129"));
  EXPECT_THAT(writer_.Add(Item("a", 100)).message(),
              HasSubstr("'a': maturity 100"));
  EXPECT_THAT(writer_.Add(Item("a", -1)).message(),
              HasSubstr("'a': maturity -1"));
  ItemRecord infinite = Item("b");
  infinite.numbers["runtime"] = 1e300;
  EXPECT_THAT(writer_.Add(infinite).message(), HasSubstr("number 'runtime'"));
}

TEST_F(CatalogTest, KeepsSeveralAttributesAndNumbersApart) {
  ItemRecord a = Item("a");
  a.attributes = {{"genre", {"Drama"}}, {"studio", {"A", "B"}}, {"none", {}}};
  a.numbers = {{"budget", 2.5}};
  ItemRecord b = Item("b");
  b.attributes = {{"studio", {"B"}}};
  b.numbers = {{"budget", 3.5}, {"runtime", 90}};
  ASSERT_TRUE(writer_.Add(a).ok());
  ASSERT_TRUE(writer_.Add(b).ok());
  EXPECT_EQ(writer_.size(), 2);
  Write();
  EXPECT_THAT(catalog_->attribute_names(), ElementsAre("genre", "studio"));
  EXPECT_THAT(catalog_->number_names(), ElementsAre("budget", "runtime"));
  EXPECT_EQ(catalog_->FindAttribute("genre")->Value(0), "Drama");
  EXPECT_EQ(catalog_->FindAttribute("studio")->values(), 2);
  EXPECT_THAT(catalog_->FindAttribute("studio")->Items(1), ElementsAre(0, 1));
  EXPECT_THAT(catalog_->FindNumber("budget"), ElementsAre(2.5f, 3.5f));
  EXPECT_TRUE(std::isnan(catalog_->FindNumber("runtime")[0]));
  EXPECT_EQ(catalog_->FindNumber("runtime")[1], 90);
  EXPECT_TRUE(catalog_->FindNumber("length").empty());
  EXPECT_EQ(catalog_->Maturity(ItemRow{1}), 0);
}

TEST_F(CatalogTest, TakesWhatIsJustWithinTheLimits) {
  ASSERT_TRUE(writer_.Add(Item(std::string(128, 'x'), 99)).ok());
  ItemRecord named = Item("b");
  named.attributes[std::string(128, 'a')] = {"x"};
  named.numbers[std::string(128, 'n')] = -1e30;
  ASSERT_TRUE(writer_.Add(named).ok());
  Write();
  EXPECT_EQ(catalog_->Maturity(ItemRow{0}), 99);
  EXPECT_NE(catalog_->FindAttribute(std::string(128, 'a')), nullptr);
}

TEST_F(CatalogTest, NamesWhatIsWrongWithTheNameOfAColumn) {
  for (const std::string& name :
       {std::string(), std::string(129, 'x'), std::string("two\nlines")}) {
    ItemRecord item = Item("a");
    item.attributes[name] = {"x"};
    EXPECT_THAT(writer_.Add(item).message(),
                HasSubstr("attribute name '" + name + "': must be of 1 to"));
    item = Item("a");
    item.numbers[name] = 1;
    EXPECT_THAT(writer_.Add(item).message(),
                HasSubstr("number name '" + name + "': must be of 1 to"));
  }
  EXPECT_EQ(writer_.size(), 0) << "what is refused is not there";
}

TEST_F(CatalogTest, RefusesMoreColumnsThanAnyCatalogueHas) {
  ItemRecord item = Item("a");
  for (int i = 0; i < 150; ++i)
    item.attributes["a" + std::to_string(i)] = {"x"};
  for (int i = 0; i < 50; ++i) item.numbers["n" + std::to_string(i)] = i;
  ASSERT_TRUE(writer_.Add(item).ok());
  ItemRecord more = Item("b");
  more.numbers["n50"] = 1;
  EXPECT_THAT(writer_.Add(more).message(), HasSubstr("'b': more than 200"));
}

class CatalogDamageTest : public CatalogTest {
 protected:
  CatalogDamageTest() {
    ItemRecord a = Item("a", 12);
    a.attributes["genre"] = {"Drama"};
    a.numbers["runtime"] = 90;
    EXPECT_TRUE(writer_.Add(a).ok());
    EXPECT_TRUE(writer_.Add(Item("b")).ok());
    Write();
    for (const char* const name : {"ids.bytes", "title.bytes", "attributes",
                                   "numbers", "a0.value.bytes"})
      sound_.Keep<char>(*file_, name);
    for (const char* const name : {"ids.begin", "ids.slots", "title.begin",
                                   "a0.value.begin", "a0.begin", "a0.codes"})
      sound_.Keep<uint32_t>(*file_, name);
    sound_.Keep<int32_t>(*file_, "released");
    sound_.Keep<uint8_t>(*file_, "maturity");
    sound_.Keep<uint8_t>(*file_, "unrated_is");
    sound_.Keep<float>(*file_, "n0");
  }
  static std::string Fault(const Section& section) {
    const auto file = section.File();
    const auto catalog = Catalog::Open(*file);
    EXPECT_TRUE(catalog.ok() ||
                catalog.status().code() == absl::StatusCode::kDataLoss);
    return std::string(catalog.status().message());
  }

  Section sound_;
};

TEST_F(CatalogDamageTest, RefusesColumnsOfAnotherLength) {
  EXPECT_EQ(Fault(sound_), "");
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("title.begin")
                        .WithAll<char>("title.bytes",
                                       {'T', 'i', 't', 'l', 'e', ' ', 'a'})),
              HasSubstr("not one title for each id"));
  EXPECT_THAT(Fault(sound_.Shortened<int32_t>("released")),
              HasSubstr("'released' has 1 rows, the catalogue has 2"));
  EXPECT_THAT(Fault(sound_.Shortened<uint8_t>("maturity")),
              HasSubstr("'maturity' has 1 rows"));
  EXPECT_THAT(Fault(sound_.Shortened<float>("n0")),
              HasSubstr("'n0' has 1 rows"));
  EXPECT_THAT(Fault(sound_.Shortened<uint32_t>("a0.begin")),
              HasSubstr("a0.begin"));
}

TEST_F(CatalogDamageTest, NamesAnArrayThatIsMissingOrDamaged) {
  EXPECT_THAT(Fault(sound_.With<uint32_t>("ids.slots", 0, 9)),
              HasSubstr("ids.slots"));
  EXPECT_THAT(Fault(sound_.With<uint32_t>("title.begin", 0, 1)),
              HasSubstr("title.begin"));
  // An array of another type is none.
  for (const char* const name :
       {"released", "maturity", "unrated_is", "attributes", "numbers", "n0"}) {
    EXPECT_THAT(Fault(sound_.WithAll<uint64_t>(name, {1, 2})), HasSubstr(name));
  }
}

TEST_F(CatalogDamageTest, RefusesANumberThatIsInfinite) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_THAT(Fault(sound_.With<float>("n0", 0, kInfinity)),
              HasSubstr("'n0' (runtime) has an infinity"));
  EXPECT_THAT(Fault(sound_.With<float>("n0", 1, -kInfinity)),
              HasSubstr("has an infinity"));
}

TEST_F(CatalogDamageTest, RefusesDaysAndAgesThatNoImporterTakes) {
  const auto day = [](absl::CivilDay date) {
    return static_cast<int32_t>(date - absl::CivilDay(1970));
  };
  const int32_t first = day(absl::CivilDay(-999));
  const int32_t last = day(absl::CivilDay(9999, 12, 31));
  for (const int32_t sound : {first, last, Catalog::kUnknownDay})
    EXPECT_EQ(Fault(sound_.With<int32_t>("released", 1, sound)), "");
  for (const int32_t wrong : {first - 1, last + 1}) {
    EXPECT_THAT(Fault(sound_.With<int32_t>("released", 0, wrong)),
                HasSubstr("'released': item 0 has day"));
  }
  EXPECT_EQ(Fault(sound_.With<uint8_t>("maturity", 1, 99)), "");
  EXPECT_THAT(Fault(sound_.With<uint8_t>("maturity", 1, 100)),
              HasSubstr("'maturity': item 1 has 100 years"));
  EXPECT_THAT(Fault(sound_.With<uint8_t>("maturity", 0, 254)),
              HasSubstr("item 0 has 254 years, must be 0 to 99 or 255"));
  EXPECT_EQ(Fault(sound_.With<uint8_t>("maturity", 1, 255)), "");
  EXPECT_EQ(Fault(sound_.With<uint8_t>("unrated_is", 0, 99)), "");
  EXPECT_THAT(Fault(sound_.With<uint8_t>("unrated_is", 0, 100)),
              HasSubstr("'unrated_is': must be one age of 0 to 99 or 255"));
  EXPECT_THAT(Fault(sound_.WithAll<uint8_t>("unrated_is", {})),
              HasSubstr("'unrated_is': must be one age"));
  EXPECT_THAT(Fault(sound_.WithAll<uint8_t>("unrated_is", {1, 1})),
              HasSubstr("'unrated_is': must be one age"));
}

TEST_F(CatalogTest, RefusesAnIdThatStandsTwice) {
  ASSERT_TRUE(writer_.Add(Item("a")).ok());
  ASSERT_TRUE(writer_.Add(Item("a")).ok());
  auto out = ArrayFileWriter::CreateInMemory();
  EXPECT_THAT(writer_.Write(**out).message(), HasSubstr("'a' occurs twice"));
}

TEST_F(CatalogTest, AnEmptyCatalogueIsAValidOne) {
  Write();
  EXPECT_EQ(catalog_->size(), 0);
  EXPECT_EQ(catalog_->Find("a"), std::nullopt);
}

}  // namespace
}  // namespace marquee
