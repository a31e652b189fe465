// The sections that retrieval reads, made in memory from the caller's vectors.
#ifndef MARQUEE_TESTS_BENCH_BENCH_INDEX_H_
#define MARQUEE_TESTS_BENCH_BENCH_INDEX_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/files/array_file.h"
#include "core/retrieval/retrieval_index.h"
#include "core/retrieval/retrieval_plan.h"
#include "core/users/user_vectors.h"
#include "offline/build/cell_choice.h"
#include "offline/build/tuning.h"
#include "offline/formats/npy.h"
#include "tests/bench/bench_options.h"

namespace marquee {

// What a server would decide on these vectors and this machine.
struct BenchPlan {
  Tuned stop_share;
  std::optional<Tuned> width_per_k;  // absent: no graph
  RetrievalPlan plan = RetrievalPlan::Default();
  double seconds = 0;  // that tuning and measuring took
};

// Items are in the order of their cells, as in a snapshot. Owns everything.
// Immutable after construction.
class BenchIndex {
 public:
  // Builds what the engines of the options need; with "planned" among them,
  // cells and graph are tuned and a plan is made, on vectors of --queries other
  // than those that are measured where there are enough. Errors: those of the
  // files; InvalidArgument.
  static absl::StatusOr<std::unique_ptr<const BenchIndex>> Create(
      const RetrievalBenchOptions& options);

  RetrievalIndex index() const {
    return {*vectors_, *codes_, *cells_, *graph_};
  }
  size_t items() const { return vectors_->size(); }
  size_t dimension() const { return vectors_->dimension(); }
  const NpyMatrix& queries() const { return *queries_; }
  const std::optional<BenchPlan>& plan() const { return plan_; }

  size_t scan_bytes() const {
    return code_file_->size_bytes() + cell_file_->size_bytes();
  }
  size_t graph_bytes() const { return graph_file_->size_bytes(); }
  double cell_seconds() const { return cell_seconds_; }
  double graph_seconds() const { return graph_seconds_; }

 private:
  explicit BenchIndex(const RetrievalBenchOptions& options)
      : memory_(options.memory) {}

  absl::Status Load(const RetrievalBenchOptions& options);
  absl::Status AddItems(const std::vector<float>& values);
  absl::Status AddGraph(const RetrievalBenchOptions& options);
  absl::Status AddPlan(const RetrievalBenchOptions& options);
  absl::StatusOr<std::unique_ptr<const ArrayFile>> SampleOfUsers() const;
  // These replace the section.
  absl::Status PutCells();
  absl::Status PutGraph();

  const Placement memory_;
  std::unique_ptr<const NpyMatrix> queries_;
  std::unique_ptr<const ArrayFile> vector_file_, code_file_, cell_file_,
      graph_file_;
  std::unique_ptr<const ItemVectors> vectors_;
  std::unique_ptr<const ItemCodes> codes_;
  CellParts cell_parts_;
  std::unique_ptr<const ItemCells> cells_;
  GraphParts graph_parts_{.max_degree = 1};
  std::unique_ptr<const Graph> graph_;
  std::optional<BenchPlan> plan_;
  double cell_seconds_ = 0;
  double graph_seconds_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_BENCH_INDEX_H_
