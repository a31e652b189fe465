#include "offline/build/history_rows.h"

#include <string>
#include <vector>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kNow = 1'760'000'000;

// Of the users u (which has a vector) and v, and the items a and b.
class HistoryRowsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* const id : {"u", "v"}) users_.FindOrAdd(id);
    for (const char* const id : {"a", "b"}) items_.FindOrAdd(id);
  }
  absl::StatusOr<HistoryRows> Read(absl::string_view rows,
                                   HistoryOptions options = {}) {
    const std::string path = ScratchPath("interactions.csv");
    const std::string header = "user_id,item_id,timestamp,event,weight\n";
    EXPECT_TRUE(WriteFileAtomically(path, header + std::string(rows)).ok());
    options.now = absl::FromUnixSeconds(kNow);
    return ReadHistoryRows(path, options, /*with_vector=*/1, users_, items_);
  }

  IdDictionary users_, items_;
};

// "USER ITEM" with a plus where it is liked.
std::vector<std::string> Shown(const HistoryRows& rows) {
  std::vector<std::string> shown;
  for (const HistoryRows::Event& event : rows.events) {
    shown.push_back(std::to_string(event.user) + " " +
                    std::to_string(event.item) + (event.liked ? " +" : ""));
  }
  return shown;
}

TEST_F(HistoryRowsTest, AreThoseOfKnownItemsOnceEach) {
  const auto rows = Read(
      "v,a,10,play,2\nu,b,20,play,1\nv,a,10,play,2\nw,nowhere,30,play,1\n"
      "v,a,10,play,1\nw,b,40,play,0\nu,a,50,play,1\nv,a,10,play,2\n",
      {.until = 50});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(Shown(*rows), ElementsAre("1 0 +", "0 1 +", "1 0 +", "2 1"));
  EXPECT_THAT(rows->moments, ElementsAre(10, 20, 10, 40));
  EXPECT_EQ(rows->rows_read, 8);
  EXPECT_EQ(rows->unknown_items, 1);
  EXPECT_EQ(rows->unknown_item, "nowhere");
  EXPECT_EQ(users_.size(), 3) << "w likes no known item, and watches one";
  ASSERT_EQ(rows->likes_without_vector.size(), 2);
  EXPECT_EQ(rows->likes_without_vector[0].weight, 2);
  EXPECT_EQ(rows->likes_without_vector[1].weight, 1);
  for (const UserLike& like : rows->likes_without_vector) {
    EXPECT_EQ(like.user, 1);
    EXPECT_EQ(like.item, ItemRow{0});
  }
  EXPECT_THAT(rows->remarks,
              testing::Contains(HasSubstr("2 rows are copies of others, the "
                                          "first of user 'v' and item 'a'")));
}

TEST_F(HistoryRowsTest, OneCopyIsTold) {
  const auto rows = Read("u,a,1760000000,play,1\nu,a,1760000000,play,1\n");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->remarks,
              testing::Contains(HasSubstr("1 row is a copy of another, of user "
                                          "'u' and item 'a': it counts once")));
}

TEST_F(HistoryRowsTest, WhatIsToComeIsAsOfTheNewestLikeThatIsNot) {
  const auto rows = Read(
      "u,a,1759000000,play,1\nu,b,1759500000,play,1\nv,b,1759900000,play,0\n"
      "v,a,1999999999,play,1\nu,a,9999-12-31,play,1\n");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->moments, ElementsAre(1759000000, 1759500000, 1759900000,
                                         1759500000, 1759500000));
  const auto all = Read("u,a,1999999999,play,1\nv,a,9999-12-31,play,1\n");
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_THAT(all->moments, ElementsAre(1999999999, 4294967295)) << "2106";
}

TEST_F(HistoryRowsTest, EventsAreLookedForInAllRows) {
  const std::string plays = "u,a,10,play,1\nu,b,20,view,1\nv,a,30,view,1\n";
  const auto wanted =
      Read(plays + "u,nowhere,40,like,1\nu,b,60,buy,1\n",
           {.until = 50, .events = {.names = {"play", "like", "buy"}}});
  ASSERT_TRUE(wanted.ok()) << wanted.status();
  EXPECT_THAT(Shown(*wanted), ElementsAre("0 0 +", "0 1", "1 0"));
  EXPECT_THAT(wanted->remarks, Each(testing::Not(HasSubstr("learnt"))));
  const auto implied =
      Read(plays, {.events = {.names = {"play"}, .implied = true}});
  ASSERT_TRUE(implied.ok()) << implied.status();
  EXPECT_THAT(
      implied->remarks,
      testing::Contains(HasSubstr(
          ".csv: 2 of its 3 rows are not signs of liking: the vectors learnt "
          "only from 'play' (--events chooses)")));
  EXPECT_THAT(std::string(Read(plays, {.events = {.names = {"play", "lkie"}}})
                              .status()
                              .message()),
              HasSubstr("no row has the event 'lkie'; it has 'play', 'view': "
                        "choose with --events"));
}

TEST_F(HistoryRowsTest, WhatThereIsInPlaceOfAnEventIsNamed) {
  const auto fault = [this](const std::string& rows,
                            std::vector<std::string> names) {
    return std::string(
        Read(rows, {.events = {.names = std::move(names)}}).status().message());
  };
  EXPECT_EQ(fault("", {"play"}), "");
  EXPECT_THAT(fault("u,a,10,,1\n", {"play"}),
              HasSubstr("no row has the event 'play'; it has '': choose"));
  EXPECT_THAT(fault("u,a,10,play,1\nu,a,20,like,1\nu,a,30,view,1\n",
                    {"play", "lkie", "like"}),
              HasSubstr("'lkie'; it has 'like', 'play', 'view': choose"));
  std::string rows;
  for (int i = 10; i < 26; ++i) {
    rows += "u,a,10,e" + std::to_string(i) + ",1\n";
  }
  EXPECT_THAT(fault(rows, {"play"}), HasSubstr("'e24', 'e25': choose"));
  EXPECT_THAT(fault(rows + "u,a,10,e26,1\n", {"play"}),
              HasSubstr("'e24', 'e25' and more: choose"));
}

// A column of ids in place of events, or hostile ones.
TEST_F(HistoryRowsTest, EventsThatAreNotWantedAreNamedUpToABound) {
  std::string text = "u,a,10,\x1b[31mred,1\n";
  for (int i = 0; i < 1000; ++i) {
    text += "u,a,10,e" + std::to_string(i) + ",1\n";
  }
  const auto rows = Read(text, {.events = {.names = {"play"}}});
  const std::string message(rows.status().message());
  EXPECT_THAT(message, AllOf(HasSubstr("'e0', 'e1'"), HasSubstr(" and more: "),
                             HasSubstr("\\x1b[31mred")));
  EXPECT_LT(message.size(), 400);
}

TEST_F(HistoryRowsTest, OfNothingAreNone) {
  const auto rows = Read("");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->events, IsEmpty());
  EXPECT_THAT(rows->moments, IsEmpty());
}

}  // namespace
}  // namespace marquee
