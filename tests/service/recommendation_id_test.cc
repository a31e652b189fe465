#include "server/service/recommendation_id.h"

#include <cstring>
#include <set>
#include <string>
#include <vector>

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

// All 128 bits are random: every digit takes every value, and none follows from
// the one before it.
TEST(RecommendationIds, UseEveryBitOnce) {
  RecommendationIds ids;
  std::vector<std::set<char>> digits(32);
  std::vector<int> follows(32);  // the lowest bit from the highest before it
  std::string id;
  for (int i = 0; i < 1000; ++i) {
    ids.Next(id);
    EXPECT_EQ(std::strlen(id.c_str()), 32);
    for (size_t at = 0; at < 32; ++at) {
      digits[at].insert(id[at]);
      const auto value = [&](size_t place) {
        return std::stoi(id.substr(place, 1), nullptr, 16);
      };
      follows[at] += at > 0 && (value(at) & 1) == (value(at - 1) >> 3);
    }
  }
  for (size_t at = 0; at < 32; ++at) {
    EXPECT_EQ(digits[at].size(), 16) << at;
    EXPECT_LT(follows[at], 700) << at;
  }
}

}  // namespace
}  // namespace marquee
