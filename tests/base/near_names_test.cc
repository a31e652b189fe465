#include "core/base/near_names.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::string_view kNames[] = {"item.log_watches", "user.log_watches",
                                        "cross.cosine", "item.genre=Drama",
                                        "item.genre=Dramas"};

TEST(NearNames, DifferByAFewLetters) {
  EXPECT_THAT(NearNames("item.log_watch", kNames),
              ElementsAre("item.log_watches"));
  EXPECT_THAT(NearNames("cross.cosin", kNames), ElementsAre("cross.cosine"));
  const absl::string_view short_names[] = {"name", "match", "max"};
  EXPECT_THAT(NearNames("nmae", short_names), ElementsAre("name"));
  EXPECT_THAT(NearNames("mtahc", short_names), ElementsAre("match"));
  EXPECT_THAT(NearNames("nmea", short_names), IsEmpty());
  EXPECT_THAT(NearNames("item.genre=dramas", kNames),
              ElementsAre("item.genre=Dramas", "item.genre=Drama"));
  EXPECT_THAT(NearNames("item.genre=dramas", kNames, 1),
              ElementsAre("item.genre=Dramas"));
}

TEST(NearNames, CaseAndWhatStandsBetweenDoNotCount) {
  EXPECT_THAT(NearNames("ITEM__LOG WATCHES", kNames, 1),
              ElementsAre("item.log_watches"));
}

TEST(NameDistance, CountsSlips) {
  const struct {
    absl::string_view a, b;
    size_t distance;
  } cases[] = {{"userId", "user_id", 0},
               {" Item ID", "item_id", 0},
               {"weigth", "weight", 1},
               {"wight", "weight", 1},
               {"weeight", "weight", 1},
               {"waight", "weight", 1},
               {"rating", "weight", 6},
               {"", "ab", 2},
               {"é", "e", 2}};
  for (const auto& [a, b, distance] : cases) {
    EXPECT_EQ(NameDistance(a, b), distance) << a;
    EXPECT_EQ(NameDistance(b, a), distance) << a;
  }
}

TEST(NearNames, OthersAreFar) {
  for (const std::string& name :
       {std::string(), std::string("Column_0"), std::string("x"),
        std::string("___"), std::string(100000, 'x')}) {
    EXPECT_THAT(NearNames(name, kNames), IsEmpty());
  }
  EXPECT_THAT(NearNames("ab", std::vector<absl::string_view>{"c", ""}),
              IsEmpty());
}

}  // namespace
}  // namespace marquee
