#include "offline/data/interactions.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/data/interaction_set.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Write(absl::string_view text) {
  const std::string path = ScratchPath("interactions.csv");
  EXPECT_TRUE(WriteFileAtomically(path, text).ok());
  return path;
}

std::string ErrorOf(absl::string_view text) {
  return std::string(LoadInteractions(Write(text), {}).status().message());
}

constexpr absl::string_view kSample =
    "weight,item_id,event,user_id,timestamp\n"
    "2.5,i1,like,u2,100\n"
    "0,i2,seen,u1,200\n"
    "1,i2,play,u2,300\n";

TEST(Interactions, LoadsColumnsInAnyOrder) {
  InteractionFilter filter;
  filter.positive_only = false;
  const auto set = LoadInteractions(Write(kSample), filter);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_THAT(set->user, ElementsAre(0, 1, 0));
  EXPECT_THAT(set->item, ElementsAre(0, 1, 1));
  EXPECT_THAT(set->timestamp, ElementsAre(100, 200, 300));
  EXPECT_THAT(set->weight, ElementsAre(2.5f, 0, 1));
  EXPECT_EQ(set->users[0], "u2");
  EXPECT_EQ(set->users.Find("u1"), 1);
  EXPECT_EQ(set->users.Find("u3"), std::nullopt);
}

TEST(Interactions, FiltersByWeightTimeAndEvent) {
  const std::string path = Write(kSample);
  EXPECT_THAT(LoadInteractions(path, {})->timestamp, ElementsAre(100, 300));
  InteractionFilter filter;
  filter.until = 300;
  EXPECT_THAT(LoadInteractions(path, filter)->timestamp, ElementsAre(100));
  filter = {};
  filter.events.names = {"play"};
  EXPECT_THAT(LoadInteractions(path, filter)->timestamp, ElementsAre(300));
  filter.events.names = {"plya"};
  EXPECT_THAT(LoadInteractions(path, filter).status().message(),
              HasSubstr("no row has the event 'plya'; it has 'like', 'play', "
                        "'seen'"));
  filter = {};
  filter.since = 1000;
  EXPECT_THAT(LoadInteractions(path, filter).status().message(),
              HasSubstr("none of its 3 rows"));
}

TEST(Interactions, WithoutTheColumnTheWeightIsOne) {
  const auto set =
      LoadInteractions(Write("user_id,item_id,timestamp\nu,i,5\n"), {});
  ASSERT_TRUE(set.ok());
  EXPECT_THAT(set->weight, ElementsAre(1));
}

TEST(Interactions, OtherColumnsAreIgnored) {
  for (const char* const other : {"device", "rating", "heights", "wght", ""}) {
    const auto set = LoadInteractions(
        Write(absl::StrCat("user_id,", other,
                           ",item_id,timestamp,weight\nu,tv,i,5,2\n")),
        {});
    ASSERT_TRUE(set.ok()) << set.status();
    EXPECT_EQ(set->items.size(), 1);
    EXPECT_THAT(set->weight, ElementsAre(2));
  }
}

// It would pass for none, and every weight for 1.
TEST(Interactions, AMisspeltOptionalColumnIsAFault) {
  for (const char* const misspelt :
       {"wieght", "weigth", "weights", "wight", "waight", "Weight", "WEIGHT ",
        " weight"}) {
    EXPECT_THAT(ErrorOf(absl::StrCat("user_id,item_id,timestamp,", misspelt,
                                     "\nu,i,1,0\n")),
                HasSubstr(absl::StrCat("interactions.csv: the column '",
                                       misspelt, "' is probably 'weight'")));
  }
  EXPECT_THAT(ErrorOf("user_id,item_id,timestamp,events\nu,i,1,like\n"),
              HasSubstr("the column 'events' is probably 'event'"));
  // Beside the column itself it is its writer's own.
  EXPECT_EQ(ErrorOf("user_id,item_id,timestamp,event,event_1,weight_,weight\n"
                    "u,i,1,like,x,y,1\n"),
            "");
}

TEST(Interactions, NamesLineAndColumnOfAFault) {
  const std::string header = "user_id,item_id,timestamp,weight\n";
  EXPECT_THAT(ErrorOf("user,item_id,timestamp\n"),
              HasSubstr("no column 'user_id'; its columns are 'user'"));
  EXPECT_THAT(ErrorOf(header + "u,i,1,1\nu,,1,1\n"),
              HasSubstr(":3: column 2 'item_id': an id has 1 to 128 bytes"));
  EXPECT_THAT(ErrorOf(header + std::string(129, 'u') + ",i,1,1\n"),
              HasSubstr("this one has 129"));
  EXPECT_THAT(ErrorOf(header + "u,i,1700000000000,1\n"),
              HasSubstr(":2: column 3 'timestamp': '1700000000000' is not a "
                        "moment in the years 1970 to 9999: write whole Unix "
                        "seconds, 2026-05-01 or 2026-05-01T12:00:00Z; in "
                        "seconds it may be 1700000000"));
  EXPECT_THAT(ErrorOf(header + "Jos\xe9,i,1,1\n"),
              HasSubstr(":2: column 1 'user_id': the id 'Jos\\xe9' is not "
                        "UTF-8, which requests are in"));
  EXPECT_THAT(ErrorOf(header + "u,i,1,-1\n"),
              HasSubstr("column 4 'weight': -1 is negative"));
  EXPECT_THAT(ErrorOf(header + "u,i,1,nan\n"),
              HasSubstr("'nan' is not a finite number"));
}

TEST(Interactions, ARowThatStandsAgainCountsOnce) {
  const std::string csv =
      "user_id,item_id,timestamp,event,weight\n"
      "u,i,1760000000,play,1\n"
      "u,i,1760000000,like,1\n"
      "u,i,1760000001,play,1\n"
      "u,i,1760000000,play,2\n"
      "v,i,1760000000,play,1\n"
      "u,j,1760000000,play,1\n";
  const auto once = LoadInteractions(Write(csv), {});
  ASSERT_TRUE(once.ok()) << once.status();
  EXPECT_EQ(once->size(), 6);
  EXPECT_THAT(once->remarks,
              ElementsAre(HasSubstr("its events 1 'like', 5 'play'")));
  const std::string rows = csv.substr(csv.find('\n') + 1);
  const auto twice = LoadInteractions(Write(csv + rows), {});
  EXPECT_EQ(twice->rows_read, 12);
  EXPECT_EQ(twice->timestamp, once->timestamp);
  EXPECT_THAT(twice->remarks,
              ElementsAre(HasSubstr("its events "),
                          EndsWith("interactions.csv: 6 rows are copies of "
                                   "others, the first of user 'u' and item "
                                   "'i': each counts once")));
  EXPECT_EQ(twice->copies.size(), 12);
  EXPECT_FALSE(twice->copies[5]);
  EXPECT_TRUE(twice->copies[6]);
}

// People and moments count up side by side.
TEST(Interactions, RowsThatAreAlikeAreNoCopies) {
  std::string csv = "user_id,item_id,timestamp\n";
  for (int user = 0; user < 60; ++user) {
    for (int second = 10; second < 70; ++second) {
      absl::StrAppend(&csv, "u", user, ",t", second % 7, ",17600000", second,
                      "\n");
    }
  }
  const auto set = LoadInteractions(Write(csv), {});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->size(), 3600);
  EXPECT_THAT(set->remarks, IsEmpty());
}

TEST(Interactions, EventsOfTheVectorsAreNoOrder) {
  const std::string with = Write(
      "user_id,item_id,timestamp,event\nu,i,1760000000,play\n"
      "u,j,1760000001,dislike\n");
  const auto load = [](const std::string& path, WantedEvents events) {
    return LoadInteractions(path, {.events = std::move(events)});
  };
  EXPECT_EQ(load(with, {.names = {"play", "like"}, .implied = true})->size(),
            1);
  EXPECT_THAT(
      load(with, {.names = {"play", "like"}}).status().message(),
      HasSubstr("no row has the event 'like'; it has 'dislike', 'play'"));
  EXPECT_THAT(
      load(with, {.names = {"watch"}, .implied = true}).status().message(),
      HasSubstr("no row has the event 'watch', which the vectors learnt "
                "from; it has 'dislike', 'play': choose with --events"));
  const std::string without =
      Write("user_id,item_id,timestamp\nu,i,1760000000\n");
  EXPECT_EQ(load(without, {.names = {"play"}, .implied = true})->size(), 1);
  EXPECT_FALSE(load(without, {.names = {"play"}}).ok());
}

TEST(Interactions, EventsThatAllCountAreTold) {
  const std::string path = Write(
      "user_id,item_id,timestamp,event\nu,i,1760000000,play\n"
      "u,j,1760000001,dislike\n");
  EXPECT_THAT(LoadInteractions(path, {})->remarks,
              ElementsAre(EndsWith(".csv: its events 1 'dislike', 1 'play' all "
                                   "count as signs of liking (--events "
                                   "chooses)")));
  EXPECT_THAT(LoadInteractions(path, {.events = {.names = {"play"}}})->remarks,
              IsEmpty());
  // Of what is seen, liked or not, nothing counts as a sign.
  EXPECT_THAT(LoadInteractions(path, {.positive_only = false})->remarks,
              IsEmpty());
}

TEST(Interactions, WhatIsWrittenReadsBackTheSame) {
  const std::string path = ScratchPath("written.csv");
  const std::vector<InteractionView> rows = {
      {"u,1", "i\"2\"", 17, "play", 0.1f}, {" u", "i", 0, "", 0}};
  auto writer = InteractionWriter::Create(path);
  ASSERT_TRUE(writer.ok());
  for (const InteractionView& row : rows) (*writer)->Append(row);
  ASSERT_TRUE(PublishAll({(*writer)->Finish()}).ok());
  auto reader = InteractionReader::Open(path);
  ASSERT_TRUE(reader.ok());
  for (const InteractionView& wanted : rows) {
    InteractionView row;
    ASSERT_TRUE(*(*reader)->Next(&row));
    EXPECT_EQ(row.user_id, wanted.user_id);
    EXPECT_EQ(row.item_id, wanted.item_id);
    EXPECT_EQ(row.timestamp, wanted.timestamp);
    EXPECT_EQ(row.event, wanted.event);
    EXPECT_EQ(row.weight, wanted.weight);
  }
}

TEST(IdDictionary, NumbersInOrderOfFirstAppearance) {
  IdDictionary ids;
  for (int round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < 10'000; ++i) {
      ASSERT_EQ(ids.FindOrAdd(absl::StrCat("id", i)), i);
    }
  }
  EXPECT_EQ(ids.size(), 10'000);
  EXPECT_EQ(ids[9'999], "id9999");
  EXPECT_EQ(ids.Find("id10000"), std::nullopt);
}

TEST(IdDictionary, AnIdListNamesBothLinesOfADuplicate) {
  EXPECT_EQ((*ReadIdList(Write("b\na\n")))[1], "a");
  EXPECT_THAT(ReadIdList(Write("b\na\nb\n")).status().message(),
              HasSubstr(":3: the id 'b' is also on line 1"));
  EXPECT_THAT(ReadIdList(Write("b\n\na\n")).status().message(),
              HasSubstr(":2: an id has 1 to 128 bytes"));
}

}  // namespace
}  // namespace marquee
