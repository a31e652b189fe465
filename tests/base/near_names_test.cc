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
  EXPECT_THAT(NearNames("title.genre=dramas", kNames),
              ElementsAre("title.genre=Dramas", "title.genre=Drama"));
  EXPECT_THAT(NearNames("title.genre=dramas", kNames, 1),
              ElementsAre("title.genre=Dramas"));
}

TEST(NearNames, CaseAndWhatStandsBetweenDoNotCount) {
  EXPECT_THAT(NearNames("TITLE__LOG WATCHES", kNames),
              ElementsAre("title.log_watches"));
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
