#include "offline/data/jsonl.h"

#include <string>
#include <vector>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/data/record_json.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::Status ReadItemText(absl::string_view text,
                          std::vector<ItemRecord>* items) {
  const std::string path = ScratchPath("items.jsonl");
  EXPECT_TRUE(WriteFileAtomically(path, text).ok());
  return ReadItems(path, [&](ItemRecord item, uint64_t) {
    items->push_back(std::move(item));
    return absl::OkStatus();
  });
}

std::string ItemError(absl::string_view text) {
  std::vector<ItemRecord> items;
  return std::string(ReadItemText(text, &items).message());
}

TEST(Jsonl, ReadsEveryFieldOfAnItem) {
  std::vector<ItemRecord> items;
  const absl::Status status = ReadItemText(
      R"({"item_id":"a","title":"T \u00e9","released":"1995-11-22","maturity":12,)"
      R"("language":"en","franchise":"F","genres":["x","y"],"licences":[)"
      R"({"country":"DE","start":"2026-01-01T01:00:00+01:00","end":1798761600},)"
      R"({"country":"*","end":631152000}],"attributes":{"studio":"s","mood":["m","n"],)"
      R"("minutes":81,"score":0.5}})"
      "\r\n\n"
      R"({"item_id":"b","released":"1995","licences":[]})",
      &items);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(items.size(), 2);
  const ItemRecord& a = items[0];
  EXPECT_EQ(a.title, "T \xc3\xa9");
  EXPECT_EQ(*a.released, absl::CivilDay(1995, 11, 22));
  EXPECT_EQ(a.maturity, 12);
  EXPECT_THAT(a.attributes.at("genre"), ElementsAre("x", "y"));
  EXPECT_THAT(a.attributes.at("franchise"), ElementsAre("F"));
  EXPECT_THAT(a.attributes.at("language"), ElementsAre("en"));
  EXPECT_THAT(a.attributes.at("studio"), ElementsAre("s"));
  EXPECT_THAT(a.attributes.at("mood"), ElementsAre("m", "n"));
  EXPECT_EQ(a.numbers.at("minutes"), 81);
  EXPECT_EQ(a.numbers.at("score"), 0.5);
  ASSERT_EQ(a.licences->size(), 2);
  EXPECT_EQ((*a.licences)[0].start, absl::FromUnixSeconds(1767225600));
  EXPECT_EQ((*a.licences)[0].end, absl::FromUnixSeconds(1798761600));
  EXPECT_EQ((*a.licences)[1].start, absl::InfinitePast());
  EXPECT_EQ(*items[1].released, absl::CivilDay(1995, 1, 1));
  EXPECT_THAT(*items[1].licences, IsEmpty());
}

TEST(Jsonl, WithoutLicencesAnItemIsLicensedEverywhere) {
  std::vector<ItemRecord> items;
  ASSERT_TRUE(ReadItemText(R"({"item_id":"a"})", &items).ok());
  EXPECT_FALSE(items[0].licences.has_value());
}

// Rated for all is not the same as unrated.
TEST(Jsonl, AnAgeOfZeroIsARatingAndNoneIsNot) {
  std::vector<ItemRecord> items;
  ASSERT_TRUE(ReadItemText("{\"item_id\":\"a\",\"maturity\":0}\n"
                           "{\"item_id\":\"b\"}\n"
                           "{\"item_id\":\"c\",\"maturity\":null}\n",
                           &items)
                  .ok());
  EXPECT_EQ(items[0].maturity, 0);
  EXPECT_EQ(items[1].maturity, std::nullopt);
  EXPECT_EQ(items[2].maturity, std::nullopt);
  EXPECT_EQ(*JsonFromItem(items[0]), R"({"item_id":"a","maturity":0})");
  EXPECT_EQ(*JsonFromItem(items[1]), R"({"item_id":"b"})");
}

// Tables write 16.0 in a column of whole numbers that has gaps.
TEST(Jsonl, AWholeNumberMayEndWithAPointAndZeros) {
  std::vector<ItemRecord> items;
  const absl::Status status = ReadItemText(
      "{\"item_id\":\"a\",\"maturity\":16.0}\n"
      "{\"item_id\":\"b\",\"maturity\":0.0}\n"
      "{\"item_id\":\"c\",\"licences\":[{\"country\":\"DE\","
      "\"start\":1777593600.0,\"end\":1798761600.0}]}",
      &items);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(items[0].maturity, 16);
  EXPECT_EQ(items[1].maturity, 0);
  const LicenceWindow window = items[2].licences->at(0);
  EXPECT_EQ(window.start, absl::FromUnixSeconds(1777593600));
  EXPECT_EQ(window.end, absl::FromUnixSeconds(1798761600));
  for (const char* const number : {"100.0", "-1.0", "1e300", "16.00001"}) {
    EXPECT_THAT(
        ItemError(absl::StrCat(R"({"item_id":"a","maturity":)", number, "}")),
        HasSubstr("not a whole number of 0 to 99"))
        << number;
  }
  EXPECT_THAT(ItemError(R"({"item_id":"a","licences":[{"country":"DE",)"
                        R"("start":1777593600.5}]})"),
              HasSubstr("is the number 1777593600.5, not a time such as"));
}

TEST(Jsonl, WhatIsWrittenReadsBackTheSame) {
  std::vector<ItemRecord> items;
  ASSERT_TRUE(
      ReadItemText(
          R"({"item_id":"a\"","title":"T","released":"1995-11-22","maturity":6,)"
          R"("genres":["g"],"licences":[{"country":"DE","start":1,"end":900000000}],)"
          R"("attributes":{"n":1,"m":0.1,"k":["v","w"],"language":["e","f"]}})",
          &items)
          .ok());
  const std::string once = *JsonFromItem(items[0]);
  ASSERT_TRUE(ReadItemText(once, &items).ok());
  EXPECT_EQ(*JsonFromItem(items[1]), once);
  EXPECT_THAT(items[1].attributes.at("language"), ElementsAre("e", "f"));
  EXPECT_EQ(items[1].numbers.at("m"), 0.1);
  ItemRecord latin;
  latin.id = "\xe9";
  EXPECT_THAT(JsonFromItem(latin).status().message(), HasSubstr("not UTF-8"));
}

TEST(Jsonl, NamesFileLineAndFieldOfAFault) {
  EXPECT_THAT(ItemError("{\"item_id\":\"a\"}\n{\"item_id\":\"b\",}"),
              HasSubstr("items.jsonl:2:16: is not JSON: syntax error"));
  EXPECT_THAT(ItemError("{\"item_id\":\"a\"}\n{\"item_id\":\"b \\\" c}\n"),
              HasSubstr("items.jsonl:2:12: is not JSON: the quote that opens "
                        "here is never closed"));
  EXPECT_THAT(ItemError("{\"item_id\":\"a\"}\n{\"item_id\":\"a\"}"),
              HasSubstr("items.jsonl:2: the id 'a' is also on line 1"));
  EXPECT_THAT(ItemError(R"({"title":"x"})"),
              HasSubstr(":1: field 'item_id': is missing"));
  EXPECT_THAT(ItemError(R"({"item_id":""})"), HasSubstr("1 to 128 bytes"));
  EXPECT_THAT(ItemError(R"({"item_id":"a\nb"})"),
              HasSubstr("control character"));
  EXPECT_THAT(
      ItemError(R"({"item_id":"a","licenses":[]})"),
      HasSubstr("unknown field 'licenses'; the fields are 'item_id', "));
  EXPECT_THAT(ItemError(R"({"item_id":"a","released":"1995-02-30"})"),
              HasSubstr("field 'released': '1995-02-30' is not a day"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","released":1995})"),
              HasSubstr("is the number 1995, not a string"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","maturity":12.5})"),
              HasSubstr("'maturity': is the number 12.5, not a whole number"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","maturity":18446744073709551615})"),
              HasSubstr("0 to 99"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","maturity":NaN})"),
              HasSubstr("items.jsonl:1:27: NaN is not JSON: write the value, "
                        "or null where it is not known"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","genres":["x",3]})"),
              HasSubstr("'genres[1]': is the number 3"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","genre":"x"})"),
              HasSubstr("unknown field 'genre'"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","attributes":{"x":true}})"),
              HasSubstr("'attributes.x': is true"));
  EXPECT_THAT(
      ItemError(R"({"item_id":"a","genres":["x"],"attributes":{"genre":"y"}})"),
      HasSubstr("'attributes.genre': is given twice"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","attributes":{"x":1e999}})"),
              HasSubstr(":1:38: is not JSON: number overflow"));
}

TEST(Jsonl, AFileThatHasNoObjectOnEachLineIsToldWhatIsWanted) {
  const std::string remedy =
      "write one object on each line, as pandas' to_json(orient=\"records\", "
      "lines=True) does";
  for (const char* const text :
       {"[1]", "[", "\n [{\"item_id\":\"a\"},", "[\n{\"item_id\":\"a\"}\n]"}) {
    EXPECT_THAT(ItemError(text),
                HasSubstr(absl::StrCat(": is a list, not an object: ", remedy)))
        << text;
  }
  for (const char* const text :
       {"{", "{\n  \"item_id\": \"a\"\n}", "{\"item_id\":\"a\",",
        "{\"item_id\":\"a\",\"genres\":["}) {
    EXPECT_THAT(
        ItemError(text),
        HasSubstr(absl::StrCat(
            "items.jsonl:1: the line ends inside of an object: ", remedy)))
        << text;
  }
  EXPECT_THAT(ItemError("7"), HasSubstr("the number 7, not an object"));
}

TEST(Jsonl, AFieldThatStandsTwiceIsAnError) {
  EXPECT_THAT(
      ItemError("{\"item_id\":\"a\"}\n"
                R"({"item_id":"b","maturity":18,"maturity":0})"),
      HasSubstr("items.jsonl:2:30: field 'maturity': occurs twice in its "
                "object; write it once"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","licences":[],"licences":null})"),
              HasSubstr("field 'licences': occurs twice"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","licences":[{"country":"DE"},)"
                        R"({"country":"DE","start":1,"start":2}]})"),
              HasSubstr("field 'licences[1].start': occurs twice"));
  EXPECT_THAT(ItemError(R"({"item_id":"a","attributes":{"x":1,"x":2}})"),
              HasSubstr("field 'attributes.x': occurs twice"));
}

TEST(Jsonl, AnAttributeHasANameAndANumberThatCanBeHeld) {
  const auto error = [](absl::string_view attribute) {
    return ItemError(absl::StrCat(
        R"({"item_id":"a","genres":["x"],"language":"de","attributes":{)",
        attribute, "}}"));
  };
  EXPECT_EQ(error(R"("x":-3.4e38,"log_watches":"many")"), "");
  EXPECT_THAT(error(R"("x":1e300)"),
              HasSubstr(":1: field 'attributes.x': is the number 1e+300, must "
                        "be at most 3.4e38, with either sign"));
  EXPECT_THAT(error(R"("":5)"),
              HasSubstr(":1: field 'attributes.': the name of an attribute has "
                        "1 to 128 bytes"));
  EXPECT_THAT(error(R"("a\nb":"x")"), HasSubstr("on one line"));
  for (const char* const name :
       {"item_id", "title", "released", "maturity", "genres", "licences"}) {
    EXPECT_THAT(error(absl::StrCat("\"", name, "\":5")),
                HasSubstr(absl::StrCat(":1: field 'attributes.", name,
                                       "': is a field of the item; write '",
                                       name, "' outside of 'attributes'")));
  }
  EXPECT_THAT(error(R"("genres":["y"])"), HasSubstr("is a field of the item"));
  EXPECT_THAT(error(R"("Maturity":18)"),
              HasSubstr("write 'maturity' outside of 'attributes'"));
  for (const char* const name :
       {"log_watches", "released_day", "vector_length", "genre=x"}) {
    EXPECT_THAT(error(absl::StrCat("\"", name, "\":5")),
                HasSubstr(absl::StrCat("'item.", name,
                                       "' is a feature already; give the "
                                       "number another name")));
  }
  EXPECT_THAT(error(R"("language":5)"), HasSubstr("is given twice"));
}

TEST(Jsonl, ADayOfReleaseIsOneOfAFilm) {
  const auto error = [](absl::string_view day) {
    return ItemError(
        absl::StrCat(R"({"item_id":"a","released":")", day, "\"}"));
  };
  EXPECT_EQ(error("1870"), "");
  EXPECT_EQ(error("2100-12-31"), "");
  for (const char* const day : {"1869-12-31", "2101", "9999-12-31", "1066"}) {
    EXPECT_THAT(error(day),
                HasSubstr(absl::StrCat("'", day,
                                       "' is not of the years 1870 to 2100; "
                                       "leave an unknown day out")));
  }
}

TEST(Jsonl, MomentsOfALicenceAreSeconds) {
  const auto error = [](absl::string_view window) {
    return ItemError(absl::StrCat(
        R"({"item_id":"a","licences":[{"country":"DE",)", window, "}]}"));
  };
  // A start that means always.
  EXPECT_EQ(error(R"("start":0)"), "");
  EXPECT_EQ(error(R"("start":-2208988800)"), "");
  EXPECT_EQ(error(R"("start":"1970-01-01T00:00:00Z","end":631152000)"), "");
  EXPECT_EQ(error(R"("start":473385600)"), "");  // 1985
  EXPECT_THAT(error(R"("start":19000)"),
              HasSubstr("field 'licences[0].start': is the number 19000, which "
                        "counted in days would be 1641600000 seconds; write "
                        "Unix seconds"));
  EXPECT_THAT(error(R"("end":494000)"),
              HasSubstr("in hours would be 17784000"));
  EXPECT_THAT(error(R"("end":29640000)"),
              HasSubstr("in minutes would be 1778400000"));
  EXPECT_THAT(error(R"("start":2026)"),
              HasSubstr("a year would be \"2026-01-01T00:00:00Z\""));
  EXPECT_THAT(error(R"("end":631151999)"),
              HasSubstr("'licences[0].end': is the number 631151999, a moment "
                        "of before 1990"));
  EXPECT_THAT(error(R"("end":"1970-01-01T00:00:00.000020577Z")"),
              HasSubstr("a moment of before 1990"));
  EXPECT_THAT(error(R"("end":0)"), HasSubstr("a moment of before 1990"));
}

TEST(Jsonl, NamesTheFaultOfALicence) {
  const auto error = [](const std::string& licence) {
    return ItemError(
        absl::StrCat(R"({"item_id":"a","licences":[)", licence, "]}"));
  };
  EXPECT_EQ(error(R"({"country":"DE"})"), "");
  EXPECT_THAT(error(R"({"country":"de"})"),
              HasSubstr("'licences[0].country': 'de' is not a country"));
  EXPECT_THAT(error("{}"), HasSubstr("two capital letters such as DE"));
  EXPECT_THAT(error(R"({"country":"DE","start":900000000,"end":900000000})"),
              HasSubstr("'licences[0].end': is not after start"));
  // A day without its dashes, which as seconds is of 1970.
  EXPECT_THAT(error(R"({"country":"DE","start":20260501})"),
              HasSubstr("is the number 20260501, not a time such as"));
  EXPECT_THAT(error(R"({"country":"DE","start":"2026-01-01"})"),
              HasSubstr("not a time such as"));
  EXPECT_THAT(error(R"({"country":"DE","until":5})"),
              HasSubstr("unknown field 'licences[0].until'"));
  EXPECT_THAT(error("7"), HasSubstr("'licences[0]': is the number 7"));
}

TEST(Jsonl, TheCallersErrorGetsThePlace) {
  const std::string path = ScratchPath("items.jsonl");
  ASSERT_TRUE(WriteFileAtomically(path, R"({"item_id":"a"})").ok());
  const absl::Status status = ReadItems(path, [](ItemRecord, uint64_t) {
    return absl::FailedPreconditionError("no");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("items.jsonl:1: no"));
}

TEST(Jsonl, ReadsAndWritesUsers) {
  const std::string path = ScratchPath("users.jsonl");
  const std::string line =
      R"({"user_id":"u","country":"DE","language":"de","maturity_limit":0})";
  ASSERT_TRUE(WriteFileAtomically(path, line + "\n{\"user_id\":\"v\"}\n"
                                               "{\"user_id\":\"w\","
                                               "\"maturity_limit\":12.0}")
                  .ok());
  std::vector<UserRecord> users;
  ASSERT_TRUE(ReadUsers(path, [&](UserRecord user, uint64_t) {
                users.push_back(std::move(user));
                return absl::OkStatus();
              }).ok());
  ASSERT_EQ(users.size(), 3);
  EXPECT_EQ(users[0].maturity_limit, 0);
  EXPECT_EQ(users[1].maturity_limit, std::nullopt);
  EXPECT_EQ(users[2].maturity_limit, 12);
  EXPECT_EQ(*JsonFromUser(users[0]), line);
}

TEST(Jsonl, NamesTheFaultOfAUser) {
  const auto error = [](absl::string_view field) {
    const std::string path = ScratchPath("users.jsonl");
    const std::string line = absl::StrCat(R"({"user_id":"u",)", field, "}");
    EXPECT_TRUE(WriteFileAtomically(path, line).ok());
    return std::string(ReadUsers(path, [](UserRecord, uint64_t) {
                         return absl::OkStatus();
                       }).message());
  };
  EXPECT_EQ(error(R"("country":null,"language":null)"), "");
  EXPECT_THAT(error(R"("country":"")"),
              HasSubstr(":1: field 'country': is empty; leave it out"));
  EXPECT_THAT(error(R"("language":"")"),
              HasSubstr(":1: field 'language': is empty; leave it out"));
  EXPECT_THAT(error(R"("maturity_limit":6,"maturity_limit":99)"),
              HasSubstr(":1:35: field 'maturity_limit': occurs twice"));
}

}  // namespace
}  // namespace marquee
