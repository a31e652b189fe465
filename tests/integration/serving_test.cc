#include <signal.h>

#include <set>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/integration/load.h"
#include "tests/integration/server_process.h"
#include "tests/integration/world.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

grpc::Status Recommend(ServerProcess& server,
                       const v1::RecommendRequest& request,
                       v1::RecommendResponse& response) {
  grpc::ClientContext context;
  return server.service().Recommend(&context, request, &response);
}

TEST(Serving, AnswersAUserANewUserAndAnItem) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots());
  ASSERT_NE(server.WaitForEvent("serving"), "");

  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u1");
  request.mutable_context()->set_include_timings(true);
  v1::RecommendResponse personal;
  ASSERT_TRUE(Recommend(server, request, personal).ok());
  EXPECT_EQ(personal.items_size(), 20);
  EXPECT_EQ(personal.filled(), 20);
  EXPECT_EQ(personal.requested(), 20);
  EXPECT_EQ(personal.tier(), v1::TIER_FULL);
  EXPECT_EQ(personal.snapshot_version(), 1);
  EXPECT_EQ(personal.recommendation_id().size(), 32);
  EXPECT_EQ(personal.items(0).source(), v1::SOURCE_PERSONAL);
  ASSERT_EQ(personal.timings_size(), 6);
  EXPECT_EQ(personal.timings(0).stage(), v1::STAGE_QUEUE);

  v1::RecommendResponse stranger;
  ASSERT_TRUE(Recommend(server, {}, stranger).ok());
  EXPECT_EQ(stranger.tier(), v1::TIER_FULL);
  EXPECT_EQ(stranger.degradations(0).cause(), v1::Degradation::CAUSE_NO_VECTOR);
  EXPECT_EQ(stranger.timings_size(), 0);
  EXPECT_NE(stranger.recommendation_id(), personal.recommendation_id());

  grpc::ClientContext context;
  v1::SimilarItemsRequest similar;
  similar.set_item_id(personal.items(0).item_id());
  v1::RecommendResponse like;
  ASSERT_TRUE(server.service().SimilarItems(&context, similar, &like).ok());
  EXPECT_EQ(like.items(0).source(), v1::SOURCE_SIMILAR);
  for (const auto& item : like.items()) {
    EXPECT_NE(item.item_id(), similar.item_id());
  }
}

TEST(Serving, FaultsOfARequestNameTheField) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots());
  ASSERT_NE(server.WaitForEvent("serving"), "");
  const auto fault = [&](const v1::RecommendRequest& request) {
    v1::RecommendResponse response;
    const grpc::Status status = Recommend(server, request, response);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    return status.error_message();
  };
  v1::RecommendRequest long_id;
  for (int i = 0; i < 4; ++i)
    long_id.mutable_context()->add_recent_events()->set_item_id("t1");
  long_id.mutable_context()->mutable_recent_events(3)->set_item_id(
      std::string(200, 'x'));
  EXPECT_EQ(fault(long_id),
            "context.recent_events[3].item_id: has 200 bytes, at most 128");
  v1::RecommendRequest short_vector;
  short_vector.add_user_embedding(1);
  EXPECT_THAT(fault(short_vector), StartsWith("user_embedding: has 1 values"));
  v1::RecommendRequest unknown_attribute;
  unknown_attribute.mutable_context()->add_filters()->set_attribute("colour");
  unknown_attribute.mutable_context()->mutable_filters(0)->add_any_of("red");
  EXPECT_THAT(fault(unknown_attribute), HasSubstr("colour"));

  v1::RecommendRequest time_travel;
  time_travel.mutable_context()->mutable_time_override()->set_seconds(1);
  v1::RecommendResponse response;
  EXPECT_EQ(Recommend(server, time_travel, response).error_code(),
            grpc::PERMISSION_DENIED);
  grpc::ClientContext context;
  v1::SimilarItemsRequest similar;
  similar.set_item_id("no-such-item");
  EXPECT_EQ(
      server.service().SimilarItems(&context, similar, &response).error_code(),
      grpc::NOT_FOUND);
  EXPECT_EQ(server.Metric("grpc_server_handled_total{grpc_type=\"unary\","
                          "grpc_service=\"marquee.v1.RecommendationService\","
                          "grpc_method=\"Recommend\","
                          "grpc_code=\"InvalidArgument\"}"),
            3);
}

TEST(Serving, ExplainAccountsForEveryItem) {
  World world;
  world.Build(R"(
      blocks { name: "hide" match { item_ids: "blocked" } }
      caps { name: "moods" attribute: "mood" max: 2 }
      diversity { name: "mix" strength: 0.5 }
      sources { name: "near" source: "personal" weight: 1 })");
  ServerProcess server(world.snapshots(), {"--candidates=50"});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  v1::ExplainRequest explain;
  v1::RecommendRequest& request = *explain.mutable_request();
  request.mutable_context()->set_user_id("u2");
  request.set_limit(10);
  request.mutable_context()->set_country("DE");
  request.mutable_context()->set_maturity_limit(16);
  request.mutable_context()->add_exclude_item_ids("t5");
  request.mutable_context()->add_exclude_item_ids("t6");
  std::map<v1::ItemOutcome::Outcome, std::string> by_outcome;
  v1::ExplainResponse response;
  const auto ask = [&](int from) {
    grpc::ClientContext context;
    response.Clear();
    const grpc::Status status =
        server.service().Explain(&context, explain, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(response.outcomes_size(), explain.item_ids_size()) << from;
    for (const v1::ItemOutcome& outcome : response.outcomes()) {
      by_outcome.emplace(outcome.outcome(), outcome.item_id());
      EXPECT_NE(outcome.detail(), "");
      EXPECT_EQ(outcome.outcome() == v1::ItemOutcome::OUTCOME_SHOWN,
                outcome.position() > 0);
    }
  };
  for (int from = 1; from <= 500; from += 20) {
    explain.clear_item_ids();
    for (int i = from; i < from + 20; ++i) {
      explain.add_item_ids(absl::StrCat("t", i));
    }
    ask(from);
  }
  explain.clear_item_ids();
  for (const char* id :
       {"only-fr", "adult", "blocked", "unwatched", "no-such-item"}) {
    explain.add_item_ids(id);
  }
  ask(0);
  EXPECT_EQ(response.outcomes(0).outcome(),
            v1::ItemOutcome::OUTCOME_NOT_LICENSED);
  EXPECT_EQ(response.outcomes(1).outcome(),
            v1::ItemOutcome::OUTCOME_TOO_MATURE);
  EXPECT_EQ(response.outcomes(2).outcome(), v1::ItemOutcome::OUTCOME_BLOCKED);
  EXPECT_EQ(response.outcomes(2).rule(), "hide");
  EXPECT_EQ(response.outcomes(3).outcome(), v1::ItemOutcome::OUTCOME_NO_VECTOR);
  EXPECT_EQ(response.outcomes(4).outcome(),
            v1::ItemOutcome::OUTCOME_UNKNOWN_ITEM);
  for (const auto outcome :
       {v1::ItemOutcome::OUTCOME_SHOWN, v1::ItemOutcome::OUTCOME_SEEN,
        v1::ItemOutcome::OUTCOME_EXCLUDED,
        v1::ItemOutcome::OUTCOME_NOT_RETRIEVED,
        v1::ItemOutcome::OUTCOME_RANKED_BELOW,
        v1::ItemOutcome::OUTCOME_CAPPED}) {
    EXPECT_TRUE(by_outcome.contains(outcome))
        << v1::ItemOutcome::Outcome_Name(outcome);
  }
  EXPECT_EQ(response.vector_source(), v1::VECTOR_SOURCE_STORED);
  EXPECT_NE(response.engine(), v1::RETRIEVAL_ENGINE_UNSPECIFIED);
  EXPECT_EQ(response.stages_size(), 5);
  ASSERT_EQ(response.items_size(), response.response().items_size());
  const v1::ExplainedItem& first = response.items(0);
  EXPECT_GT(first.retrieval_rank(), 0);
  EXPECT_GT(first.ranker_rank(), 0);
  ASSERT_EQ(first.features_size(), 2);
  EXPECT_EQ(first.features(0).name(), "cross.similarity");
  EXPECT_FLOAT_EQ(first.features(0).value(), first.retrieval_score());

  request.mutable_context()->add_filters()->set_attribute("genre");
  request.mutable_context()->mutable_filters(0)->add_any_of("Nobody");
  explain.clear_item_ids();
  explain.add_item_ids("t1");
  ask(0);
  EXPECT_TRUE(by_outcome.contains(v1::ItemOutcome::OUTCOME_FILTERED));
}

TEST(Serving, MetricsSayWhatHappened) {
  World world;
  world.Build(
      "boosts { name: 'dreams' match { attribute: 'mood' "
      "values: 'dreamy' } multiplier: 100 }");
  ServerProcess server(world.snapshots());
  ASSERT_NE(server.WaitForEvent("serving"), "");
  EXPECT_EQ(server.Metric("marquee_rule_hits_total{rule=\"dreams\""), 0);
  for (int i = 1; i <= 10; ++i) {
    v1::RecommendRequest request;
    request.mutable_context()->set_user_id(absl::StrCat("u", i));
    v1::RecommendResponse response;
    ASSERT_TRUE(Recommend(server, request, response).ok());
  }
  EXPECT_EQ(server.Metric("marquee_served_total{tier=\"full\"}"), 10);
  // 20 items each.
  double served = 0;
  for (const char* const source :
       {"personal", "trending", "new", "because", "genre", "popular"}) {
    const double items = server.Metric(
        absl::StrCat("marquee_items_served_total{source=\"", source, "\"}"));
    EXPECT_TRUE(items > 0 || source == absl::string_view("popular")) << source;
    served += items;
  }
  EXPECT_EQ(served, 200);
  EXPECT_EQ(
      server.Metric("marquee_stage_duration_seconds_count{stage=\"rank\"}"),
      10);
  EXPECT_EQ(server.Metric("marquee_queue_wait_seconds_count"), 10);
  EXPECT_GT(server.Metric("marquee_rule_hits_total{rule=\"dreams\""), 0);
  EXPECT_EQ(server.Metric("marquee_final_check_removals_total"), 0);
  EXPECT_EQ(server.Metric("marquee_snapshot_info{version=\"1\""), 1);
  EXPECT_EQ(server.Metric("marquee_ranker_info{engine=\"bit_sliced\","
                          "ranks_of_items=\"yes\"}"),
            1);
  EXPECT_GT(server.Metric("marquee_served_coverage_ratio"), 0);
  EXPECT_GT(server.Metric("marquee_served_novelty"), 0);
  EXPECT_GT(server.Metric("process_resident_memory_bytes"), 0);
}

TEST(Serving, RecallIsMeasuredByEngineAndSelectivity) {
  World world;
  world.Build("", "--graph");
  for (const std::string engine : {"exact", "cells", "graph"}) {
    ServerProcess server(world.snapshots(),
                         {"--retrieval=" + engine, "--recall_sample_every=1"});
    const auto published =
        nlohmann::json::parse(server.WaitForEvent("snapshot published"));
    EXPECT_EQ(published["retrieval"], engine);
    EXPECT_EQ(published["ranker"], "bit_sliced");
    EXPECT_EQ(published["ranks_of_items"], "yes");
    ASSERT_NE(server.WaitForEvent("serving"), "");
    const std::string labels =
        absl::StrCat("{engine=\"", engine, "\",selectivity=\"1\"}");
    const std::string probes = "marquee_retrieval_recall_probes_total" + labels;
    EXPECT_EQ(server.Metric(probes), 0);
    v1::RecommendRequest request;
    request.mutable_context()->set_user_id("u1");
    // The answer comes first, so the probe of one may still be computed.
    for (int i = 0; i < 1000 && server.Metric(probes) < 2; ++i) {
      v1::RecommendResponse response;
      ASSERT_TRUE(Recommend(server, request, response).ok());
    }
    EXPECT_GE(server.Metric(probes), 2);
    EXPECT_GE(server.Metric("marquee_retrieval_recall" + labels), 0.95);
  }
}

TEST(Serving, AnEngineThatTheSnapshotDoesNotHaveIsRefused) {
  World world;
  world.Build("", "--no-graph");
  ServerProcess server(world.snapshots(), {"--retrieval=graph"});
  EXPECT_THAT(
      server.WaitForEvent("snapshot refused"),
      testing::HasSubstr("has no graph, which retrieval 'graph' needs"));
}

// Whether the machine has huge pages or not.
TEST(Serving, MemoryOnHugePagesAnswersTheSameAndSaysWhatItHas) {
  World world;
  world.Build();
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u1");
  v1::RecommendResponse answers[2];
  for (const bool copied : {false, true}) {
    const std::string memory = copied ? "huge_pages" : "mapped";
    SCOPED_TRACE(memory);
    ServerProcess server(world.snapshots(), {"--memory=" + memory});
    ASSERT_NE(server.WaitForEvent("serving"), "");
    ASSERT_TRUE(Recommend(server, request, answers[copied]).ok());
    answers[copied].clear_recommendation_id();
    for (const char* const section : {"item_vectors", "graph", "catalog"}) {
      const std::string label = absl::StrCat("{section=\"", section, "\"}");
      const double bytes =
          server.Metric("marquee_snapshot_section_bytes" + label);
      EXPECT_GT(bytes, 0) << section;
      const double resident =
          server.Metric("marquee_snapshot_section_resident_bytes" + label);
      EXPECT_GE(resident, bytes) << section;
      const double huge =
          server.Metric("marquee_snapshot_section_huge_page_bytes" + label);
      EXPECT_GE(huge, 0) << section;
      EXPECT_LE(huge, resident) << section;
    }
    const auto log =
        nlohmann::json::parse(server.WaitForEvent("snapshot in memory"));
    EXPECT_EQ(log["memory"], memory);
    EXPECT_EQ(log["copied_bytes"] > 0, copied);
    EXPECT_GT(log["mapped_bytes"], 0);
    EXPECT_GE(log["huge_page_bytes"], 0);
  }
  EXPECT_EQ(answers[0].DebugString(), answers[1].DebugString());
}

}  // namespace
}  // namespace marquee
