#include "server/service/page_token.h"

#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/base/request_limits.h"
#include "gmock/gmock.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

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

TEST(PageToken, BelongsToTheSourcesOfItsList) {
  const auto list = [](const std::vector<v1::Source>& sources) {
    v1::RecommendRequest request;
    for (const v1::Source source : sources) request.add_sources(source);
    return ListOf(request);
  };
  const std::vector<v1::Source> sources = {v1::SOURCE_NEW, v1::SOURCE_GENRE};
  const std::string token = WritePageToken(Page(1, "t1"), list(sources));
  EXPECT_TRUE(CheckPageToken(token, list(sources)).ok());
  // Their order means nothing.
  EXPECT_TRUE(
      CheckPageToken(token, list({v1::SOURCE_GENRE, v1::SOURCE_NEW})).ok());
  for (const std::vector<v1::Source>& others :
       {std::vector<v1::Source>{},
        {v1::SOURCE_NEW},
        {v1::SOURCE_GENRE},
        {v1::SOURCE_NEW, v1::SOURCE_TRENDING},
        {v1::SOURCE_NEW, v1::SOURCE_GENRE, v1::SOURCE_BECAUSE}}) {
    EXPECT_EQ(CheckPageToken(token, list(others)).message(),
              "page_token: was changed, or is of another list: the call, "
              "user_id, the item of SimilarItems, the sources and the filters "
              "must be those of the page before");
  }
  EXPECT_FALSE(
      CheckPageToken(WritePageToken(Page(1, "t1"), list({})), list(sources))
          .ok());
}

using Filters = std::vector<std::pair<std::string, std::vector<std::string>>>;

uint64_t ListOfFilters(const Filters& filters) {
  v1::RecommendRequest request;
  for (const auto& [attribute, values] : filters) {
    v1::AttributeFilter& filter = *request.mutable_context()->add_filters();
    filter.set_attribute(attribute);
    for (const std::string& value : values) filter.add_any_of(value);
  }
  return ListOf(request);
}

TEST(PageToken, FiltersDoNotRunTogether) {
  const Filters lists[] = {{{"genre", {"Drama", "mood", "warm"}}},
                           {{"genre", {"Drama"}}, {"mood", {"warm"}}},
                           {{"genre", {"Drama", "mood"}}, {"warm", {}}},
                           {{"genre", {}}, {"Drama", {"mood", "warm"}}},
                           {{"genre", {"Drama", "Drama", "mood", "warm"}}},
                           {{"genre", {"Drama"}}},
                           {}};
  std::set<uint64_t> hashes;
  for (const Filters& filters : lists) hashes.insert(ListOfFilters(filters));
  EXPECT_EQ(hashes.size(), std::size(lists));
}

// A client may keep filters in a map and values in a set.
TEST(PageToken, TheOrderOfFiltersAndOfTheirValuesMeansNothing) {
  const uint64_t list = ListOfFilters(
      {{"genre", {"Drama", "Comedy"}}, {"mood", {"warm"}}, {"age", {"old"}}});
  EXPECT_EQ(ListOfFilters({{"genre", {"Comedy", "Drama"}},
                           {"mood", {"warm"}},
                           {"age", {"old"}}}),
            list);
  EXPECT_EQ(ListOfFilters({{"age", {"old"}},
                           {"mood", {"warm"}},
                           {"genre", {"Drama", "Comedy"}}}),
            list);
}

// Each but the first three has the right checksum, and one fault.
TEST(PageToken, RefusesWhatIsNoToken) {
  const std::string good = WritePageToken(Page(3, "t1"), kList);
  v1::PageToken large = Page(3, "t1");
  large.GetReflection()->MutableUnknownFields(&large)->AddLengthDelimited(
      7, std::string(kMaxPageTokenBytes, 'x'));
  const std::pair<const char*, std::string> all[] = {
      {"no base64", "page 2"},
      {"no base64 at the end", good + "!"},
      {"cut off", good.substr(0, good.size() - 4)},
      {"no items", WritePageToken({}, kList)},
      {"an empty id", WritePageToken(Page(1, ""), kList)},
      {"a long id",
       WritePageToken(Page(1, std::string(kMaxIdBytes + 1, 'x')), kList)},
      {"too many items", WritePageToken(Page(kMaxLimit, "t1"), kList)},
      {"not UTF-8", WritePageToken(Page(1, "\xff"), kList)},
      {"too large", WritePageToken(large, kList)}};
  for (const auto& [fault, token] : all) {
    EXPECT_EQ(CheckPageToken(token, kList),
              absl::InvalidArgumentError("page_token: is not a next_page_token "
                                         "of this API, or was changed"))
        << fault;
  }
}

// They are messages of the right form.
TEST(PageToken, RefusesAChecksumThatDoesNotFit) {
  v1::PageToken without = Page(3, "t1");
  v1::PageToken wrong = without;
  wrong.set_checksum(1);
  for (const std::string& token :
       {absl::WebSafeBase64Escape(without.SerializeAsString()),
        absl::WebSafeBase64Escape(wrong.SerializeAsString()),
        WritePageToken(without, kList + 1)}) {
    const absl::Status status = CheckPageToken(token, kList);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()),
                StartsWith("page_token: was changed, or is of another list"));
  }
}

}  // namespace
}  // namespace marquee
