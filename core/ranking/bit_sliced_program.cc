#include "core/ranking/bit_sliced_program.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <compare>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace marquee {
namespace {

// Numbers in two registers of the widest kernels.
constexpr size_t kLeastValues = 32;
constexpr int32_t kLargestKey = std::numeric_limits<int32_t>::max();

// x goes right exactly when this is below the key of x.
int32_t KeyOfThreshold(Arithmetic arithmetic, double threshold) {
  if (arithmetic == Arithmetic::kXgboost) {
    // Right when x >= threshold.
    return OrderKey(static_cast<float>(threshold)) - 1;
  }
  // Right when x > threshold: of float32 numbers, those above the largest one
  // that is not above it.
  auto rounded = static_cast<float>(threshold);
  if (static_cast<double>(rounded) > threshold) {
    rounded = std::nextafter(rounded, -std::numeric_limits<float>::infinity());
  }
  return OrderKey(rounded);
}

// A whole number of 0 or more goes right when this is below its key: x >= b.
int32_t KeyAtLeast(double b) {
  auto rounded = static_cast<float>(b);
  if (static_cast<double>(rounded) < b) {
    rounded = std::nextafter(rounded, std::numeric_limits<float>::infinity());
  }
  return OrderKey(rounded) - 1;
}

// Where the numbers of a category begin and end.
std::pair<int32_t, int32_t> KeysOfCategory(Arithmetic arithmetic,
                                           uint32_t category) {
  // LightGBM truncates: what is above -1 is category 0.
  const bool from_minus_one =
      category == 0 && arithmetic == Arithmetic::kLightGbm;
  return {from_minus_one ? OrderKey(-1) : KeyAtLeast(category),
          KeyAtLeast(double{1} + category)};
}

struct ColumnId {
  uint32_t feature;
  MissingRule missing;
  bool default_left;
  bool is_categorical;
  auto operator<=>(const ColumnId&) const = default;
};

ColumnId ColumnOf(const Split& split) {
  // A set of ranks has a bit for missing values.
  if (split.is_categorical) {
    return {split.feature, MissingRule::kNaN, false, true};
  }
  // With no value missing, there is no default.
  const bool default_left =
      split.missing != MissingRule::kNone && split.default_left;
  return {split.feature, split.missing, default_left, false};
}

// A column while its tests are collected.
struct ColumnPlan {
  std::vector<int32_t> keys;  // ascending, each once
  uint32_t first_test = 0;
  // Of a categorical one, by the ranks that go right.
  std::map<std::vector<uint32_t>, uint32_t> tests;
};

class Compiler {
 public:
  Compiler(const Forest& forest, std::span<const FeatureScope> scopes)
      : forest_(forest), scopes_(scopes) {}

  BitSlicedProgram Run() {
    program_.base_margin = forest_.base_margin(0);
    CollectKeys();
    CollectSets();
    for (auto& [id, plan] : plans_) AddColumn(id, plan);
    for (const Tree& tree : forest_.trees()) AddTree(tree);
    // Kernels read whole registers.
    program_.keys.resize(program_.keys.size() + kLeastValues, kLargestKey);
    return std::move(program_);
  }

 private:
  template <typename Visit>
  void ForEachSplit(Visit visit) const {
    for (const Tree& tree : forest_.trees()) {
      for (const Split& split : tree.splits) visit(tree, split);
    }
  }

  static std::span<const uint32_t> CategoriesOf(const Tree& tree,
                                                const Split& split) {
    return std::span(tree.categories)
        .subspan(split.first_category, split.category_count);
  }

  void CollectKeys() {
    ForEachSplit([&](const Tree& tree, const Split& split) {
      std::vector<int32_t>& keys = plans_[ColumnOf(split)].keys;
      if (!split.is_categorical) {
        keys.push_back(KeyOfThreshold(forest_.arithmetic(), split.threshold));
      }
      for (const uint32_t category : CategoriesOf(tree, split)) {
        const auto [first, end] =
            KeysOfCategory(forest_.arithmetic(), category);
        keys.push_back(first);
        keys.push_back(end);
      }
    });
    for (auto& [id, plan] : plans_) {
      std::sort(plan.keys.begin(), plan.keys.end());
      plan.keys.erase(std::unique(plan.keys.begin(), plan.keys.end()),
                      plan.keys.end());
    }
  }

  void CollectSets() {
    ForEachSplit([&](const Tree& tree, const Split& split) {
      if (!split.is_categorical) return;
      ColumnPlan& plan = plans_[ColumnOf(split)];
      plan.tests.emplace(RanksToTheRight(tree, split, plan), 0);
    });
  }

  // Ranks 0 to the number of keys, and one more for missing values.
  std::vector<uint32_t> RanksToTheRight(const Tree& tree, const Split& split,
                                        const ColumnPlan& plan) const {
    const bool is_lightgbm = forest_.arithmetic() == Arithmetic::kLightGbm;
    const size_t missing = plan.keys.size() + 1;
    std::vector<uint32_t> set((missing / 512 + 1) * 16,
                              is_lightgbm ? ~uint32_t{0} : 0);
    const auto flip = [&](size_t rank) {
      set[rank / 32] ^= uint32_t{1} << (rank % 32);
    };
    for (const uint32_t category : CategoriesOf(tree, split)) {
      const auto [first, end] = KeysOfCategory(forest_.arithmetic(), category);
      if (first == end) continue;  // no float32 is in it
      flip(RankAbove(plan, first));
    }
    if (!is_lightgbm && !split.default_left) flip(missing);
    return set;
  }

  // Of a value just above a key that the column has.
  static uint32_t RankAbove(const ColumnPlan& plan, int32_t key) {
    const auto at = std::lower_bound(plan.keys.begin(), plan.keys.end(), key);
    return static_cast<uint32_t>(at - plan.keys.begin()) + 1;
  }

  void AddColumn(const ColumnId& id, ColumnPlan& plan) {
    const auto keys = static_cast<uint32_t>(plan.keys.size());
    plan.first_test = static_cast<uint32_t>(program_.tests);
    RankColumn column = {
        .feature = id.feature,
        .scope = scopes_.empty() ? FeatureScope::kRow : scopes_[id.feature],
        .missing = id.missing,
        .tiny_is_zero = forest_.arithmetic() == Arithmetic::kLightGbm,
        .missing_rank = id.default_left ? 0 : keys,
        .tests = keys,
        .first_test = plan.first_test,
        .first_word = static_cast<uint32_t>(program_.sets.size()),
        .first_key = static_cast<uint32_t>(program_.keys.size()),
        .key_levels = static_cast<uint32_t>(std::bit_width(keys))};
    AddKeys(plan.keys, column.key_levels);
    if (id.is_categorical) {
      column.missing_rank = keys + 1;
      column.tests = 0;
      for (auto& [set, test] : plan.tests) {
        test = plan.first_test + column.tests++;
        column.set_words = static_cast<uint32_t>(set.size());
        program_.sets.insert(program_.sets.end(), set.begin(), set.end());
      }
    }
    program_.tests += column.tests;
    if (column.scope == FeatureScope::kItem) {
      column.item_byte = static_cast<uint32_t>(program_.item_bytes);
      column.item_bytes = LargestRank(column) < 256 ? 1 : 2;
      program_.item_bytes += column.item_bytes;
    }
    program_.columns.push_back(column);
  }

  void AddKeys(const std::vector<int32_t>& ascending, uint32_t levels) {
    for (uint32_t level = 0; level < levels; ++level) {
      const size_t step = size_t{1} << (levels - level);
      for (size_t at = step / 2 - 1; at < (size_t{1} << levels) - 1;
           at += step) {
        program_.keys.push_back(at < ascending.size() ? ascending[at]
                                                      : kLargestKey);
      }
    }
  }

  uint32_t TestOf(const Tree& tree, const Split& split) const {
    const ColumnPlan& plan = plans_.at(ColumnOf(split));
    if (split.is_categorical) {
      return plan.tests.at(RanksToTheRight(tree, split, plan));
    }
    const int32_t key = KeyOfThreshold(forest_.arithmetic(), split.threshold);
    return plan.first_test + RankAbove(plan, key) - 1;
  }

  void AddTree(const Tree& tree) {
    const auto leaves = static_cast<uint32_t>(tree.leaf_values.size());
    program_.max_leaves = std::max<size_t>(program_.max_leaves, leaves);
    program_.trees.push_back(
        {.first_step = static_cast<uint32_t>(program_.steps.size()),
         .leaves = leaves,
         .first_value = static_cast<uint32_t>(Values())});
    const std::vector<uint32_t> order = AddSteps(tree);
    if (tree.is_linear()) AddLinearLeaves(tree, order);
    std::vector<double> values;
    for (const uint32_t leaf : order) values.push_back(tree.leaf_values[leaf]);
    values.resize(std::max(kLeastValues, std::bit_ceil(values.size())));
    if (forest_.arithmetic() == Arithmetic::kLightGbm) {
      program_.doubles.insert(program_.doubles.end(), values.begin(),
                              values.end());
    } else {
      for (const double value : values) {
        program_.floats.push_back(static_cast<float>(value));
      }
    }
  }

  size_t Values() const {
    return program_.doubles.size() + program_.floats.size();
  }

  // Breadth first: what a step needs was written some steps before. Returns the
  // leaves in the order of their slots.
  std::vector<uint32_t> AddSteps(const Tree& tree) {
    if (tree.splits.empty()) return {0};
    const auto splits = static_cast<uint32_t>(tree.splits.size());
    std::vector<uint32_t> leaves;
    std::vector<int32_t> order = {0};
    const auto slot_of = [&](int32_t child) {
      if (child < 0) {
        leaves.push_back(static_cast<uint32_t>(~child));
        return static_cast<uint16_t>(splits + leaves.size() - 1);
      }
      order.push_back(child);
      return static_cast<uint16_t>(order.size() - 1);
    };
    for (size_t i = 0; i < order.size(); ++i) {
      const Split& split = tree.splits[static_cast<size_t>(order[i])];
      const uint16_t left = slot_of(split.left);
      const uint16_t right = slot_of(split.right);
      program_.steps.push_back(
          {.test = TestOf(tree, split), .left = left, .right = right});
    }
    return leaves;
  }

  void AddLinearLeaves(const Tree& tree, const std::vector<uint32_t>& order) {
    program_.trees.back().first_linear_leaf =
        static_cast<uint32_t>(program_.linear_leaves.size());
    for (const uint32_t leaf : order) {
      const std::span<const LinearTerm> terms = tree.terms_of(leaf);
      const auto first = static_cast<uint32_t>(program_.terms.size());
      program_.terms.insert(program_.terms.end(), terms.begin(), terms.end());
      program_.linear_leaves.push_back(
          {.constant = tree.leaf_constants[leaf],
           .first_term = first,
           .end_term = static_cast<uint32_t>(program_.terms.size())});
    }
  }

  const Forest& forest_;
  const std::span<const FeatureScope> scopes_;
  std::map<ColumnId, ColumnPlan> plans_;
  BitSlicedProgram program_;
};

}  // namespace

int32_t OrderKey(float value) noexcept {
  const auto bits = std::bit_cast<int32_t>(value + 0.0f);  // −0 becomes 0
  return bits ^ ((bits >> 31) & std::numeric_limits<int32_t>::max());
}

BitSlicedProgram CompileBitSliced(const Forest& forest,
                                  std::span<const FeatureScope> scopes) {
  return Compiler(forest, scopes).Run();
}

uint32_t RankOf(const BitSlicedProgram& program, const RankColumn& column,
                float value) noexcept {
  const bool is_nan = std::isnan(value);
  const bool is_tiny = std::fabs(value) <= kZeroThreshold;
  const bool is_missing = (is_nan && column.missing != MissingRule::kNone) ||
                          (is_tiny && column.missing == MissingRule::kZero);
  if (is_missing) return column.missing_rank;
  if (is_nan || (is_tiny && column.tiny_is_zero)) value = 0;
  const int32_t key = OrderKey(value);
  uint32_t rank = 0;
  for (uint32_t level = 0; level < column.key_levels; ++level) {
    const uint32_t at = column.first_key + (uint32_t{1} << level) - 1 + rank;
    rank = 2 * rank + (program.keys[at] < key ? 1 : 0);
  }
  return rank;
}

uint32_t LargestRank(const RankColumn& column) noexcept {
  // Of a categorical column, that of missing values; of another, the number of
  // its tests.
  return column.set_words > 0 ? column.missing_rank : column.tests;
}

}  // namespace marquee
