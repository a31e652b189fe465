#include "core/scoring/rank_columns.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr int32_t kLargestKey = std::numeric_limits<int32_t>::max();
// Kernels read whole registers.
constexpr size_t kSpareKeys = 32;

// The kernels and the rules of trees use the same limit.
static_assert(simd::kTinyLimit == kZeroThreshold);

simd::RankColumn::Source SourceOf(FeatureScope scope) {
  switch (scope) {
    case FeatureScope::kItem:
      return simd::RankColumn::Source::kItem;
    case FeatureScope::kRequest:
      return simd::RankColumn::Source::kRequest;
    case FeatureScope::kRow:
      break;
  }
  return simd::RankColumn::Source::kMatrix;
}

// Returns the key of a threshold: x goes right exactly when this is below the
// key of x.
int32_t KeyOfThreshold(Arithmetic arithmetic, double threshold) {
  if (arithmetic == Arithmetic::kXgboost) {
    // Right when x >= threshold.
    return OrderKey(static_cast<float>(threshold)) - 1;
  }
  // Right when x > threshold: the float32 numbers above the largest float32
  // that is not above the threshold.
  auto rounded = static_cast<float>(threshold);
  if (static_cast<double>(rounded) > threshold) {
    rounded = std::nextafter(rounded, -std::numeric_limits<float>::infinity());
  }
  return OrderKey(rounded);
}

// Returns the key for x >= b: a whole number x of 0 or more goes right when
// this is below its key.
int32_t KeyAtLeast(double b) {
  auto rounded = static_cast<float>(b);
  if (static_cast<double>(rounded) < b) {
    rounded = std::nextafter(rounded, std::numeric_limits<float>::infinity());
  }
  return OrderKey(rounded) - 1;
}

// Returns the keys where the numbers of a category begin and end.
std::pair<int32_t, int32_t> KeysOfCategory(CategoryRule rule,
                                           uint32_t category) {
  const bool from_minus_one =
      category == 0 &&
      (rule == CategoryRule::kLightGbm || rule == CategoryRule::kXgboost15);
  return {from_minus_one ? OrderKey(-1) : KeyAtLeast(category),
          KeyAtLeast(double{1} + category)};
}

template <typename Visit>
void ForEachSplit(const Forest& forest, Visit visit) {
  for (const Tree& tree : forest.trees()) {
    for (const Split& split : tree.splits) visit(tree, split);
  }
}

// Sets bits [begin, end) of words of 32.
void SetBits(std::span<uint32_t> words, size_t begin, size_t end) {
  for (size_t word = begin / 32; word * 32 < end; ++word) {
    const size_t first = std::max(begin, word * 32) - word * 32;
    const size_t last = std::min(end - word * 32, size_t{32});
    words[word] |=
        static_cast<uint32_t>((uint64_t{1} << last) - (uint64_t{1} << first));
  }
}

// Returns the rank of a value just above `key`, which the column must have.
uint32_t RankAbove(const std::vector<int32_t>& keys, int32_t key) {
  const auto at = std::lower_bound(keys.begin(), keys.end(), key);
  return static_cast<uint32_t>(at - keys.begin()) + 1;
}

}  // namespace

int32_t OrderKey(float value) noexcept {
  const auto bits = std::bit_cast<int32_t>(value + 0.0f);  // −0 becomes 0
  return bits ^ ((bits >> 31) & std::numeric_limits<int32_t>::max());
}

uint32_t RankOf(const RankColumns& ranks, const simd::RankColumn& column,
                float value) noexcept {
  const bool is_nan = std::isnan(value);
  const bool is_tiny = std::fabs(value) <= kZeroThreshold;
  const bool is_missing =
      (is_nan && column.nan_is_missing) || (is_tiny && column.tiny_is_missing);
  if (is_missing) return column.missing_rank;
  if (is_nan || (is_tiny && column.tiny_is_zero)) value = 0;
  const int32_t key = OrderKey(value);
  uint32_t rank = 0;
  for (uint32_t level = 0; level < column.key_levels; ++level) {
    const uint32_t at = column.first_key + (uint32_t{1} << level) - 1 + rank;
    rank = 2 * rank + (ranks.keys[at] < key ? 1 : 0);
  }
  return rank;
}

uint32_t LargestRank(const simd::RankColumn& column) noexcept {
  // In a categorical column missing values have the largest rank; in another
  // the largest rank is the number of tests.
  return column.set_words > 0 ? column.missing_rank : column.tests;
}

absl::Status RankCompiler::CheckSupported(const Forest& forest) {
  RankCompiler compiler(forest, Unchecked{});
  MARQUEE_RETURN_IF_ERROR(compiler.CollectKeys());
  return compiler.CollectSets();
}

RankCompiler::RankCompiler(const Forest& forest,
                           std::span<const FeatureScope> scopes)
    : forest_(forest) {
  MARQUEE_CHECK(CollectKeys().ok() && CollectSets().ok());
  for (auto& [id, plan] : plans_) {
    AddColumn(id, scopes.empty() ? FeatureScope::kRow : scopes[id.feature],
              plan);
  }
  ranks_.keys.resize(ranks_.keys.size() + kSpareKeys, kLargestKey);
}

RankCompiler::ColumnId RankCompiler::ColumnOf(const Split& split) {
  // A set of ranks has its own bit for missing values.
  if (split.is_categorical) {
    return {split.feature, MissingRule::kNaN, false, true};
  }
  // Without missing values the default direction does not matter.
  const bool default_left =
      split.missing != MissingRule::kNone && split.default_left;
  return {split.feature, split.missing, default_left, false};
}

absl::Status RankCompiler::CollectKeys() {
  ForEachSplit(forest_, [&](const Tree& tree, const Split& split) {
    std::vector<int32_t>& keys = plans_[ColumnOf(split)].keys;
    if (!split.is_categorical) {
      keys.push_back(KeyOfThreshold(forest_.arithmetic(), split.threshold));
    }
    const auto categories = tree.categories_of(split);
    for (const uint32_t category : categories) {
      const auto [first, end] =
          KeysOfCategory(forest_.category_rule(), category);
      keys.push_back(first);
      keys.push_back(end);
    }
    if (split.is_categorical &&
        forest_.category_rule() == CategoryRule::kXgboost16) {
      keys.push_back(KeyAtLeast(0));
      keys.push_back(KeyAtLeast(EndOfKnownCategories(categories)));
    }
  });
  // A rank is at most the number of keys plus one, and must be below the
  // largest 16-bit number.
  constexpr size_t kMostKeys = std::numeric_limits<uint16_t>::max() - 2;
  for (auto& [id, plan] : plans_) {
    std::sort(plan.keys.begin(), plan.keys.end());
    plan.keys.erase(std::unique(plan.keys.begin(), plan.keys.end()),
                    plan.keys.end());
    if (plan.keys.size() > kMostKeys) {
      return absl::FailedPreconditionError(
          absl::StrCat("feature ", id.feature, " has ", plan.keys.size(),
                       " different thresholds or ends of categories; ranks "
                       "take at most ",
                       kMostKeys));
    }
  }
  return absl::OkStatus();
}

absl::Status RankCompiler::CollectSets() {
  // A small model file may want much: the set of each split has a bit for every
  // key of its feature.
  constexpr uint64_t kMostBytes = uint64_t{1} << 26;
  // Counts every set that is made, also one that another split already has.
  constexpr uint64_t kMostWork = uint64_t{1} << 32;
  uint64_t bytes = 0;
  uint64_t work = 0;
  ForEachSplit(forest_, [&](const Tree& tree, const Split& split) {
    if (!split.is_categorical || bytes > kMostBytes || work > kMostWork) return;
    ColumnPlan& plan = plans_[ColumnOf(split)];
    std::vector<uint32_t> set = RanksToTheRight(tree, split, plan);
    const size_t size = set.size() * sizeof(uint32_t);
    work += size;
    if (plan.tests.emplace(std::move(set), 0).second) bytes += size;
  });
  if (bytes <= kMostBytes && work <= kMostWork) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the sets of ranks of categorical splits need more than ",
                   kMostBytes, " bytes, or ", kMostWork, " to make"));
}

// Returns bits for ranks 0 to the number of keys, and one more for missing
// values.
std::vector<uint32_t> RankCompiler::RanksToTheRight(
    const Tree& tree, const Split& split, const ColumnPlan& plan) const {
  const CategoryRule rule = forest_.category_rule();
  const bool is_lightgbm = rule == CategoryRule::kLightGbm;
  const auto categories = tree.categories_of(split);
  const size_t missing = plan.keys.size() + 1;
  // In LightGBM a category of the split goes left and all else right, in
  // XGBoost the other way round. Kernels read 16 words at a time.
  std::vector<uint32_t> set((missing / 512 + 1) * 16,
                            is_lightgbm ? ~uint32_t{0} : 0);
  const auto flip = [&](size_t rank) {
    set[rank / 32] ^= uint32_t{1} << (rank % 32);
  };
  for (const uint32_t category : categories) {
    const auto [first, end] = KeysOfCategory(rule, category);
    if (first == end) continue;  // it contains no float32
    // Keys are at whole numbers, so all numbers of a category have one rank.
    flip(RankAbove(plan.keys, first));
  }
  if (is_lightgbm || split.default_left) return set;
  flip(missing);
  if (rule == CategoryRule::kXgboost16) {
    flip(0);  // negative values: the lowest key is that of 0
    const int32_t end = KeyAtLeast(EndOfKnownCategories(categories));
    SetBits(set, RankAbove(plan.keys, end), missing);
  }
  return set;
}

void RankCompiler::AddColumn(const ColumnId& id, FeatureScope scope,
                             ColumnPlan& plan) {
  const auto keys = static_cast<uint32_t>(plan.keys.size());
  plan.first_test = static_cast<uint32_t>(ranks_.tests);
  simd::RankColumn column = {
      .feature = id.feature,
      .source = SourceOf(scope),
      .nan_is_missing = id.missing != MissingRule::kNone,
      .tiny_is_missing = id.missing == MissingRule::kZero,
      .tiny_is_zero = forest_.arithmetic() == Arithmetic::kLightGbm,
      .missing_rank = id.default_left ? 0 : keys,
      .tests = keys,
      .first_test = plan.first_test,
      .first_word = static_cast<uint32_t>(ranks_.sets.size()),
      .first_key = static_cast<uint32_t>(ranks_.keys.size()),
      .key_levels = static_cast<uint32_t>(std::bit_width(keys))};
  AddKeys(plan.keys, column.key_levels);
  if (id.is_categorical) {
    column.missing_rank = keys + 1;
    column.tests = 0;
    for (auto& [set, test] : plan.tests) {
      test = plan.first_test + column.tests++;
      column.set_words = static_cast<uint32_t>(set.size());
      ranks_.sets.insert(ranks_.sets.end(), set.begin(), set.end());
    }
  }
  ranks_.tests += column.tests;
  if (scope == FeatureScope::kItem) {
    column.item_byte = static_cast<uint32_t>(ranks_.item_bytes);
    column.item_bytes = LargestRank(column) < 256 ? 1 : 2;
    ranks_.item_bytes += column.item_bytes;
  }
  ranks_.columns.push_back(column);
}

void RankCompiler::AddKeys(const std::vector<int32_t>& ascending,
                           uint32_t levels) {
  for (uint32_t level = 0; level < levels; ++level) {
    // Level l of a complete search tree has every 2^(levels − l)-th key, from
    // the middle of the first such step on.
    const size_t step = size_t{1} << (levels - level);
    for (size_t at = step / 2 - 1; at < (size_t{1} << levels) - 1; at += step) {
      ranks_.keys.push_back(at < ascending.size() ? ascending[at]
                                                  : kLargestKey);
    }
  }
}

uint32_t RankCompiler::TestOf(const Tree& tree, const Split& split) const {
  const ColumnPlan& plan = plans_.at(ColumnOf(split));
  if (split.is_categorical) {
    return plan.tests.at(RanksToTheRight(tree, split, plan));
  }
  const int32_t key = KeyOfThreshold(forest_.arithmetic(), split.threshold);
  return plan.first_test + RankAbove(plan.keys, key) - 1;
}

}  // namespace marquee
