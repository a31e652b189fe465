#include "offline/doubts/catalogue_doubts.h"

#include <numeric>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Items on the lines 1, 2, …
class CatalogueDoubtsTest : public ::testing::Test {
 protected:
  ItemRecord& Add() { return records_.emplace_back(); }
  void AddValues(const std::string& name, std::vector<std::string> values,
                 int items = 1) {
    for (int i = 0; i < items; ++i) Add().attributes[name] = values;
  }
  std::vector<std::string> Tell() const {
    std::vector<uint64_t> lines(records_.size());
    std::iota(lines.begin(), lines.end(), 1);
    return TellCatalogueDoubts("f", records_, lines);
  }

  std::vector<ItemRecord> records_;
};

TEST_F(CatalogueDoubtsTest, AnOrderlyCatalogueHasNone) {
  AddValues("genre", {"Drama", "Sci-Fi"}, 3);
  AddValues("genre", {"Crime, Inc.", "Comedy"});
  AddValues("language", {"na"});
  AddValues("franchise", {"Drama"});
  Add().numbers["runtime_minutes"] = 81;
  EXPECT_THAT(Tell(), IsEmpty());
}

TEST_F(CatalogueDoubtsTest, ANumberThatIsATextElsewhere) {
  Add().numbers["minutes"] = 81;
  AddValues("minutes", {"81"}, 2);
  EXPECT_THAT(Tell(),
              ElementsAre("f:1: attributes.minutes is a text on 2 items (the "
                          "first on line 2) and a number on 1 item (the first "
                          "on line 1): 'item.minutes' is a missing value "
                          "where it is a text"));
}

TEST_F(CatalogueDoubtsTest, NamesThatDifferByCaseAlone) {
  AddValues("Studio", {"x"}, 2);
  AddValues("studio", {"x"}, 3);
  Add().numbers["studio "] = 1;
  AddValues("genre", {"x"}, 2);
  AddValues("Genre", {"x"});
  EXPECT_THAT(
      Tell(),
      ElementsAre("f:1: attributes.Studio is on 2 items and attributes.studio "
                  "on 3 items (the first on line 3): two attributes, which "
                  "differ by case alone",
                  "f:6: attributes.studio  is on 1 item and attributes.studio "
                  "on 3 items (the first on line 3): two attributes, which "
                  "differ by spaces at the ends alone",
                  "f:9: attributes.Genre is on 1 item and genres on 2 items "
                  "(the first on line 7): two attributes, which differ by case "
                  "alone"));
}

TEST_F(CatalogueDoubtsTest, ValuesThatTablesWriteForNothing) {
  AddValues("genre", {"Drama", "N/A"});
  AddValues("franchise", {"nan"}, 2);
  AddValues("language", {"None"});  // UnknownCodes tells
  EXPECT_THAT(Tell(),
              ElementsAre("f:2: franchise 'nan' is on 2 items: tables write "
                          "that for nothing; leave it out there, or these "
                          "items are a group of their own",
                          HasSubstr("f:1: genres 'N/A' is on 1 item: ")));
}

TEST_F(CatalogueDoubtsTest, ValuesThatDifferFromAMoreFrequentOne) {
  AddValues("genre", {"drama"});
  AddValues("genre", {"Drama "}, 2);
  AddValues("genre", {"Drama"}, 3);
  AddValues("mood", {"DRAMA"});  // of another attribute
  EXPECT_THAT(
      Tell(),
      ElementsAre("f:2: genres 'Drama ' is on 2 items and 'Drama' on 3 "
                  "items: two values, which differ by spaces at the ends "
                  "alone",
                  "f:1: genres 'drama' is on 1 item and 'Drama' on 3 items: "
                  "two values, which differ by case alone"));
}

// Of two that are as frequent, the one that comes later is told.
TEST_F(CatalogueDoubtsTest, TheFirstOfTwoIsNotTold) {
  AddValues("mood", {"b"});
  AddValues("mood", {"B"});
  EXPECT_THAT(Tell(), ElementsAre(HasSubstr(
                          "f:2: attributes.mood 'B' is on 1 item and 'b' on "
                          "1 item")));
}

TEST_F(CatalogueDoubtsTest, AListInOneText) {
  AddValues("genre", {"Drama|Comedy"}, 2);
  AddValues("genre", {"Crime, Drama"});
  AddValues("genre", {"Crime;Film, Noir"});
  AddValues("genre", {"Drama", "Crime"});
  EXPECT_THAT(
      Tell(),
      ElementsAre("f:1: genres 'Drama|Comedy' is on 2 items, as one value; "
                  "write [\"Drama\", \"Comedy\"]",
                  "f:3: genres 'Crime, Drama' is on 1 item, as one value; "
                  "write [\"Crime\", \"Drama\"]"));
}

TEST_F(CatalogueDoubtsTest, AListAsProgramsPrintIt) {
  AddValues("genre", {"Comedy", "Men's"}, 9);
  AddValues("genre", {"['Drama', \"Men's\"]"}, 5);
  AddValues("genre", {"[\"Drama\"]"}, 4);
  AddValues("genre", {"[]"}, 3);
  AddValues("genre", {"[Comedy]"}, 2);
  AddValues("genre", {"[REC]"});
  AddValues("franchise", {"['Rec']"});
  AddValues("franchise", {"This|That"});
  EXPECT_THAT(Tell(),
              ElementsAre(HasSubstr("genres '[]' is on 3 items: tables write"),
                          HasSubstr("write [\"Drama\", \"Men's\"]"),
                          HasSubstr("write [\"Drama\"]"),
                          HasSubstr("write [\"Comedy\"]")));
}

TEST_F(CatalogueDoubtsTest, AListMayEndWithItsSeparator) {
  AddValues("genre", {"Drama|"});
  EXPECT_THAT(Tell(), ElementsAre(HasSubstr("'Drama|' is on 1 item, as one "
                                            "value; write [\"Drama\"]")));
}

TEST_F(CatalogueDoubtsTest, BeyondThreeOfAKindTheyAreCounted) {
  for (int i = 0; i < 5; ++i) AddValues("k", {absl::StrCat("a|", i)}, i + 1);
  const auto lines = Tell();
  ASSERT_EQ(lines.size(), 4);
  EXPECT_THAT(lines[0], HasSubstr("'a|4' is on 5 items"));
  EXPECT_EQ(lines[3], "f: and 2 more: values that are lists in one text");
}

TEST_F(CatalogueDoubtsTest, ValuesBeyondTheBoundAreLookedAtForNothingAlone) {
  std::vector<std::string> values;
  for (int i = 0; i < 100'000; ++i) values.push_back(absl::StrCat("v", i));
  AddValues("cast", values);
  AddValues("cast", {"V7", "NULL"});
  EXPECT_THAT(Tell(), ElementsAre(HasSubstr("attributes.cast 'NULL' is on")));
}

}  // namespace
}  // namespace marquee
