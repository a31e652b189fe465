#include "server/rpc/recommendation_id.h"

#include <set>

#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(RecommendationIds, AreDistinctHexAlsoBetweenGenerators) {
  RecommendationIds a;
  RecommendationIds b;
  std::set<std::string> seen;
  std::string id;
  for (int i = 0; i < 1000; ++i) {
    (i % 2 == 0 ? a : b).Next(id);
    EXPECT_EQ(id.size(), 32);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second) << id;
  }
}

}  // namespace
}  // namespace marquee
