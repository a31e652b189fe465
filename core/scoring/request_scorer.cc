#include "core/scoring/request_scorer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/aligned_buffer.h"
#include "core/base/check.h"
#include "core/base/checksum.h"
#include "core/base/status_macros.h"
#include "core/scoring/bit_sliced_scorer.h"

namespace marquee {
namespace {

// Prefetch this many rows ahead: enough to hide the latency of main memory.
constexpr size_t kPrefetchRows = 16;

// 0: nothing is missing, 1: NaN and tiny values, 2: NaN.
int MissingCode(const simd::RankColumn& column) {
  // These numbers are part of the layout's digest. Other numbers would make
  // every stored section one of another layout.
  if (!column.nan_is_missing) return 0;
  return column.tiny_is_missing ? 1 : 2;
}

ItemRankLayout LayoutOf(const BitSlicedProgram& program) {
  ItemRankLayout layout;
  layout.bytes = program.ranks.item_bytes;
  std::string meaning;
  for (const simd::RankColumn& column : program.ranks.columns) {
    if (column.source != simd::RankColumn::Source::kItem) continue;
    layout.columns.push_back({.first_byte = column.item_byte,
                              .bytes = column.item_bytes,
                              .largest = LargestRank(column)});
    absl::StrAppend(&meaning, column.feature, ",", MissingCode(column), ",",
                    column.tiny_is_zero, ",", column.missing_rank, ",",
                    column.set_words > 0, ":");
    const size_t keys = (size_t{1} << column.key_levels) - 1;
    for (size_t i = 0; i < keys; ++i) {
      absl::StrAppend(&meaning, program.ranks.keys[column.first_key + i], ",");
    }
  }
  layout.digest =
      Digest128(std::as_bytes(std::span(meaning.data(), meaning.size())));
  return layout;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const RequestScorer>> RequestScorer::Create(
    const Forest& forest, std::span<const FeatureScope> scopes, simd::Isa isa) {
  MARQUEE_CHECK(scopes.size() == forest.num_features());
  MARQUEE_RETURN_IF_ERROR(BitSlicedScorer::CheckSupported(forest));
  BitSlicedProgram program = CompileBitSliced(forest, scopes);
  if (!program.linear_leaves.empty()) {
    return absl::FailedPreconditionError(
        "leaves of linear trees read the values of features, not their ranks");
  }
  return std::unique_ptr<const RequestScorer>(
      new RequestScorer(std::move(program), forest.num_features(),
                        simd::BitSlicedKernelFor(isa)));
}

RequestScorer::RequestScorer(BitSlicedProgram program, size_t num_features,
                             simd::BitSlicedKernel kernel)
    : program_(std::move(program)),
      layout_(program_),
      item_layout_(LayoutOf(program_)),
      num_features_(num_features),
      kernel_(kernel) {}

void RequestScorer::RankItem(std::span<const float> values,
                             std::span<uint8_t> ranks) const noexcept {
  for (const simd::RankColumn& column : program_.ranks.columns) {
    if (column.source != simd::RankColumn::Source::kItem) continue;
    const uint32_t rank =
        RankOf(program_.ranks, column, values[column.feature]);
    ranks[column.item_byte] = static_cast<uint8_t>(rank);
    if (column.item_bytes > 1) {
      ranks[column.item_byte + 1] = static_cast<uint8_t>(rank >> 8);
    }
  }
}

void RequestScorer::RankRequest(std::span<const float> values,
                                std::span<uint16_t> ranks) const noexcept {
  for (size_t c = 0; c < program_.ranks.columns.size(); ++c) {
    const simd::RankColumn& column = program_.ranks.columns[c];
    if (column.source != simd::RankColumn::Source::kRequest) continue;
    ranks[c] = static_cast<uint16_t>(
        RankOf(program_.ranks, column, values[column.feature]));
  }
}

// Fills the last block with copies of the last row.
void RequestScorer::GatherItems(std::span<const ItemRow> rows,
                                const ItemRanks& items,
                                uint8_t* out) const noexcept {
  const size_t bytes = program_.ranks.item_bytes;
  const size_t whole =
      (rows.size() + simd::kWordRows - 1) / simd::kWordRows * simd::kWordRows;
  for (size_t row = 0; row < whole; ++row) {
    // The items of candidates are all over the section, so the processor can
    // not foresee their lines.
    const size_t ahead = std::min(row + kPrefetchRows, rows.size() - 1);
    __builtin_prefetch(items[rows[ahead]]);
    const uint8_t* const ranks = items[rows[std::min(row, rows.size() - 1)]];
    uint8_t* const to = out + row / simd::kWordRows * bytes * simd::kWordRows +
                        row % simd::kWordRows;
    for (size_t b = 0; b < bytes; ++b) to[b * simd::kWordRows] = ranks[b];
  }
}

void RequestScorer::ScoreRows(const FeatureMatrix& rows,
                              std::span<double> scores) const {
  AlignedBuffer<std::byte> scratch(scratch_bytes());
  FeatureMatrix one(1, rows.features());
  one.SetRows(1);
  std::vector<float> values(rows.features());
  std::vector<uint8_t> ranks(item_layout_.stride());
  const ItemRanks item(ranks, item_layout_.stride());
  const ItemRow first{0};
  for (size_t row = 0; row < rows.rows(); ++row) {
    for (size_t f = 0; f < rows.features(); ++f) {
      values[f] = one.At(0, f) = rows.At(row, f);
    }
    RankItem(values, ranks);
    Score({.matrix = one, .request = values, .items = {&first, 1}}, item,
          scratch.span(), scores.subspan(row, 1));
  }
}

void RequestScorer::Score(const RequestRows& rows, const ItemRanks& items,
                          std::span<std::byte> scratch,
                          std::span<double> scores) const noexcept {
  MARQUEE_CHECK(rows.matrix.features() >= num_features_);
  MARQUEE_CHECK(rows.matrix.rows() == scores.size());
  MARQUEE_CHECK(rows.items.size() == scores.size());
  MARQUEE_CHECK(rows.request.size() >= num_features_);
  MARQUEE_CHECK(scratch.size() >= layout_.bytes());
  const simd::BitSlicedView view = ViewOf(program_);
  const simd::BitSlicedScratch memory = layout_.In(scratch);
  const std::span<uint16_t> request_ranks = layout_.RequestRanks(scratch);
  uint8_t* const item_ranks = layout_.ItemRanks(scratch);
  RankRequest(rows.request, request_ranks);
  for (size_t first = 0; first < scores.size(); first += kKernelRows) {
    const size_t count = std::min(kKernelRows, scores.size() - first);
    GatherItems(rows.items.subspan(first, count), items, item_ranks);
    const simd::BitSlicedRows some = {
        .matrix = rows.matrix.Column(first / simd::kWordRows, 0),
        .features = rows.matrix.features(),
        .blocks = (count + simd::kWordRows - 1) / simd::kWordRows,
        .request_ranks = request_ranks.data(),
        .item_ranks = item_ranks,
        .item_bytes = program_.ranks.item_bytes};
    kernel_(view, some, memory);
    std::copy_n(memory.sums, count,
                scores.begin() + static_cast<ptrdiff_t>(first));
  }
}

}  // namespace marquee
