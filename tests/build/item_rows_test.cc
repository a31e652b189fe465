#include "offline/build/item_rows.h"

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

// Errors and warnings name the line of the file, whatever the order of rows.
TEST(ItemRows, EachRowKeepsItsLine) {
  const std::string path = ScratchPath("items.jsonl");
  ASSERT_TRUE(WriteFileAtomically(path,
                                  "{\"item_id\":\"a\"}\n\n{\"item_id\":\"b\"}\n"
                                  "{\"item_id\":\"c\"}\n{\"item_id\":\"d\"}\n")
                  .ok());
  IdDictionary embedded;
  for (const char* const id : {"d", "a", "c"}) embedded.FindOrAdd(id);
  auto rows = ReadItemRows(path, embedded);
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->lines, ElementsAre(5, 1, 4, 3));
  const uint32_t order[] = {2, 0, 1};
  rows->Reorder(order);
  EXPECT_EQ(rows->records[0].id, "c");
  EXPECT_THAT(rows->lines, ElementsAre(4, 5, 1, 3));
}

}  // namespace
}  // namespace marquee
