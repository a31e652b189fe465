#include "core/scoring/walk_scorer.h"

#include <algorithm>
#include <array>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace marquee {
namespace {

constexpr size_t kBlock = FeatureMatrix::kBlockRows;
// Rows that walk at once: as many as there are registers for.
constexpr size_t kTogether = 8;
constexpr uint16_t kAboveNone = std::numeric_limits<uint16_t>::max();

}  // namespace

absl::Status WalkScorer::CheckSupported(const Forest& forest) {
  constexpr size_t kMostColumns = std::numeric_limits<uint16_t>::max();
  constexpr size_t kMostNodes = std::numeric_limits<uint32_t>::max();
  // Five rules for missing values with their defaults, and one for categories.
  constexpr size_t kColumnsPerFeature = 6;
  size_t nodes = 0;
  size_t columns = kColumnsPerFeature * forest.num_features();
  for (const Tree& tree : forest.trees()) {
    if (tree.is_linear()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the model has linear trees; '", kName, "' takes none"));
    }
    nodes += 2 * tree.leaves();
    for (const Split& split : tree.splits) columns += split.is_categorical;
  }
  if (columns > kMostColumns || nodes > kMostNodes) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the model has ", nodes, " nodes and may need ", columns, " columns; '",
        kName, "' takes at most ", kMostNodes, " and ", kMostColumns));
  }
  return RankCompiler::CheckSupported(forest);
}

WalkScorer::WalkScorer(const Forest& forest, const RankCompiler& compiler)
    : ranks_(compiler.ranks()),
      num_features_(forest.num_features()),
      arithmetic_(forest.arithmetic()),
      base_margin_(forest.base_margin(0)) {
  const std::vector<Test> tests = AddColumns();
  for (const Tree& tree : forest.trees()) AddTree(tree, compiler, tests);
}

std::vector<WalkScorer::Test> WalkScorer::AddColumns() {
  std::vector<Test> tests;
  for (const simd::RankColumn& column : ranks_.columns) {
    const bool has_sets = column.set_words > 0;
    for (uint32_t t = 0; t < column.tests; ++t) {
      tests.push_back(
          {.column = static_cast<uint16_t>(columns_ + (has_sets ? t : 0)),
           .rank = static_cast<uint16_t>(has_sets ? 0 : t)});
    }
    columns_ += has_sets ? column.tests : 1;
  }
  // Leaves read the first column, but a forest of constant trees has none.
  columns_ = std::max<size_t>(columns_, 1);
  return tests;
}

// Adds nodes breadth first, so that siblings are neighbours.
void WalkScorer::AddTree(const Tree& tree, const RankCompiler& compiler,
                         std::span<const Test> tests) {
  const size_t root = nodes_.size();
  roots_.push_back(static_cast<uint32_t>(root));
  // Children as in Split.
  std::vector<int32_t> order = {tree.splits.empty() ? ~0 : 0};
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] < 0) {
      nodes_.push_back({.column = 0,
                        .rank = kAboveNone,
                        .child = static_cast<uint32_t>(root + i)});
      AddValue(tree.leaf_values[static_cast<size_t>(~order[i])]);
      continue;
    }
    const Split& split = tree.splits[static_cast<size_t>(order[i])];
    const Test test = tests[compiler.TestOf(tree, split)];
    nodes_.push_back({.column = test.column,
                      .rank = test.rank,
                      .child = static_cast<uint32_t>(root + order.size())});
    AddValue(0);
    order.push_back(split.left);
    order.push_back(split.right);
  }
}

void WalkScorer::AddValue(double value) {
  if (arithmetic_ == Arithmetic::kLightGbm) {
    doubles_.push_back(value);
  } else {
    floats_.push_back(static_cast<float>(value));
  }
}

size_t WalkScorer::scratch_bytes() const noexcept {
  return kBlock * columns_ * sizeof(uint16_t);
}

void WalkScorer::RankBlock(const FeatureMatrix& rows, size_t block,
                           size_t count, uint16_t* ranks) const noexcept {
  uint16_t* to = ranks;
  for (const simd::RankColumn& column : ranks_.columns) {
    const float* const values = rows.Column(block, column.feature);
    for (size_t row = 0; row < count; ++row) {
      const uint32_t rank = RankOf(ranks_, column, values[row]);
      uint16_t* const cell = to + row * columns_;
      if (column.set_words == 0) {
        *cell = static_cast<uint16_t>(rank);
        continue;
      }
      for (uint32_t t = 0; t < column.tests; ++t) {
        const uint32_t* const set =
            ranks_.sets.data() + column.first_word + t * column.set_words;
        cell[t] = set[rank / 32] >> (rank % 32) & 1;
      }
    }
    to += column.set_words > 0 ? column.tests : 1;
  }
}

template <typename Value>
void WalkScorer::AddTrees(std::span<const Value> values, Value base,
                          const uint16_t* ranks, size_t rows,
                          std::span<double> scores) const noexcept {
  std::array<Value, kBlock> sums;
  sums.fill(base);
  const Node* const nodes = nodes_.data();
  const size_t columns = columns_;
  for (const uint32_t root : roots_) {
    for (size_t first = 0; first < rows; first += kTogether) {
      const uint16_t* const of_rows = ranks + first * columns;
      std::array<uint32_t, kTogether> at;
      at.fill(root);
      // A leaf is its own child, so rows that have arrived stay where they are.
      // The loop ends with the row that is last, and no branch depends on one
      // row alone.
      uint32_t moved;
      do {
        moved = 0;
#pragma GCC unroll 8
        for (size_t i = 0; i < kTogether; ++i) {
          const Node node = nodes[at[i]];
          const uint32_t next =
              node.child +
              (of_rows[i * columns + node.column] > node.rank ? 1 : 0);
          moved |= next ^ at[i];
          at[i] = next;
        }
      } while (moved != 0);
      for (size_t i = 0; i < kTogether; ++i) sums[first + i] += values[at[i]];
    }
  }
  std::copy_n(sums.begin(), scores.size(), scores.begin());
}

void WalkScorer::Score(const FeatureMatrix& rows, std::span<std::byte> scratch,
                       std::span<double> scores) const noexcept {
  MARQUEE_CHECK(rows.features() >= num_features_);
  MARQUEE_CHECK(rows.rows() == scores.size());
  MARQUEE_CHECK(scratch.size() >= scratch_bytes());
  auto* const ranks = reinterpret_cast<uint16_t*>(scratch.data());
  for (size_t block = 0; block < rows.blocks(); ++block) {
    const size_t first = block * kBlock;
    const size_t count = std::min(kBlock, scores.size() - first);
    // Rows behind the last one may hold anything; they walk along unused.
    const size_t walkers = (count + kTogether - 1) / kTogether * kTogether;
    RankBlock(rows, block, walkers, ranks);
    const std::span<double> some = scores.subspan(first, count);
    if (arithmetic_ == Arithmetic::kLightGbm) {
      AddTrees<double>(doubles_, base_margin_, ranks, walkers, some);
    } else {
      AddTrees<float>(floats_, base_margin_, ranks, walkers, some);
    }
  }
}

}  // namespace marquee
