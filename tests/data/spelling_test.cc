#include "offline/data/spelling.h"

#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(Spelling, WhatTablesWriteForNothing) {
  for (const char* const text :
       {"", " ", "nan", "NaN", " NaN", "None", "none", "null", "NULL", "N/A",
        "n/a", "NA", "<NA>", "NaT", "(no genres listed)"}) {
    EXPECT_TRUE(IsForNothing(text)) << text;
  }
  // Nauruan, a name, a word.
  for (const char* const text :
       {"na", "Na", "Nat", "Nan Goldin", "nothing", "0",
        "(no genres listed) "
        "at all"}) {
    EXPECT_FALSE(IsForNothing(text)) << text;
  }
}

TEST(Spelling, WhatIsNotSeenIsDropped) {
  EXPECT_EQ(VisibleText("Film Noir"), "Film Noir");
  EXPECT_EQ(VisibleText(" \t Film  Noir\n "), "Film  Noir");
  EXPECT_EQ(VisibleText("\xc2\xa0"
                        "a\xe3\x80\x80"
                        "b\xc2\xa0 "),
            "a\xe3\x80\x80"
            "b");
  EXPECT_EQ(VisibleText("t\xe2\x80\x8b"
                        "1\xef\xbb\xbf"),
            "t1");
  EXPECT_EQ(VisibleText("t\xc2\xad"
                        "1\x01\xc2\x85"),
            "t1");
  EXPECT_EQ(VisibleText("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(VisibleText("\xe2\x80\x8b "), "");
  EXPECT_EQ(VisibleText("a\xe2\x80"), "a\xe2\x80");  // damaged
}

TEST(Spelling, OneKeyLooksAlike) {
  EXPECT_EQ(SpellingKey(" Drama\xe2\x80\x8b"), "drama");
  EXPECT_EQ(SpellingKey("DRAMA"), SpellingKey("drama"));
  EXPECT_NE(SpellingKey("Melo drama"), SpellingKey("Melodrama"));
}

TEST(Spelling, NamesTheCharacterThatIsNotSeen) {
  EXPECT_EQ(FirstInvisible("t1 \xc2\xa0"), "");
  EXPECT_EQ(FirstInvisible("\xc3\xa9t\xe2\x80\x8b\xef\xbb\xbf"), "U+200B");
  EXPECT_EQ(FirstInvisible("t\xc2\xad"), "U+00AD");
}

TEST(Spelling, NamesTheDifference) {
  EXPECT_EQ(Difference("a", "a "), "spaces at the ends");
  EXPECT_EQ(Difference("a", "a\xe2\x80\x8b"), "characters that are not seen");
  EXPECT_EQ(Difference("a", "A"), "case");
  EXPECT_EQ(Difference("a", "A "), "case and spaces");
}

}  // namespace
}  // namespace marquee
