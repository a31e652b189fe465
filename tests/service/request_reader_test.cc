#include "server/service/request_reader.h"

#include <vector>

#include "core/base/request_limits.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(RequestReader, ReadsEveryField) {
  v1::RecommendRequest wire;
  wire.mutable_context()->set_user_id("u");
  wire.mutable_context()->set_country("DE");
  wire.mutable_context()->set_device("tv");
  wire.mutable_context()->set_language("de");
  wire.mutable_context()->set_local_hour(0);
  wire.mutable_context()->set_maturity_limit(12);
  wire.mutable_context()->add_recent_events()->set_item_id("a");
  wire.mutable_context()->mutable_recent_events(0)->set_weight(2);
  wire.add_user_embedding(0.5f);
  wire.mutable_context()->add_exclude_item_ids("b");
  wire.mutable_context()->add_filters()->set_attribute("genre");
  wire.mutable_context()->mutable_filters(0)->add_any_of("Drama");
  for (const v1::Source source :
       {v1::SOURCE_GENRE, v1::SOURCE_PERSONAL, v1::SOURCE_TRENDING,
        v1::SOURCE_NEW, v1::SOURCE_BECAUSE}) {
    wire.add_sources(source);
  }
  wire.set_limit(7);
  wire.mutable_context()->set_scene("home");
  wire.mutable_context()->mutable_time_override()->set_seconds(5);
  wire.mutable_context()->mutable_time_override()->set_nanos(7);

  RecommendRequest request;
  ReadRequest(wire, {}, request);
  EXPECT_EQ(request.user_id, "u");
  EXPECT_EQ(request.country, "DE");
  EXPECT_EQ(request.device, "tv");
  EXPECT_EQ(request.language, "de");
  EXPECT_EQ(request.local_hour, 0);
  EXPECT_EQ(request.maturity_limit, 12);
  ASSERT_EQ(request.recent_events.size(), 1);
  EXPECT_EQ(request.recent_events[0].item_id, "a");
  EXPECT_EQ(request.recent_events[0].weight, 2);
  ASSERT_EQ(request.embedding.size(), 1);
  EXPECT_EQ(request.embedding[0], 0.5f);
  ASSERT_EQ(request.exclude.size(), 1);
  EXPECT_EQ(request.exclude[0], "b");
  ASSERT_EQ(request.filters.size(), 1);
  EXPECT_EQ(request.filters[0].attribute, "genre");
  EXPECT_EQ(request.filters[0].any_of.at(0), "Drama");
  EXPECT_EQ(
      request.sources,
      (std::vector<Source>{Source::kGenre, Source::kPersonal, Source::kTrending,
                           Source::kNew, Source::kBecause}));
  EXPECT_EQ(request.limit, 7);
  EXPECT_EQ(request.scene, "home");
  EXPECT_EQ(request.now, absl::FromUnixSeconds(5) + absl::Nanoseconds(7));
}

TEST(RequestReader, WhatBecomesOfSeenItems) {
  RecommendRequest request;
  const auto read = [&](auto wire, bool include, bool only) {
    wire.mutable_context()->set_include_seen(include);
    wire.mutable_context()->set_only_seen(only);
    ReadRequest(wire, {}, request);
    return request.seen;
  };
  EXPECT_EQ(read(v1::RecommendRequest(), true, true), SeenItems::kOnly);
  EXPECT_EQ(read(v1::RecommendRequest(), true, false), SeenItems::kIncluded);
  EXPECT_EQ(read(v1::RecommendRequest(), false, true), SeenItems::kOnly);
  EXPECT_EQ(read(v1::SimilarItemsRequest(), true, false), SeenItems::kIncluded);
  EXPECT_EQ(read(v1::SimilarItemsRequest(), false, false), SeenItems::kLeftOut);
}

TEST(RequestReader, NothingOfTheRequestBeforeStays) {
  v1::RecommendRequest full;
  full.mutable_context()->set_user_id("u");
  full.mutable_context()->set_local_hour(3);
  full.mutable_context()->set_maturity_limit(12);
  full.mutable_context()->add_recent_events()->set_item_id("a");
  full.add_user_embedding(1);
  full.mutable_context()->add_exclude_item_ids("b");
  full.mutable_context()->add_filters()->set_attribute("genre");
  full.add_sources(v1::SOURCE_NEW);
  full.set_limit(3);
  v1::SimilarItemsRequest similar;
  similar.set_item_id("t");
  similar.set_limit(4);

  RecommendRequest request;
  request.now = absl::FromUnixSeconds(9);
  ReadRequest(full, {}, request);
  ReadRequest(full, {}, request);
  EXPECT_EQ(request.recent_events.size(), 1);
  ReadRequest(similar, {}, request);
  EXPECT_EQ(request.similar_to, "t");
  EXPECT_EQ(request.user_id, "");
  EXPECT_EQ(request.limit, 4);
  EXPECT_TRUE(request.recent_events.empty());
  EXPECT_TRUE(request.embedding.empty());
  EXPECT_TRUE(request.sources.empty());
  // The caller's time, where the request brings none.
  EXPECT_EQ(request.now, absl::FromUnixSeconds(9));
  ReadRequest(full, {}, request);
  EXPECT_EQ(request.sources.size(), 1);
  ReadRequest(v1::RecommendRequest(), {}, request);
  EXPECT_TRUE(request.sources.empty());
  EXPECT_EQ(request.user_id, "");
  EXPECT_EQ(request.similar_to, "");
  EXPECT_FALSE(request.local_hour);
  EXPECT_FALSE(request.maturity_limit);
  EXPECT_TRUE(request.recent_events.empty());
  EXPECT_TRUE(request.embedding.empty());
  EXPECT_TRUE(request.exclude.empty());
  EXPECT_TRUE(request.filters.empty());
  EXPECT_EQ(request.limit, kDefaultLimit);
}

TEST(RequestReader, APageIsWhatIsLeftOfTheLongestList) {
  v1::PageToken page;
  RecommendRequest request;
  v1::RecommendRequest wire;
  const auto limit = [&] {
    ReadRequest(wire, page, request);
    EXPECT_EQ(request.shown.size(), page.shown_item_ids_size());
    return request.limit;
  };
  for (int i = 0; i < 20; ++i) page.add_shown_item_ids("t");
  EXPECT_EQ(limit(), 20);
  wire.set_limit(200);
  EXPECT_EQ(limit(), 180);
  while (page.shown_item_ids_size() < 199) page.add_shown_item_ids("t");
  wire.set_limit(0);
  EXPECT_EQ(limit(), 1);
  page.Clear();
  EXPECT_EQ(limit(), kDefaultLimit);
}

TEST(RequestReader, AnEventWithoutAWeightCountsOnce) {
  v1::RecommendRequest wire;
  wire.mutable_context()->add_recent_events()->set_item_id("a");
  RecommendRequest request;
  ReadRequest(wire, {}, request);
  EXPECT_EQ(request.recent_events.at(0).weight, 1);
}

}  // namespace
}  // namespace marquee
