#include "offline/data/interaction_remarks.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/data/interactions.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kNow = 1'790'000'000;  // 2026-09-21T14:13:20Z
constexpr int64_t kDay = 86400;

// Of rows on lines 2, 3, …
std::vector<std::string> Told(const std::vector<InteractionView>& rows) {
  InteractionRemarks remarks(kNow);
  uint64_t line = 1;
  for (const InteractionView& row : rows) remarks.Add(row, ++line);
  return remarks.Tell();
}

TEST(InteractionRemarks, OfCommonRowsThereAreNone) {
  EXPECT_THAT(Told({}), IsEmpty());
  EXPECT_THAT(Told({{"u", "i", kNow, "", 0.5f}}), IsEmpty());
  EXPECT_THAT(Told({{"u", "i", 631152000}, {"u", "j", kNow + kDay, "", 0}}),
              IsEmpty());
  EXPECT_THAT(Told({{"nano", "None1", kNow}, {"n", "Nullah", kNow - 1}}),
              IsEmpty());
}

TEST(InteractionRemarks, MomentsThatAreHardlySeconds) {
  EXPECT_THAT(
      Told({{"u", "i", kNow}, {"u", "j", 20577}, {"v", "j", 631151999}}),
      ElementsAre("2 of its 3 moments are before 1990, the first on "
                  "line 3; they reach from 1970-01-01T05:42:57Z to "
                  "2026-09-21T14:13:20Z: are they seconds since "
                  "1970?"));
  EXPECT_THAT(
      Told({{"u", "i", kNow}, {"u", "j", kNow}}),
      ElementsAre(
          "all moments are 2026-09-21T14:13:20Z: their order is unknown"));
}

TEST(InteractionRemarks, MomentsThatAreStillToCome) {
  EXPECT_THAT(
      Told({{"u", "i", kNow}, {"u", "j", kNow + kDay + 1}, {"v", "i", 1}}),
      ElementsAre(testing::HasSubstr("1 of its 3 moments are before 1990"),
                  "1 of its 3 moments are later than now, the first on line 3, "
                  "the latest 2026-09-22T14:13:21Z"));
}

TEST(InteractionRemarks, IdsThatTablesWriteForNone) {
  EXPECT_THAT(
      Told({{"u", "i", kNow - 2}, {"u", "nan", kNow - 1}, {"None", "i", kNow}}),
      ElementsAre("2 ids are 'nan' or the like, which tables write for a "
                  "missing value, "
                  "the first on line 3"));
}

TEST(InteractionRemarks, ThatNothingIsLiked) {
  EXPECT_THAT(Told({{"u", "i", kNow - 1, "", 0}, {"u", "j", kNow, "", 0}}),
              ElementsAre("the weight of all its 2 rows is 0: none is a sign "
                          "of liking"));
}

TEST(InteractionRemarks, EventsOfLikesWhereThereAreSeveral) {
  InteractionRemarks remarks(kNow);
  EXPECT_EQ(remarks.TellEvents(), "");
  for (const char* const event : {"play", "play", "dislike", "play"}) {
    remarks.Add({"u", "i", kNow, event, 1}, 2);
  }
  remarks.Add({"u", "i", kNow, "seen", 0}, 2);
  EXPECT_EQ(remarks.TellEvents(),
            "its events 1 'dislike', 3 'play' all count as signs of liking "
            "(--events chooses)");
  for (int i = 0; i < 14; ++i) {
    remarks.Add({"u", "i", kNow, absl::StrCat("e", i), 1}, 2);
  }
  EXPECT_THAT(remarks.TellEvents(), testing::StartsWith("its events 1 'disl"));
  for (int i = 14; i < 100; ++i) {
    remarks.Add({"u", "i", kNow, absl::StrCat("e", i), 1}, 2);
  }
  EXPECT_EQ(remarks.TellEvents(),
            "it has more than 16 events, which all count as signs of liking "
            "(--events chooses)");
}

}  // namespace
}  // namespace marquee
