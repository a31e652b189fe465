#include "offline/formats/moment.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Moment, OneMomentInEveryForm) {
  for (const char* const text :
       {"1777593600", " 1777593600 ", "2026-05-01", "2026-05-01T00:00:00Z",
        "2026-05-01T00:00:00.999Z", "2026-05-01T02:00:00+02:00"}) {
    const auto moment = ParseMoment(text);
    ASSERT_TRUE(moment.ok()) << moment.status();
    EXPECT_EQ(*moment, 1777593600) << text;
  }
}

TEST(Moment, FromTheFirstToTheLast) {
  EXPECT_EQ(*ParseMoment("0"), 0);
  EXPECT_EQ(*ParseMoment("1970-01-01"), 0);
  EXPECT_EQ(*ParseMoment("253402300799"), 253402300799);
  EXPECT_EQ(*ParseMoment("9999-12-31T23:59:59Z"), 253402300799);
}

TEST(Moment, WhatIsNoneIsQuoted) {
  for (const char* const text :
       {"", "x", "-1", "253402300800", "1969-12-31", "1969-12-31T23:59:59Z",
        "2026-02-30", "2026-5-1", "05/01/2026", "2026-05-01 12:00:00",
        "2026-05-01T12:00:00", "infinite-future", "1777593600.0",
        "99999999999999999999"}) {
    const absl::Status status = ParseMoment(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << text;
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr(absl::StrCat("'", text, "' is not a moment")),
                      HasSubstr("write whole Unix seconds, 2026-05-01 or "
                                "2026-05-01T12:00:00Z")));
  }
}

TEST(Moment, WhatIsAlmostOneIsTold) {
  const struct {
    const char *text, *hint;
  } cases[] = {
      {"1777593600.0", "12:00:00Z; in seconds it may be 1777593600"},
      {"1.7775936e9", "; in seconds it may be 1777593600"},
      {"1777593600000.0", "; in seconds it may be 1777593600"},
      {"2026-05-01 12:00:00",
       "; it may be 2026-05-01T12:00:00Z, where Z is the zone, here UTC"},
      {"2026-05-01T12:00:00.5", "; it may be 2026-05-01T12:00:00.5Z, where"},
      {"2026-05-01 12:00:00+02:00", "; it may be 2026-05-01T10:00:00Z, where"}};
  for (const auto& [text, hint] : cases) {
    EXPECT_THAT(ParseMoment(text).status().message(), HasSubstr(hint));
  }
  for (const char* const text : {"x", "-1", "1777593600.5", "nan", "1e300"}) {
    EXPECT_THAT(ParseMoment(text).status().message(), Not(HasSubstr("may be")))
        << text;
  }
}

TEST(Moment, ADayWithoutDashesIsNotAMomentOf1970) {
  EXPECT_EQ(ParseMoment("20260501").status().message(),
            "'20260501' is a moment of August 1970: write 2026-05-01 for the "
            "day, or seconds since 1970");
  for (const int64_t number : {19000101, 20240229, 20991231}) {
    EXPECT_NE(CompactDay(number), "") << number;
    EXPECT_FALSE(ParseMoment(absl::StrCat(number)).ok());
  }
  for (const int64_t number :
       {18991231, 19000100, 20230229, 20261301, 20260500, 21000101, 202605}) {
    EXPECT_EQ(CompactDay(number), "") << number;
    EXPECT_TRUE(ParseMoment(absl::StrCat(number)).ok()) << number;
  }
}

TEST(Moment, SmallerUnitsAreSeen) {
  for (const char* const zeros : {"000", "000000", "000000000"}) {
    EXPECT_THAT(
        std::string(
            ParseMoment(absl::StrCat("1777593600", zeros)).status().message()),
        HasSubstr("in seconds it may be 1777593600"));
  }
  EXPECT_THAT(std::string(ParseMoment("-1777593600000").status().message()),
              Not(HasSubstr("it may be")));
}

}  // namespace
}  // namespace marquee
