#include "core/base/near_names.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::string_view kNames[] = {"title.log_watches", "user.log_watches",
                                        "cross.cosine", "title.genre=Drama",
                                        "title.genre=Dramas"};

TEST(NearNames, DifferByAFewLetters) {
  EXPECT_THAT(NearNames("title.log_watch", kNames),
              ElementsAre("title.log_watches"));
  EXPECT_THAT(NearNames("cross.cosin", kNames), ElementsAre("cross.cosine"));
  const absl::string_view short_names[] = {"name", "match", "max"};
  EXPECT_THAT(NearNames("nmae", short_names), ElementsAre("name"));
  EXPECT_THAT(NearNames("mtahc", short_names), ElementsAre("match"));
  EXPECT_THAT(NearNames("nmea", short_names), IsEmpty());
  EXPECT_THAT(NearNames("title.genre=dramas", kNames),
              ElementsAre("title.genre=Dramas", "title.genre=Drama"));
  EXPECT_THAT(NearNames("title.genre=dramas", kNames, 1),
              ElementsAre("title.genre=Dramas"));
}

TEST(NearNames, CaseAndWhatStandsBetweenDoNotCount) {
  EXPECT_THAT(NearNames("TITLE__LOG WATCHES", kNames),
              ElementsAre("title.log_watches"));
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
