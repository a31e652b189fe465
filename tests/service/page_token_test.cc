#include "server/service/page_token.h"

#include <string>

#include "absl/strings/escaping.h"
#include "core/base/request_limits.h"
#include "gmock/gmock.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::PageToken Page(int items, const std::string& id) {
  v1::PageToken page;
  for (int i = 0; i < items; ++i) page.add_shown_item_ids(id);
  return page;
}

TEST(PageToken, IsReadAsItWasWritten) {
  v1::PageToken page;
  page.add_shown_item_ids("t1");
  page.add_shown_item_ids("d\u00e9j\u00e0 vu");
  const std::string token = WritePageToken(page);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                    "qrstuvwxyz0123456789-_"),
            std::string::npos)
      << token;
  ASSERT_TRUE(CheckPageToken(token).ok());
  EXPECT_THAT(ReadPageToken(token).shown_item_ids(),
              ElementsAre("t1", "d\u00e9j\u00e0 vu"));
}

TEST(PageToken, NoneIsTheFirstPage) {
  EXPECT_TRUE(CheckPageToken("").ok());
  EXPECT_TRUE(ReadPageToken("").shown_item_ids().empty());
}

TEST(PageToken, TakesTheLongestListOfTheLongestIds) {
  const std::string id(kMaxIdBytes, 'x');
  EXPECT_TRUE(CheckPageToken(WritePageToken(Page(kMaxLimit - 1, id))).ok());
}

TEST(PageToken, CarriesNoUnknownFieldsOn) {
  v1::PageToken page = Page(1, "t1");
  const std::string plain = WritePageToken(page);
  page.GetReflection()->MutableUnknownFields(&page)->AddLengthDelimited(
      7, std::string(1000, 'x'));
  const std::string token = WritePageToken(page);
  ASSERT_TRUE(CheckPageToken(token).ok());
  EXPECT_EQ(WritePageToken(ReadPageToken(token)), plain);
}

TEST(PageToken, RefusesAllElse) {
  const std::string good = WritePageToken(Page(3, "t1"));
  v1::PageToken binary;
  binary.add_shown_item_ids("x");
  std::string not_utf8 = binary.SerializeAsString();
  not_utf8.back() = '\xff';
  for (const std::string& bad :
       {std::string("page 2"), good + "!", good.substr(0, good.size() - 2),
        WritePageToken(Page(kMaxLimit, "t1")), WritePageToken(Page(15'000, "")),
        WritePageToken(Page(1, "")),
        WritePageToken(Page(1, std::string(kMaxIdBytes + 1, 'x'))),
        absl::WebSafeBase64Escape(not_utf8), std::string(50'000, 'A')}) {
    const absl::Status status = CheckPageToken(bad);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
        << bad.substr(0, 100);
    EXPECT_THAT(std::string(status.message()), HasSubstr("page_token: "));
  }
}

}  // namespace
}  // namespace marquee
