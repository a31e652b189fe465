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

constexpr uint64_t kList = 17;

v1::PageToken Page(int items, const std::string& id) {
  v1::PageToken page;
  for (int i = 0; i < items; ++i) page.add_shown_item_ids(id);
  return page;
}

TEST(PageToken, IsReadAsItWasWritten) {
  v1::PageToken page;
  page.add_shown_item_ids("t1");
  page.add_shown_item_ids("d\u00e9j\u00e0 vu");
  const std::string token = WritePageToken(page, kList);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                    "qrstuvwxyz0123456789-_"),
            std::string::npos)
      << token;
  ASSERT_TRUE(CheckPageToken(token, kList).ok());
  EXPECT_THAT(ReadPageToken(token).shown_item_ids(),
              ElementsAre("t1", "d\u00e9j\u00e0 vu"));
}

TEST(PageToken, NoneIsTheFirstPage) {
  EXPECT_TRUE(CheckPageToken("", kList).ok());
  EXPECT_TRUE(ReadPageToken("").shown_item_ids().empty());
}

TEST(PageToken, TakesTheLongestListOfTheLongestIds) {
  const std::string id(kMaxIdBytes, 'x');
  EXPECT_TRUE(
      CheckPageToken(WritePageToken(Page(kMaxLimit - 1, id), kList), kList)
          .ok());
}

TEST(PageToken, CarriesNoUnknownFieldsOn) {
  v1::PageToken page = Page(1, "t1");
  const std::string plain = WritePageToken(page, kList);
  page.GetReflection()->MutableUnknownFields(&page)->AddLengthDelimited(
      7, std::string(1000, 'x'));
  const std::string token = WritePageToken(page, kList);
  ASSERT_TRUE(CheckPageToken(token, kList).ok());
  EXPECT_EQ(WritePageToken(ReadPageToken(token), kList), plain);
}

TEST(PageToken, RefusesAChangedItem) {
  const std::string token = WritePageToken(Page(3, "t1"), kList);
  int accepted = 0;
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    accepted += CheckPageToken(changed, kList).ok() ? 1 : 0;
  }
  // The spare bits of the last character mean nothing.
  EXPECT_LE(accepted, 1);
}

TEST(PageToken, BelongsToOneList) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u");
  const std::string token = WritePageToken(Page(1, "t1"), ListOf(request));
  const auto fits = [&](const auto& other) {
    return CheckPageToken(token, ListOf(other)).ok();
  };
  EXPECT_TRUE(fits(request));
  request.mutable_context()->add_exclude_item_ids("t9");
  request.mutable_context()->add_recent_events()->set_item_id("t3");
  request.set_limit(3);
  EXPECT_TRUE(fits(request)) << "these may change";
  v1::RecommendRequest other = request;
  other.mutable_context()->set_user_id("v");
  EXPECT_FALSE(fits(other));
  other = request;
  v1::AttributeFilter& filter = *other.mutable_context()->add_filters();
  filter.set_attribute("genre");
  filter.add_any_of("Drama");
  EXPECT_FALSE(fits(other));
  v1::SimilarItemsRequest similar;
  *similar.mutable_context() = request.context();
  similar.set_item_id("t1");
  EXPECT_FALSE(fits(similar));
  EXPECT_THAT(std::string(CheckPageToken(token, ListOf(similar)).message()),
              HasSubstr("is of another list"));
}

TEST(PageToken, RefusesAllElse) {
  const std::string good = WritePageToken(Page(3, "t1"), kList);
  v1::PageToken binary;
  binary.add_shown_item_ids("x");
  std::string not_utf8 = binary.SerializeAsString();
  not_utf8.back() = '\xff';
  for (const std::string& bad :
       {std::string("page 2"), good + "!", good.substr(0, good.size() - 2),
        WritePageToken(Page(kMaxLimit, "t1"), kList),
        WritePageToken(Page(15'000, ""), kList),
        WritePageToken(Page(1, ""), kList),
        WritePageToken(Page(1, std::string(kMaxIdBytes + 1, 'x')), kList),
        absl::WebSafeBase64Escape(not_utf8), std::string(50'000, 'A')}) {
    const absl::Status status = CheckPageToken(bad, kList);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
        << bad.substr(0, 100);
    EXPECT_THAT(std::string(status.message()), HasSubstr("page_token: "));
  }
}

}  // namespace
}  // namespace marquee
