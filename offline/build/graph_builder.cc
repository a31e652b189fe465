#include "offline/build/graph_builder.h"

#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/parallel_for.h"
#include "core/base/threads.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

using Hnsw = hnswlib::HierarchicalNSW<float>;

// A search begins at the best of these entries: about one item in 1,000.
constexpr size_t kItemsPerEntry = 1000;
constexpr size_t kMinEntries = 64;

struct Augmented {
  std::vector<float> values;    // [items × (dimension + 1)], all of one length
  std::vector<uint32_t> order;  // items by falling length
};

Augmented Augment(const ItemVectors& vectors) {
  const size_t items = vectors.size();
  const size_t dimension = vectors.dimension();
  std::vector<float> square(items);
  for (uint32_t i = 0; i < items; ++i) {
    const auto v = vectors[ItemRow{i}];
    square[i] = simd::Dot(v.data(), v.data(), dimension);
  }
  const float longest =
      items == 0 ? 0 : *std::max_element(square.begin(), square.end());
  // If all vectors are zero, any length will do, because all are equal. 1
  // avoids a division by zero.
  const float scale = longest > 0 ? 1 / std::sqrt(longest) : 1;
  Augmented result;
  result.values.resize(items * (dimension + 1));
  for (uint32_t i = 0; i < items; ++i) {
    float* const out = &result.values[size_t{i} * (dimension + 1)];
    const auto v = vectors[ItemRow{i}];
    for (size_t j = 0; j < dimension; ++j) out[j] = v[j] * scale;
    out[dimension] = std::sqrt(std::max(0.0f, longest - square[i])) * scale;
  }
  result.order.resize(items);
  std::iota(result.order.begin(), result.order.end(), 0);
  std::stable_sort(
      result.order.begin(), result.order.end(),
      [&](uint32_t a, uint32_t b) { return square[a] > square[b]; });
  return result;
}

void InsertAll(const Augmented& data, size_t width, const GraphOptions& options,
               Hnsw& hnsw) {
  // hnswlib's own locks make concurrent inserts safe.
  const auto insert = [&](size_t i) {
    hnsw.addPoint(&data.values[size_t{data.order[i]} * width], data.order[i]);
  };
  std::mutex mu;
  std::exception_ptr failure;  // of the last that failed
  // Relaxed: a hint to stop early. Joining the threads publishes `failure`.
  std::atomic<bool> failed = false;
  const auto insert_next = [&](size_t i, size_t, size_t) {
    if (failed.load(std::memory_order_relaxed)) return;
    try {
      insert(i + 1);
    } catch (...) {
      failed.store(true, std::memory_order_relaxed);
      const std::lock_guard<std::mutex> lock(mu);
      failure = std::current_exception();
    }
  };
  const auto tick = [&](size_t i) {
    if (options.progress && i % 1024 == 0) options.progress(i);
  };
  insert(0);  // alone: it becomes the first entry point
  ParallelFor(data.order.size() - 1, 1, ThreadCount(options.threads),
              insert_next, tick);
  if (failure) std::rethrow_exception(failure);
}

GraphParts Export(const Hnsw& hnsw, const Augmented& data) {
  const size_t items = data.order.size();
  GraphParts parts;
  parts.max_degree = static_cast<uint32_t>(hnsw.maxM0_);
  parts.neighbors.assign(items * hnsw.maxM0_, kNoNeighbor);
  std::vector<std::pair<int, uint32_t>> levels;
  for (uint32_t node = 0; node < items; ++node) {
    const uint32_t item = static_cast<uint32_t>(hnsw.getExternalLabel(node));
    unsigned int* const list = hnsw.get_linklist0(node);
    const size_t count = std::min<size_t>(hnsw.getListCount(list), hnsw.maxM0_);
    for (size_t i = 0; i < count; ++i) {
      parts.neighbors[item * hnsw.maxM0_ + i] =
          static_cast<uint32_t>(hnsw.getExternalLabel(list[1 + i]));
    }
    levels.emplace_back(-hnsw.element_levels_[node], item);
  }
  // The items of the upper levels are a random sample; the best of them is
  // close to any query.
  const size_t wanted =
      std::min(items, std::max(kMinEntries, items / kItemsPerEntry));
  std::partial_sort(levels.begin(), levels.begin() + wanted, levels.end());
  for (size_t i = 0; i < wanted; ++i) parts.entries.push_back(levels[i].second);
  // The longest vectors answer many queries, so always begin there too.
  for (size_t i = 0; i < std::min<size_t>(items, 8); ++i)
    parts.entries.push_back(data.order[i]);
  std::sort(parts.entries.begin(), parts.entries.end());
  parts.entries.erase(std::unique(parts.entries.begin(), parts.entries.end()),
                      parts.entries.end());
  return parts;
}

}  // namespace

absl::StatusOr<GraphParts> BuildGraph(const ItemVectors& vectors,
                                      const GraphOptions& options) {
  if (options.links < 4 || options.links > Graph::kMaxDegree / 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("links an item: ", options.links, ": must be 4 to ",
                     Graph::kMaxDegree / 2));
  }
  if (options.build_width < options.links || options.build_width > 10000) {
    return absl::InvalidArgumentError(
        absl::StrCat("width of the build: ", options.build_width, ": must be ",
                     options.links, " to 10000"));
  }
  if (vectors.size() == 0) {
    return GraphParts{.max_degree = static_cast<uint32_t>(2 * options.links)};
  }
  const Augmented data = Augment(vectors);
  const size_t width = vectors.dimension() + 1;
  try {
    hnswlib::InnerProductSpace space(width);
    Hnsw hnsw(&space, vectors.size(), options.links, options.build_width,
              options.seed);
    InsertAll(data, width, options, hnsw);
    return Export(hnsw, data);
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("hnswlib: ", error.what()));
  }
}

}  // namespace marquee
