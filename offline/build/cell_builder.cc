#include "offline/build/cell_builder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/aligned_buffer.h"
#include "core/base/parallel_for.h"
#include "core/base/random.h"
#include "core/base/threads.h"
#include "core/catalog/bitmap.h"
#include "core/simd/code_scan.h"

namespace marquee {
namespace {

constexpr size_t kSamplePerCell = 50;
constexpr size_t kStep = 512;  // items that a thread takes at once

// The items with the extra coordinate that gives all vectors the same length.
class Augmented {
 public:
  Augmented(std::span<const float> values, size_t dimension)
      : values_(values), dimension_(dimension) {
    const size_t items = values.size() / dimension;
    std::vector<double> squares(items);
    for (size_t i = 0; i < items; ++i) {
      for (const float x : (*this)[i]) squares[i] += double{x} * x;
      longest_ = std::max(longest_, squares[i]);
    }
    for (const double square : squares) {
      extra_.push_back(static_cast<float>(std::sqrt(longest_ - square)));
    }
  }

  size_t size() const { return extra_.size(); }
  size_t dimension() const { return dimension_; }
  std::span<const float> operator[](size_t i) const {
    return values_.subspan(i * dimension_, dimension_);
  }
  float extra(size_t i) const { return extra_[i]; }
  // Returns the length as a share of the longest; above 0.
  double Length(size_t i) const {
    const double extra = extra_[i];
    const double square = longest_ - extra * extra;
    return longest_ > 0 ? std::sqrt(std::max(square / longest_, 1e-6)) : 1;
  }

 private:
  const std::span<const float> values_;
  const size_t dimension_;
  double longest_ = 0;
  std::vector<float> extra_;
};

// Unit vectors of the augmented space, as codes.
class Centers {
 public:
  Centers(size_t count, size_t dimension)
      : count_(count),
        dimension_(dimension),
        stride_(simd::CodeStride(dimension)),
        extra_(simd::PaddedRows(count)),
        codes_(simd::PaddedRows(count) * stride_),
        scales_(simd::PaddedRows(count)),
        all_(BitmapWords(count), ~uint64_t{0}) {}

  size_t size() const { return count_; }

  // `sum`: any positive multiple of the center.
  void Set(size_t c, std::span<const double> sum, double extra) {
    double square = extra * extra;
    for (const double x : sum) square += x * x;
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    std::vector<float> center(dimension_);
    for (size_t d = 0; d < dimension_; ++d) {
      center[d] = static_cast<float>(sum[d] * scale);
    }
    extra_[c] = static_cast<float>(extra * scale);
    scales_[c] =
        simd::EncodeRow(center, codes_.span().subspan(c * stride_, stride_));
  }

  struct Scratch {
    AlignedBuffer<int8_t> query;
    std::vector<uint32_t> rows;
    std::vector<float> scores;
  };
  Scratch MakeScratch() const {
    return {AlignedBuffer<int8_t>(stride_),
            std::vector<uint32_t>(count_ + simd::kCodeGroup),
            std::vector<float>(count_ + simd::kCodeGroup)};
  }

  // Returns the center with the largest inner product; among equal ones the
  // first.
  uint32_t Nearest(std::span<const float> v, float extra,
                   Scratch& scratch) const {
    static const simd::CodeScan scan = simd::CodeScanFor(simd::BestIsa());
    const float unit = simd::EncodeQuery(v, scratch.query.span());
    const size_t count =
        scan({codes_.data(), scales_.data(), stride_}, scratch.query.data(), 0,
             static_cast<uint32_t>(count_), all_.data(),
             -std::numeric_limits<float>::infinity(),
             {scratch.rows.data(), scratch.scores.data()});
    uint32_t best = 0;
    float highest = -std::numeric_limits<float>::infinity();
    for (size_t i = 0; i < count; ++i) {
      const uint32_t c = scratch.rows[i];
      const float score = scratch.scores[i] * unit + extra * extra_[c];
      if (score > highest || (score == highest && c < best)) {
        highest = score;
        best = c;
      }
    }
    return best;
  }

 private:
  const size_t count_;
  const size_t dimension_;
  const size_t stride_;
  std::vector<float> extra_;
  AlignedBuffer<uint8_t> codes_;
  AlignedBuffer<float> scales_;
  const std::vector<uint64_t> all_;
};

class KMeans {
 public:
  KMeans(const Augmented& items, const CellOptions& options)
      : items_(items),
        options_(options),
        centers_(
            std::max<size_t>(
                1, items.size() / std::max<size_t>(1, options.items_per_cell)),
            items.dimension()),
        random_(options.seed) {}

  // Returns the cell of each item, [items].
  std::vector<uint32_t> Run() {
    const std::vector<uint32_t> sample = Sample();
    for (size_t c = 0; c < centers_.size(); ++c) Reseed(c, sample[c]);
    for (size_t i = 0; i < options_.iterations; ++i) {
      Move(sample, Assign(sample));
      Tell(static_cast<double>(i + 1) * Share(sample.size()));
    }
    std::vector<uint32_t> all(items_.size());
    std::iota(all.begin(), all.end(), 0);
    std::vector<uint32_t> cells = Assign(all);
    Tell(1);
    return cells;
  }

 private:
  // Draws different items in random order, at least one for each center.
  // Source: Efraimidis and Spirakis, "Weighted random sampling with a
  // reservoir", 2006.
  std::vector<uint32_t> Sample() {
    std::vector<std::pair<double, uint32_t>> keys;
    for (uint32_t row = 0; row < items_.size(); ++row) {
      const double uniform = 1 - random_.Uniform();
      const double weight = std::pow(items_.Length(row), options_.length_power);
      keys.emplace_back(-std::log(uniform) / weight, row);
    }
    const size_t count =
        std::min(keys.size(), centers_.size() * kSamplePerCell);
    std::partial_sort(keys.begin(), keys.begin() + ptrdiff_t(count),
                      keys.end());
    std::vector<uint32_t> rows;
    for (size_t i = 0; i < count; ++i) rows.push_back(keys[i].second);
    // Items of large weight come first in `keys`; shuffle them.
    for (size_t i = 0; i < count; ++i) {
      std::swap(rows[i],
                rows[i + random_.Below(static_cast<uint32_t>(count - i))]);
    }
    return rows;
  }

  void Reseed(size_t c, uint32_t item) {
    const std::span<const float> v = items_[item];
    const std::vector<double> center(v.begin(), v.end());
    centers_.Set(c, center, items_.extra(item));
  }

  // Returns the nearest center of each of the rows.
  std::vector<uint32_t> Assign(std::span<const uint32_t> rows) const {
    std::vector<uint32_t> cells(rows.size());
    ParallelForWith(
        [&] { return centers_.MakeScratch(); }, rows.size(), kStep,
        ThreadCount(options_.threads),
        [&](Centers::Scratch& scratch, size_t, size_t begin, size_t end) {
          for (size_t i = begin; i < end; ++i) {
            cells[i] = centers_.Nearest(items_[rows[i]], items_.extra(rows[i]),
                                        scratch);
          }
        });
    return cells;
  }

  // Moves each center to the mean of its items; a center without items moves to
  // some item.
  void Move(std::span<const uint32_t> rows, std::span<const uint32_t> cells) {
    const size_t dimension = items_.dimension();
    std::vector<double> sums(centers_.size() * dimension, 0);
    std::vector<double> extras(centers_.size(), 0);
    std::vector<size_t> counts(centers_.size(), 0);
    for (size_t i = 0; i < rows.size(); ++i) {
      const std::span<const float> v = items_[rows[i]];
      double* const sum = sums.data() + cells[i] * dimension;
      for (size_t d = 0; d < dimension; ++d) sum[d] += v[d];
      extras[cells[i]] += items_.extra(rows[i]);
      ++counts[cells[i]];
    }
    for (size_t c = 0; c < centers_.size(); ++c) {
      if (counts[c] == 0) {
        Reseed(c, rows[random_.Below(static_cast<uint32_t>(rows.size()))]);
      } else {
        centers_.Set(c, std::span(sums).subspan(c * dimension, dimension),
                     extras[c]);
      }
    }
  }

  // Returns the work of assigning this many rows as a share of all the work.
  double Share(size_t rows) const {
    const double all = static_cast<double>(items_.size()) +
                       static_cast<double>(options_.iterations * rows);
    return static_cast<double>(rows) / all;
  }
  void Tell(double done) const {
    if (options_.progress) options_.progress(done);
  }

  const Augmented& items_;
  const CellOptions& options_;
  Centers centers_;
  Random random_;
};

}  // namespace

std::vector<float> RowsInOrder(std::span<const float> values, size_t dimension,
                               std::span<const uint32_t> order) {
  std::vector<float> rows;
  rows.reserve(values.size());
  for (const uint32_t row : order) {
    const std::span<const float> v = values.subspan(row * dimension, dimension);
    rows.insert(rows.end(), v.begin(), v.end());
  }
  return rows;
}

CellAssignment BuildCells(std::span<const float> values, size_t dimension,
                          const CellOptions& options) {
  const Augmented items(values, dimension);
  if (items.size() == 0) return {.order = {}, .begins = {0}};
  const std::vector<uint32_t> cells = KMeans(items, options).Run();
  CellAssignment assignment;
  assignment.order.resize(cells.size());
  std::iota(assignment.order.begin(), assignment.order.end(), 0);
  std::stable_sort(assignment.order.begin(), assignment.order.end(),
                   [&](uint32_t a, uint32_t b) { return cells[a] < cells[b]; });
  // Leave out cells without an item.
  for (uint32_t i = 0; i < assignment.order.size(); ++i) {
    const bool begins =
        i == 0 || cells[assignment.order[i]] != cells[assignment.order[i - 1]];
    if (begins) assignment.begins.push_back(i);
  }
  assignment.begins.push_back(static_cast<uint32_t>(cells.size()));
  return assignment;
}

CellParts DescribeCells(std::span<const float> values, size_t dimension,
                        std::vector<uint32_t> begins) {
  CellParts parts{.begins = std::move(begins)};
  std::vector<double> sum(dimension);
  for (size_t c = 0; c + 1 < parts.begins.size(); ++c) {
    std::fill(sum.begin(), sum.end(), 0);
    double square = 0;
    for (size_t row = parts.begins[c]; row < parts.begins[c + 1]; ++row) {
      for (size_t d = 0; d < dimension; ++d) {
        const double x = values[row * dimension + d];
        sum[d] += x;
        square += x * x;
      }
    }
    const double count = parts.begins[c + 1] - parts.begins[c];
    for (const double x : sum) {
      parts.centers.push_back(static_cast<float>(x / count));
      square -= x * x / count;
    }
    const double mean = std::max(square, 0.0) / count;
    parts.spreads.push_back(
        static_cast<float>(std::sqrt(mean / static_cast<double>(dimension))));
  }
  return parts;
}

}  // namespace marquee
