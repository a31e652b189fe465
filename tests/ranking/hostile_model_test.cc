// Damaged model files: an error or a sound forest, never a crash. Meant to run
// under the sanitizers too.
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/ranking/models.h"

namespace marquee {
namespace {

const char* const kModels[] = {"lgb_zero_as_missing.txt", "lgb_multiclass.txt",
                               "lgb_linear.txt",          "xgb3_softprob.json",
                               "xgb3_pruned_forest.json", "xgb1_dart.json",
                               "xgb3_vector_leaf.json",   "xgb3_ubjson.ubj"};

// A forest that was taken must be safe to score.
void ImportAndScore(const std::string& bytes) {
  const auto imported = ImportForest(bytes, "hostile");
  if (!imported.ok()) {
    EXPECT_FALSE(imported.status().message().empty());
    return;
  }
  const std::shared_ptr<const Forest> forest = ImportOrDie(bytes);
  if (forest->num_features() > 1000) return;
  for (const double value : {0.0, kNaN, 1e9, -1e9}) {
    Predictions(forest, std::vector<double>(forest->num_features(), value));
  }
}

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

TEST(HostileModel, FlippedBytesDoNoHarm) {
  std::mt19937 random(20240607);
  for (const char* const name : kModels) {
    const std::string text = ReadAll(ModelPath(name));
    for (int round = 0; round < 1500; ++round) {
      std::string damaged = text;
      const int flips = 1 + static_cast<int>(random() % 3);
      for (int i = 0; i < flips; ++i) {
        damaged[random() % damaged.size()] = static_cast<char>(random());
      }
      ImportAndScore(damaged);
    }
  }
}

TEST(HostileModel, SwappedDigitsDoNoHarm) {
  std::mt19937 random(20240608);
  const std::string replacements = "0123456789-.,[]{}\" eE\n=";
  for (const char* const name : kModels) {
    const std::string text = ReadAll(ModelPath(name));
    for (int round = 0; round < 1500; ++round) {
      std::string damaged = text;
      size_t place = random() % damaged.size();
      for (int i = 0; i < 4; ++i) {
        damaged[(place + i) % damaged.size()] =
            replacements[random() % replacements.size()];
      }
      ImportAndScore(damaged);
    }
  }
}

TEST(HostileModel, RemovedAndRepeatedPartsDoNoHarm) {
  std::mt19937 random(20240609);
  for (const char* const name : kModels) {
    const std::string text = ReadAll(ModelPath(name));
    for (int round = 0; round < 500; ++round) {
      const size_t begin = random() % text.size();
      const size_t length = random() % 200;
      std::string removed = text;
      removed.erase(begin, length);
      ImportAndScore(removed);
      std::string repeated = text;
      repeated.insert(random() % text.size(), text.substr(begin, length));
      ImportAndScore(repeated);
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
