#include "core/scoring/bit_sliced_program.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>
#include <vector>

namespace marquee {
namespace {

// Leaf values that fit in two registers of the widest kernels.
constexpr size_t kLeastValues = 32;

class Compiler {
 public:
  Compiler(const Forest& forest, std::span<const FeatureScope> scopes)
      : forest_(forest), ranks_(forest, scopes) {}

  BitSlicedProgram Run() {
    program_.ranks = ranks_.ranks();
    program_.base_margin = forest_.base_margin(0);
    for (const Tree& tree : forest_.trees()) AddTree(tree);
    return std::move(program_);
  }

 private:
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
    // Kernels load tables of 32 or 64 values whole.
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

  // Adds the steps breadth first, so that a step's set was written some steps
  // before it is read. Returns the leaves in the order of their slots.
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
          {.test = ranks_.TestOf(tree, split), .left = left, .right = right});
    }
    return leaves;
  }

  void AddLinearLeaves(const Tree& tree, const std::vector<uint32_t>& order) {
    program_.trees.back().first_linear_leaf =
        static_cast<uint32_t>(program_.linear_leaves.size());
    for (const uint32_t leaf : order) {
      const auto first = static_cast<uint32_t>(program_.terms.size());
      for (const LinearTerm& term : tree.terms_of(leaf)) {
        program_.terms.push_back({term.coefficient, term.feature});
      }
      program_.linear_leaves.push_back(
          {.constant = tree.leaf_constants[leaf],
           .first_term = first,
           .end_term = static_cast<uint32_t>(program_.terms.size())});
    }
  }

  const Forest& forest_;
  const RankCompiler ranks_;
  BitSlicedProgram program_;
};

}  // namespace

BitSlicedProgram CompileBitSliced(const Forest& forest,
                                  std::span<const FeatureScope> scopes) {
  return Compiler(forest, scopes).Run();
}

}  // namespace marquee
