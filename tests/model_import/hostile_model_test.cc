// Model files that are cut off or promise what they do not have. What other
// damage does is the part of tests/fuzz.
#include <cstddef>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

const char* const kModels[] = {"lgb_zero_as_missing.txt", "lgb_multiclass.txt",
                               "lgb_linear.txt",          "xgb3_softprob.json",
                               "xgb3_pruned_forest.json", "xgb1_dart.json",
                               "xgb3_vector_leaf.json",   "xgb3_ubjson.ubj"};

TEST(HostileModel, EveryTruncationIsAnErrorUntilTheTreesEnd) {
  for (const char* const name : kModels) {
    const std::string text = ReadAll(ModelPath(name));
    const size_t end = text.find("end of trees");
    const size_t needed = end == std::string::npos ? text.size() : end + 12;
    for (size_t length = 0; length < needed; ++length) {
      // A copy of exactly this size, so that the sanitizer sees its end.
      const std::vector<char> bytes(text.begin(), text.begin() + length);
      const auto forest = ImportForest({bytes.data(), bytes.size()}, "cut");
      ASSERT_FALSE(forest.ok()) << name << " cut at " << length;
    }
  }
}

TEST(HostileModel, CountsThatTheFileDoesNotBackAreCheap) {
  // Were anything sized by these numbers, the test would run out of memory.
  for (const char* const key :
       {"num_leaves=", "num_class=", "num_tree_per_iteration=",
        "max_feature_idx="}) {
    std::string text = ReadAll(ModelPath("lgb_regression.txt"));
    text.insert(text.find(key) + std::string(key).size(), "99999999");
    EXPECT_FALSE(ImportForest(text, "huge").ok()) << key;
  }
  for (const char* const key :
       {"\"num_class\":\"", "\"num_target\":\"", "\"num_trees\":\"",
        "\"num_nodes\":\"", "\"num_parallel_tree\":\""}) {
    std::string text = ReadAll(ModelPath("xgb1_logistic.json"));
    const size_t place = text.find(key);
    ASSERT_NE(place, std::string::npos) << key;
    text.insert(place + std::string(key).size(), "99999999");
    EXPECT_FALSE(ImportForest(text, "huge").ok()) << key;
  }
}

}  // namespace
}  // namespace marquee
