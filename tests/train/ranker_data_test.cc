#include "offline/train/ranker_data.h"

#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/train/xgboost_ranker.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Row {
  std::string item;
  float label;
  std::vector<float> values;
};

void AddGroup(const std::string& user, const std::vector<Row>& rows,
              RankerData& data) {
  for (const Row& row : rows) {
    data.items.push_back(data.item_ids.FindOrAdd(row.item));
    data.labels.push_back(row.label);
    data.values.insert(data.values.end(), row.values.begin(), row.values.end());
    data.retrieved_likes += row.label > 0;
    ++data.likes;
  }
  data.group_sizes.push_back(static_cast<uint32_t>(rows.size()));
  data.group_users.push_back(user);
}

std::vector<std::string> ItemsOf(const RankerData& data) {
  std::vector<std::string> items;
  for (const uint32_t item : data.items) {
    items.emplace_back(data.item_ids[item]);
  }
  return items;
}

RankerData First() {
  RankerData data;
  data.feature_names = {"a", "b", "c"};
  AddGroup("u", {{"t1", 1, {1, 2, 3}}, {"t2", 0, {4, 5, 6}}}, data);
  return data;
}

TEST(RankerData, AppendsTheGroupsOfAnotherMoment) {
  RankerData data = First();
  RankerData more;
  more.feature_names = {"c", "a", "b"};
  AddGroup("v", {{"t3", 0, {30, 10, 20}}}, more);
  AddGroup("u", {{"t2", 1, {31, 11, 21}}, {"t1", 0, {32, 12, 22}}}, more);
  ASSERT_TRUE(data.Append(more).ok());
  EXPECT_THAT(data.feature_names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(data.values, ElementsAre(1, 2, 3, 4, 5, 6, 10, 20, 30, 11, 21, 31,
                                       12, 22, 32));
  EXPECT_THAT(data.labels, ElementsAre(1, 0, 0, 1, 0));
  EXPECT_THAT(ItemsOf(data), ElementsAre("t1", "t2", "t3", "t2", "t1"));
  EXPECT_EQ(data.item_ids.size(), 3);
  EXPECT_THAT(data.group_sizes, ElementsAre(2, 1, 2));
  EXPECT_THAT(data.group_users, ElementsAre("u", "v", "u"));
  EXPECT_EQ(data.retrieved_likes, 2);
  EXPECT_EQ(data.likes, 5);
  EXPECT_EQ(data.rows(), 5);
}

TEST(RankerData, AppendedToNothingIsTheSame) {
  RankerData data;
  ASSERT_TRUE(data.Append(First()).ok());
  EXPECT_THAT(data.feature_names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(data.values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(ItemsOf(data), ElementsAre("t1", "t2"));
  EXPECT_THAT(data.group_users, ElementsAre("u"));
}

// The columns of a moment that are missing, that are too many, or are others.
TEST(RankerData, RefusesAMomentOfOtherColumns) {
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"a", "b"},
        {"a", "b", "d"},
        {"a", "b", "c", "d"},
        {}}) {
    RankerData data = First();
    RankerData more;
    more.feature_names = names;
    AddGroup("v", {{"t3", 1, std::vector<float>(names.size(), 1)}}, more);
    const absl::Status status = data.Append(more);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("' is not of every moment"));
    EXPECT_THAT(data.group_users, ElementsAre("u"));
    EXPECT_THAT(data.values, ElementsAre(1, 2, 3, 4, 5, 6));
  }
}

// Ten users with two moments each, the second in the reverse order. Retrieval
// is perfect for the two users that are held out, and for no other.
TEST(RankerData, AUserIsHeldOutInAllMomentsOrInNone) {
  Random random(3);
  RankerData data;
  data.feature_names = {"a", "b"};
  const auto add = [&](int user) {
    const size_t liked = user % 5 == 0 ? 0 : 3;
    std::vector<Row> rows;
    for (size_t i = 0; i < 8; ++i) {
      rows.push_back({absl::StrCat("t", i),
                      i == liked ? 1.f : 0.f,
                      {static_cast<float>(random.Normal()),
                       static_cast<float>(random.Normal())}});
    }
    AddGroup(absl::StrCat("u", user), rows, data);
  };
  for (int user = 0; user < 10; ++user) add(user);
  for (int user = 10; user-- > 0;) add(user);
  const auto train = [&](int hold_back_every) {
    const auto model = TrainRanker(
        data, {.rounds = 1, .hold_back_every = hold_back_every, .threads = 1},
        nullptr);
    EXPECT_TRUE(model.ok()) << model.status();
    return model->retrieval_ndcg;
  };
  EXPECT_DOUBLE_EQ(train(5), 1);
  // Users 0, 3, 6 and 9.
  const double other = 1 / std::log2(5);
  EXPECT_DOUBLE_EQ(train(3), (1 + 3 * other) / 4);
  EXPECT_EQ(train(0), 0) << "nobody is held out";
}

// Without another, there is nobody to learn from.
TEST(RankerData, TheOnlyUserIsNotHeldOut) {
  RankerData data;
  data.feature_names = {"a"};
  for (int moment = 0; moment < 2; ++moment) {
    AddGroup("u", {{"t0", 1, {1}}, {"t1", 0, {2}}}, data);
  }
  const auto model = TrainRanker(data, {.rounds = 1, .threads = 1}, nullptr);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->retrieval_ndcg, 0);
  EXPECT_EQ(model->trees, 1);
}

}  // namespace
}  // namespace marquee
