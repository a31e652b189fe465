#include "offline/doubts/id_doubts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of items on the lines 11, 12, …
std::vector<std::string> TellOf(const std::vector<std::string>& ids) {
  std::vector<ItemRecord> records;
  std::vector<uint64_t> lines;
  for (const std::string& id : ids) {
    records.emplace_back().id = id;
    lines.push_back(10 + records.size());
  }
  return TellIdDoubts("f", records, lines);
}

// An export that pads all ids may be of one piece.
TEST(IdDoubts, SpacesThatAllHaveAreLawful) {
  EXPECT_THAT(TellOf({"t1  ", "t10 ", "t 1", "caf\xc3\xa9", "T1"}), IsEmpty());
}

TEST(IdDoubts, IdsThatDifferBySpacesAlone) {
  EXPECT_THAT(TellOf({"t1 ", "t2", "t1"}),
              ElementsAre("f:11: the id 't1 ' differs from 't1' on line 13 by "
                          "spaces at the ends alone: two items"));
  EXPECT_THAT(TellOf({"t1 ", " t1"}),
              ElementsAre("f:12: the id ' t1' differs from 't1 ' on line 11 by "
                          "spaces at the ends alone: two items"));
}

TEST(IdDoubts, CharactersThatAreNotSeen) {
  EXPECT_THAT(
      TellOf({"t1", "t1\xe2\x80\x8b", "\xef\xbb\xbft2"}),
      ElementsAre("f:12: the id 't1\\xe2\\x80\\x8b' has the character U+200B "
                  "in it, which is not seen, and differs from 't1' on line 11 "
                  "by characters that are not seen alone: two items",
                  "f:13: the id '\\xef\\xbb\\xbft2' has the character U+FEFF "
                  "in it, which is not seen"));
}

TEST(IdDoubts, IdsThatTablesWriteForNothing) {
  EXPECT_THAT(
      TellOf({"t1", "nan"}),
      ElementsAre(
          "f:12: the id 'nan' is what tables write for a missing value"));
}

}  // namespace
}  // namespace marquee
