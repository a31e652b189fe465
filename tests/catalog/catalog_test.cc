#include "core/catalog/catalog.h"

#include <cmath>
#include <memory>
#include <string>

#include "core/catalog/catalog_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

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
  void Write() {
    auto out = ArrayFileWriter::CreateInMemory();
    ASSERT_TRUE(out.ok());
    ASSERT_TRUE(writer_.Write(**out).ok());
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
  const Attribute* const genre = catalog_->FindAttribute("genre");
  ASSERT_NE(genre, nullptr);
  EXPECT_THAT(genre->Codes(ItemRow{1}), ElementsAre(0, 1));
  EXPECT_TRUE(genre->Codes(ItemRow{0}).empty());
  EXPECT_TRUE(genre->Codes(ItemRow{2}).empty());
  EXPECT_EQ(genre->Value(*genre->Find("Drama")), "Drama");
  EXPECT_THAT(genre->Titles(*genre->Find("Drama")), ElementsAre(1));
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
          << "limit " << limit << ", title " << i;
    }
    EXPECT_EQ(within[2] >> 2, 0) << "bits past the last title";
  }
}

TEST_F(CatalogTest, NamesWhatIsWrongWithARecord) {
  EXPECT_THAT(writer_.Add(Item("")).message(), HasSubstr("1 to 128 bytes"));
  EXPECT_THAT(writer_.Add(Item(std::string(129, 'x'))).message(),
              HasSubstr("has 129"));
  EXPECT_THAT(writer_.Add(Item("a", 100)).message(),
              HasSubstr("'a': maturity 100"));
  ItemRecord infinite = Item("b");
  infinite.numbers["runtime"] = 1e300;
  EXPECT_THAT(writer_.Add(infinite).message(), HasSubstr("number 'runtime'"));
}

TEST_F(CatalogTest, RefusesAnIdThatStandsTwice) {
  ASSERT_TRUE(writer_.Add(Item("a")).ok());
  ASSERT_TRUE(writer_.Add(Item("a")).ok());
  auto out = ArrayFileWriter::CreateInMemory();
  EXPECT_THAT(writer_.Write(**out).message(),
              HasSubstr("'a' stands there twice"));
}

TEST_F(CatalogTest, AnEmptyCatalogueIsAValidOne) {
  Write();
  EXPECT_EQ(catalog_->size(), 0);
  EXPECT_EQ(catalog_->Find("a"), std::nullopt);
}

}  // namespace
}  // namespace marquee
