#include "server/service/request_checks.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Case {
  std::string message;  // the whole of it
  std::function<void(v1::RecommendRequest&)> spoil;
};

constexpr char kNotACountry[] =
    "context.country: must be empty or two upper-case letters (ISO 3166-1 "
    "alpha-2)";
constexpr char kNotATime[] =
    "context.time_override: must be a moment from 1970 to 2106";

const std::vector<Case>& Cases() {
  using Request = v1::RecommendRequest;
  static const std::vector<Case> cases = {
      {"context.user_id: has 129 bytes, at most 128",
       [](Request& r) {
         r.mutable_context()->set_user_id(std::string(129, 'x'));
       }},
      {kNotACountry,
       [](Request& r) { r.mutable_context()->set_country("dE"); }},
      {kNotACountry,
       [](Request& r) { r.mutable_context()->set_country("De"); }},
      {kNotACountry,
       [](Request& r) { r.mutable_context()->set_country("@A"); }},
      {kNotACountry,
       [](Request& r) { r.mutable_context()->set_country("A@"); }},
      {kNotACountry,
       [](Request& r) { r.mutable_context()->set_country("[A"); }},
      {kNotACountry,
       [](Request& r) { r.mutable_context()->set_country("A["); }},
      {kNotACountry, [](Request& r) { r.mutable_context()->set_country("D"); }},
      {kNotACountry,
       [](Request& r) { r.mutable_context()->set_country("DEU"); }},
      {"context.device: has 65 bytes, at most 64",
       [](Request& r) {
         r.mutable_context()->set_device(std::string(65, 'x'));
       }},
      {"context.language: has 65 bytes, at most 64",
       [](Request& r) {
         r.mutable_context()->set_language(std::string(65, 'x'));
       }},
      {"context.local_hour: is -1, must be 0 to 23",
       [](Request& r) { r.mutable_context()->set_local_hour(-1); }},
      {"context.maturity_limit: is 100, must be 0 to 99",
       [](Request& r) { r.mutable_context()->set_maturity_limit(100); }},
      {"context.local_hour: is 24, must be 0 to 23",
       [](Request& r) { r.mutable_context()->set_local_hour(24); }},
      {"context.maturity_limit: is -1, must be 0 to 99",
       [](Request& r) { r.mutable_context()->set_maturity_limit(-1); }},
      {"context.recent_events: has 201 entries, at most 200",
       [](Request& r) {
         for (int i = 0; i < 201; ++i) r.mutable_context()->add_recent_events();
       }},
      {"context.recent_events[3].item_id: has 200 bytes, at most 128",
       [](Request& r) {
         for (int i = 0; i < 4; ++i) r.mutable_context()->add_recent_events();
         r.mutable_context()->mutable_recent_events(3)->set_item_id(
             std::string(200, 'x'));
       }},
      {"context.recent_events[0].weight: is -1"
       ", must be more than 0 and at most 100, or 0 for 1",
       [](Request& r) {
         r.mutable_context()->add_recent_events()->set_weight(-1);
       }},
      {"context.recent_events[0].weight: is nan"
       ", must be more than 0 and at most 100, or 0 for 1",
       [](Request& r) {
         r.mutable_context()->add_recent_events()->set_weight(kNan);
       }},
      {"context.recent_events[0].weight: is 100.5"
       ", must be more than 0 and at most 100, or 0 for 1",
       [](Request& r) {
         r.mutable_context()->add_recent_events()->set_weight(100.5f);
       }},
      {"user_embedding[1]: is nan, must be a number of -1e6 to 1e6",
       [](Request& r) {
         r.add_user_embedding(0);
         r.add_user_embedding(kNan);
       }},
      {"user_embedding[0]: is 1e+06, must be a number of -1e6 to 1e6",
       [](Request& r) { r.add_user_embedding(1'000'001); }},
      {"user_embedding: its largest number is 1e-19, must be at least 1e-18: "
       "a factor on all changes no order",
       [](Request& r) { r.add_user_embedding(1e-19f); }},
      {"user_embedding: its largest number is 1e-30, must be at least 1e-18: "
       "a factor on all changes no order",
       [](Request& r) {
         r.add_user_embedding(0);
         r.add_user_embedding(-1e-30f);
       }},
      {"user_embedding[0]: is -inf, must be a number of -1e6 to 1e6",
       [](Request& r) { r.add_user_embedding(-kInfinity); }},
      {"context.exclude_item_ids: has 2001 entries, at most 2000",
       [](Request& r) {
         for (int i = 0; i < 2001; ++i)
           r.mutable_context()->add_exclude_item_ids("x");
       }},
      {"context.exclude_item_ids[0]: has 129 bytes, at most 128",
       [](Request& r) {
         r.mutable_context()->add_exclude_item_ids(std::string(129, 'x'));
       }},
      {"context.filters: has 17 entries, at most 16",
       [](Request& r) {
         for (int i = 0; i < 17; ++i) r.mutable_context()->add_filters();
       }},
      {"context.filters[0].attribute: is empty, must name an attribute",
       [](Request& r) { r.mutable_context()->add_filters()->add_any_of("x"); }},
      {"context.filters[1].attribute: has 129 bytes, at most 128",
       [](Request& r) {
         r.mutable_context()->add_filters()->set_attribute("genre");
         r.mutable_context()->mutable_filters(0)->add_any_of("x");
         r.mutable_context()->add_filters()->set_attribute(
             std::string(129, 'x'));
       }},
      {"context.filters[0].any_of: is empty, must have 1 to 50 values",
       [](Request& r) {
         r.mutable_context()->add_filters()->set_attribute("genre");
       }},
      {"context.filters[0].any_of: has 51 entries, at most 50",
       [](Request& r) {
         r.mutable_context()->add_filters()->set_attribute("genre");
         for (int i = 0; i < 51; ++i)
           r.mutable_context()->mutable_filters(0)->add_any_of("x");
       }},
      {"context.filters[0].any_of[1]: has 129 bytes, at most 128",
       [](Request& r) {
         r.mutable_context()->add_filters()->set_attribute("genre");
         r.mutable_context()->mutable_filters(0)->add_any_of("x");
         r.mutable_context()->mutable_filters(0)->add_any_of(
             std::string(129, 'x'));
       }},
      {"limit: is 201, must be 0 to 200", [](Request& r) { r.set_limit(201); }},
      {"limit: is -1, must be 0 to 200", [](Request& r) { r.set_limit(-1); }},
      {"context.scene: has 65 bytes, at most 64",
       [](Request& r) {
         r.mutable_context()->set_scene(std::string(65, 'x'));
       }},
      {"context.criticality: is 9, which is none",
       [](Request& r) {
         r.mutable_context()->set_criticality(static_cast<v1::Criticality>(9));
       }},
      {kNotATime,
       [](Request& r) {
         r.mutable_context()->mutable_time_override()->set_seconds(-1);
       }},
      {kNotATime,
       [](Request& r) {
         r.mutable_context()->mutable_time_override()->set_seconds(
             4'294'967'295);
       }},
      {kNotATime,
       [](Request& r) {
         r.mutable_context()->mutable_time_override()->set_nanos(-1);
       }},
      {kNotATime,
       [](Request& r) {
         r.mutable_context()->mutable_time_override()->set_nanos(1'000'000'000);
       }},
      {"sources[1]: is 0, must be PERSONAL, TRENDING, NEW, BECAUSE or GENRE",
       [](Request& r) {
         r.add_sources(v1::SOURCE_NEW);
         r.add_sources(v1::SOURCE_UNSPECIFIED);
       }},
      {"sources[0]: is 6, must be PERSONAL, TRENDING, NEW, BECAUSE or GENRE",
       [](Request& r) { r.add_sources(v1::SOURCE_POPULAR); }},
      {"sources[0]: is 7, must be PERSONAL, TRENDING, NEW, BECAUSE or GENRE",
       [](Request& r) { r.add_sources(v1::SOURCE_PINNED); }},
      {"sources[0]: is 8, must be PERSONAL, TRENDING, NEW, BECAUSE or GENRE",
       [](Request& r) { r.add_sources(v1::SOURCE_SIMILAR); }},
      {"sources[0]: is 99, must be PERSONAL, TRENDING, NEW, BECAUSE or GENRE",
       [](Request& r) { r.add_sources(static_cast<v1::Source>(99)); }},
      {"sources[0]: is -1, must be PERSONAL, TRENDING, NEW, BECAUSE or GENRE",
       [](Request& r) { r.add_sources(static_cast<v1::Source>(-1)); }},
      {"sources[2]: is named twice",
       [](Request& r) {
         r.add_sources(v1::SOURCE_GENRE);
         r.add_sources(v1::SOURCE_NEW);
         r.add_sources(v1::SOURCE_GENRE);
       }},
  };
  return cases;
}

TEST(RequestChecks, EveryFaultNamesItsField) {
  for (const Case& c : Cases()) {
    v1::RecommendRequest request;
    c.spoil(request);
    const absl::Status status = CheckRequest(request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.message;
    EXPECT_EQ(status.message(), c.message);
  }
}

// A token is of certain sources: those that do not exist have none.
TEST(RequestChecks, SourcesAreCheckedBeforeTheTokenThatIsOfThem) {
  for (const int unknown : {-1, 64, 99}) {
    v1::RecommendRequest request;
    request.add_sources(static_cast<v1::Source>(unknown));
    request.set_page_token("no token");
    EXPECT_THAT(std::string(CheckRequest(request).message()),
                ::testing::HasSubstr("sources[0]: is "));
  }
}

TEST(RequestChecks, ExplainNamesTheInnerField) {
  for (const Case& c : Cases()) {
    v1::ExplainRequest request;
    c.spoil(*request.mutable_request());
    EXPECT_EQ(CheckRequest(request).message(), "request." + c.message);
  }
  v1::ExplainRequest request;
  for (int i = 0; i < 21; ++i) request.add_item_ids("x");
  EXPECT_EQ(CheckRequest(request).message(),
            "item_ids: has 21 entries, at most 20");
  request.mutable_item_ids()->RemoveLast();
  EXPECT_TRUE(CheckRequest(request).ok());
  request.set_item_ids(19, std::string(129, 'x'));
  EXPECT_EQ(CheckRequest(request).message(),
            "item_ids[19]: has 129 bytes, at most 128");
}

TEST(RequestChecks, TheLargestRequestThatIsAllowedPasses) {
  const std::string id(128, 'x');
  const std::string name(64, 'x');
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id(id);
  for (int i = 0; i < 200; ++i) {
    request.mutable_context()->add_recent_events()->set_weight(i % 2 == 0 ? 100
                                                                          : 0);
    request.mutable_context()->mutable_recent_events(i)->set_item_id(id);
  }
  for (int i = 0; i < 2000; ++i)
    request.mutable_context()->add_exclude_item_ids(id);
  for (int i = 0; i < 16; ++i) {
    v1::AttributeFilter& filter = *request.mutable_context()->add_filters();
    filter.set_attribute(id);
    for (int j = 0; j < 50; ++j) filter.add_any_of(id);
  }
  for (const float value : {-1e6f, 1e6f, 0.0f}) {
    request.add_user_embedding(value);
  }
  for (int source = 1; source <= 5; ++source) {
    request.add_sources(static_cast<v1::Source>(source));
  }
  request.set_limit(200);
  request.mutable_context()->set_scene(name);
  request.mutable_context()->set_criticality(v1::CRITICALITY_BATCH);
  v1::RequestContext& context = *request.mutable_context();
  context.set_country("AZ");
  context.set_device(name);
  context.set_language(name);
  context.set_local_hour(23);
  context.set_maturity_limit(99);
  request.mutable_context()->mutable_time_override()->set_seconds(
      4'294'967'294);
  request.mutable_context()->mutable_time_override()->set_nanos(999'999'999);
  EXPECT_TRUE(CheckRequest(request).ok()) << CheckRequest(request);
}

TEST(RequestChecks, TheSmallestRequestThatIsAllowedPasses) {
  v1::RecommendRequest request;
  EXPECT_TRUE(CheckRequest(request).ok()) << CheckRequest(request);
  request.mutable_context()->set_country("ZA");
  request.mutable_context()->set_local_hour(0);
  request.mutable_context()->set_maturity_limit(0);
  request.mutable_context()->mutable_time_override()->set_seconds(0);
  request.add_user_embedding(-1e-18f);
  EXPECT_TRUE(CheckRequest(request).ok()) << CheckRequest(request);
}

TEST(RequestChecks, SimilarItemsNeedsAnItem) {
  v1::SimilarItemsRequest request;
  EXPECT_EQ(CheckRequest(request).message(),
            "item_id: is empty, must name an item");
  request.set_item_id(std::string(129, 'x'));
  EXPECT_EQ(CheckRequest(request).message(),
            "item_id: has 129 bytes, at most 128");
  request.set_item_id(std::string(128, 'x'));
  EXPECT_TRUE(CheckRequest(request).ok());
  request.set_limit(201);
  EXPECT_EQ(CheckRequest(request).message(), "limit: is 201, must be 0 to 200");
}

}  // namespace
}  // namespace marquee
