#include "core/ranking/bit_sliced_program.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

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

class Compiler {
 public:
  explicit Compiler(const Forest& forest) : forest_(forest) {}

  BitSlicedProgram Run() {
    program_.base_margin = forest_.base_margin(0);
    CollectThresholds();
    AddColumns();
    for (const Tree& tree : forest_.trees()) AddTree(tree);
    // Kernels read whole registers.
    program_.keys.resize(program_.keys.size() + kLeastValues, kLargestKey);
    return std::move(program_);
  }

 private:
  using ColumnId = std::tuple<uint32_t, MissingRule, bool>;

  static ColumnId ColumnOf(const Split& split) {
    // With no value missing, there is no default.
    const bool default_left =
        split.missing != MissingRule::kNone && split.default_left;
    return {split.feature, split.missing, default_left};
  }

  void CollectThresholds() {
    for (const Tree& tree : forest_.trees()) {
      for (const Split& split : tree.splits) {
        keys_[ColumnOf(split)].push_back(
            KeyOfThreshold(forest_.arithmetic(), split.threshold));
      }
    }
  }

  void AddColumns() {
    for (auto& [id, keys] : keys_) {
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      const auto thresholds = static_cast<uint32_t>(keys.size());
      const auto key_levels = static_cast<uint32_t>(std::bit_width(thresholds));
      const auto& [feature, missing, default_left] = id;
      first_test_[id] = static_cast<uint32_t>(program_.tests);
      program_.columns.push_back(
          {.feature = feature,
           .missing = missing,
           .tiny_is_zero = forest_.arithmetic() == Arithmetic::kLightGbm,
           .default_left = default_left,
           .thresholds = thresholds,
           .first_test = static_cast<uint32_t>(program_.tests),
           .first_key = static_cast<uint32_t>(program_.keys.size()),
           .key_levels = key_levels});
      AddKeys(keys, key_levels);
      program_.tests += thresholds;
    }
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

  uint32_t TestOf(const Split& split) const {
    const ColumnId id = ColumnOf(split);
    const std::vector<int32_t>& keys = keys_.at(id);
    const auto at =
        std::lower_bound(keys.begin(), keys.end(),
                         KeyOfThreshold(forest_.arithmetic(), split.threshold));
    return first_test_.at(id) + static_cast<uint32_t>(at - keys.begin());
  }

  void AddTree(const Tree& tree) {
    const auto leaves = static_cast<uint32_t>(tree.leaf_values.size());
    program_.max_leaves = std::max<size_t>(program_.max_leaves, leaves);
    std::vector<double> values;
    program_.trees.push_back(
        {.first_step = static_cast<uint32_t>(program_.steps.size()),
         .leaves = leaves,
         .first_value = static_cast<uint32_t>(Values())});
    if (tree.splits.empty()) {
      values = tree.leaf_values;
    } else {
      AddSteps(tree, values);
    }
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

  // Breadth first: what a step needs was written some steps before.
  void AddSteps(const Tree& tree, std::vector<double>& values) {
    const auto splits = static_cast<uint32_t>(tree.splits.size());
    std::vector<int32_t> order = {0};
    const auto slot_of = [&](int32_t child) {
      if (child < 0) {
        values.push_back(tree.leaf_values[static_cast<size_t>(~child)]);
        return splits + static_cast<uint32_t>(values.size() - 1);
      }
      order.push_back(child);
      return static_cast<uint32_t>(order.size() - 1);
    };
    for (size_t i = 0; i < order.size(); ++i) {
      const Split& split = tree.splits[static_cast<size_t>(order[i])];
      const uint32_t left = slot_of(split.left);
      const uint32_t right = slot_of(split.right);
      program_.steps.push_back(
          {.test = TestOf(split), .left = left, .right = right});
    }
  }

  const Forest& forest_;
  std::map<ColumnId, std::vector<int32_t>> keys_;
  std::map<ColumnId, uint32_t> first_test_;
  BitSlicedProgram program_;
};

}  // namespace

int32_t OrderKey(float value) noexcept {
  const auto bits = std::bit_cast<int32_t>(value + 0.0f);  // −0 becomes 0
  return bits ^ ((bits >> 31) & std::numeric_limits<int32_t>::max());
}

BitSlicedProgram CompileBitSliced(const Forest& forest) {
  return Compiler(forest).Run();
}

}  // namespace marquee
