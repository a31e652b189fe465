#include "server/rpc/request_checks.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::StartsWith;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Case {
  std::string message;  // begins with
  std::function<void(v1::RecommendRequest&)> spoil;
};

const std::vector<Case>& Cases() {
  using Request = v1::RecommendRequest;
  static const std::vector<Case> cases = {
      {"user_id: has 129 bytes, at most 128",
       [](Request& r) { r.set_user_id(std::string(129, 'x')); }},
      {"context.country: ",
       [](Request& r) { r.mutable_context()->set_country("de"); }},
      {"context.country: ",
       [](Request& r) { r.mutable_context()->set_country("DEU"); }},
      {"context.device: has 65 bytes, at most 64",
       [](Request& r) {
         r.mutable_context()->set_device(std::string(65, 'x'));
       }},
      {"context.language: ",
       [](Request& r) {
         r.mutable_context()->set_language(std::string(65, 'x'));
       }},
      {"context.local_hour: is 24, must be 0 to 23",
       [](Request& r) { r.mutable_context()->set_local_hour(24); }},
      {"context.maturity_limit: is -1, must be 0 to 99",
       [](Request& r) { r.mutable_context()->set_maturity_limit(-1); }},
      {"recent_events: has 201 entries, at most 200",
       [](Request& r) {
         for (int i = 0; i < 201; ++i) r.add_recent_events();
       }},
      {"recent_events[3].item_id: has 200 bytes, at most 128",
       [](Request& r) {
         for (int i = 0; i < 4; ++i) r.add_recent_events();
         r.mutable_recent_events(3)->set_item_id(std::string(200, 'x'));
       }},
      {"recent_events[0].weight: is -1",
       [](Request& r) { r.add_recent_events()->set_weight(-1); }},
      {"recent_events[0].weight: is nan",
       [](Request& r) { r.add_recent_events()->set_weight(kNan); }},
      {"recent_events[0].weight: is 100.5",
       [](Request& r) { r.add_recent_events()->set_weight(100.5f); }},
      {"user_embedding[1]: is nan",
       [](Request& r) {
         r.add_user_embedding(0);
         r.add_user_embedding(kNan);
       }},
      {"user_embedding: its largest number is 1e-30",
       [](Request& r) { r.add_user_embedding(-1e-30f); }},
      {"user_embedding[0]: is -inf",
       [](Request& r) { r.add_user_embedding(-kInfinity); }},
      {"exclude_item_ids: has 2001 entries, at most 2000",
       [](Request& r) {
         for (int i = 0; i < 2001; ++i) r.add_exclude_item_ids("x");
       }},
      {"exclude_item_ids[0]: has 129 bytes",
       [](Request& r) { r.add_exclude_item_ids(std::string(129, 'x')); }},
      {"filters: has 17 entries, at most 16",
       [](Request& r) {
         for (int i = 0; i < 17; ++i) r.add_filters();
       }},
      {"filters[0].attribute: is empty",
       [](Request& r) { r.add_filters()->add_any_of("x"); }},
      {"filters[0].any_of: is empty",
       [](Request& r) { r.add_filters()->set_attribute("genre"); }},
      {"filters[0].any_of: has 51 entries, at most 50",
       [](Request& r) {
         r.add_filters()->set_attribute("genre");
         for (int i = 0; i < 51; ++i) r.mutable_filters(0)->add_any_of("x");
       }},
      {"filters[0].any_of[1]: has 129 bytes",
       [](Request& r) {
         r.add_filters()->set_attribute("genre");
         r.mutable_filters(0)->add_any_of("x");
         r.mutable_filters(0)->add_any_of(std::string(129, 'x'));
       }},
      {"limit: is 201, must be 0 to 200", [](Request& r) { r.set_limit(201); }},
      {"limit: is -1", [](Request& r) { r.set_limit(-1); }},
      {"scene: has 65 bytes",
       [](Request& r) { r.set_scene(std::string(65, 'x')); }},
      {"criticality: is 9",
       [](Request& r) { r.set_criticality(static_cast<v1::Criticality>(9)); }},
      {"time_override: ",
       [](Request& r) { r.mutable_time_override()->set_seconds(-1); }},
      {"time_override: ",
       [](Request& r) {
         r.mutable_time_override()->set_seconds(4'294'967'295);
       }},
      {"time_override: ",
       [](Request& r) { r.mutable_time_override()->set_nanos(-1); }},
  };
  return cases;
}

TEST(RequestChecks, EveryFaultNamesItsField) {
  for (const Case& c : Cases()) {
    v1::RecommendRequest request;
    c.spoil(request);
    const absl::Status status = CheckRequest(request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.message;
    EXPECT_THAT(std::string(status.message()), StartsWith(c.message));
  }
}

TEST(RequestChecks, ExplainNamesTheInnerField) {
  for (const Case& c : Cases()) {
    v1::ExplainRequest request;
    c.spoil(*request.mutable_request());
    EXPECT_THAT(std::string(CheckRequest(request).message()),
                StartsWith("request." + c.message));
  }
  v1::ExplainRequest request;
  for (int i = 0; i < 21; ++i) request.add_item_ids("x");
  EXPECT_THAT(std::string(CheckRequest(request).message()),
              StartsWith("item_ids: has 21 entries, at most 20"));
}

TEST(RequestChecks, TheLargestRequestThatIsAllowedPasses) {
  v1::RecommendRequest request;
  request.set_user_id(std::string(128, 'x'));
  for (int i = 0; i < 200; ++i) request.add_recent_events()->set_weight(100);
  for (int i = 0; i < 2000; ++i) request.add_exclude_item_ids("x");
  for (int i = 0; i < 16; ++i) {
    v1::AttributeFilter& filter = *request.add_filters();
    filter.set_attribute("genre");
    for (int j = 0; j < 50; ++j) filter.add_any_of("x");
  }
  request.set_limit(200);
  request.mutable_context()->set_local_hour(23);
  request.mutable_context()->set_maturity_limit(99);
  request.mutable_time_override()->set_seconds(4'294'967'294);
  EXPECT_TRUE(CheckRequest(request).ok()) << CheckRequest(request);
  EXPECT_TRUE(CheckRequest(v1::RecommendRequest()).ok());
}

TEST(RequestChecks, SimilarItemsNeedsATitle) {
  v1::SimilarItemsRequest request;
  EXPECT_THAT(std::string(CheckRequest(request).message()),
              StartsWith("item_id: is empty"));
  request.set_item_id(std::string(129, 'x'));
  EXPECT_THAT(std::string(CheckRequest(request).message()),
              StartsWith("item_id: has 129 bytes"));
  request.set_item_id("t1");
  EXPECT_TRUE(CheckRequest(request).ok());
}

}  // namespace
}  // namespace marquee
