#include "tests/bench/bench_index.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/retrieval/plan_measurement.h"
#include "offline/build/graph_builder.h"
#include "offline/build/recall_sample.h"
#include "offline/data/embedding_set.h"

namespace marquee {
namespace {

// That judge the cells.
constexpr size_t kSampledQueries = 50;

constexpr double kRecallTarget = 0.97;  // as `marquee build`
constexpr size_t kUsersToTuneOn = 1000;

template <typename Write>
absl::StatusOr<std::unique_ptr<const ArrayFile>> InMemory(Placement placement,
                                                          Write write) {
  MARQUEE_ASSIGN_OR_RETURN(const auto out, ArrayFileWriter::CreateInMemory());
  MARQUEE_RETURN_IF_ERROR(write(*out));
  return out->FinishInMemory(placement);
}

double SecondsSince(SteadyTime start) {
  return absl::ToDoubleSeconds(Clock::Real().Steady() - start);
}

}  // namespace

absl::StatusOr<std::unique_ptr<const BenchIndex>> BenchIndex::Create(
    const RetrievalBenchOptions& options) {
  std::unique_ptr<BenchIndex> index(new BenchIndex(options));
  MARQUEE_RETURN_IF_ERROR(index->Load(options));
  MARQUEE_RETURN_IF_ERROR(index->AddGraph(options));
  if (options.Has("planned")) {
    MARQUEE_RETURN_IF_ERROR(index->AddPlan(options));
  }
  return index;
}

absl::Status BenchIndex::Load(const RetrievalBenchOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const auto items,
                           NpyMatrix::Open(options.items, kItemLimits));
  MARQUEE_ASSIGN_OR_RETURN(queries_,
                           NpyMatrix::Open(options.queries, kUserLimits));
  if (queries_->dim() != items->dim()) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.items, " has vectors of ", items->dim(), ", ", options.queries,
        " of ", queries_->dim(), ": must be the same"));
  }
  for (const NpyMatrix* matrix :
       {items.get(), static_cast<const NpyMatrix*>(queries_.get())}) {
    if (!matrix->conversion().empty()) {
      std::fprintf(stderr, "marquee-bench: %s\n", matrix->conversion().c_str());
    }
    if (matrix->rows() > 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(matrix->path(), " has no rows: must have at least one"));
  }
  return AddItems(items->SampleRows(items->rows()));
}

absl::Status BenchIndex::AddItems(const std::vector<float>& values) {
  const size_t dimension = queries_->dim();
  const SteadyTime start = Clock::Real().Steady();
  const std::vector<float> sample = queries_->SampleRows(kSampledQueries);
  CellAssignment cells =
      ChooseCells(values, dimension, {.queries = sample}, {});
  const std::vector<float> ordered =
      RowsInOrder(values, dimension, cells.order);
  cell_seconds_ = SecondsSince(start);
  MARQUEE_ASSIGN_OR_RETURN(
      vector_file_, InMemory(memory_, [&](ArrayFileWriter& out) {
        return WriteItemVectors(ordered, dimension, nullptr, out);
      }));
  MARQUEE_ASSIGN_OR_RETURN(vectors_, ItemVectors::Open(*vector_file_));
  MARQUEE_ASSIGN_OR_RETURN(code_file_,
                           InMemory(memory_, [&](ArrayFileWriter& out) {
                             WriteItemCodes(ordered, dimension, out);
                             return absl::OkStatus();
                           }));
  MARQUEE_ASSIGN_OR_RETURN(codes_,
                           ItemCodes::Open(*code_file_, items(), dimension));
  cell_parts_ = DescribeCells(ordered, dimension, std::move(cells.begins));
  return PutCells();
}

absl::Status BenchIndex::PutCells() {
  cells_.reset();
  MARQUEE_ASSIGN_OR_RETURN(cell_file_,
                           InMemory(memory_, [&](ArrayFileWriter& out) {
                             WriteItemCells(cell_parts_, out);
                             return absl::OkStatus();
                           }));
  MARQUEE_ASSIGN_OR_RETURN(cells_,
                           ItemCells::Open(*cell_file_, items(), dimension()));
  return absl::OkStatus();
}

absl::Status BenchIndex::AddGraph(const RetrievalBenchOptions& options) {
  if (options.Has("graph")) {
    const SteadyTime start = Clock::Real().Steady();
    MARQUEE_ASSIGN_OR_RETURN(
        graph_parts_,
        BuildGraph(*vectors_, {.links = options.links,
                               .build_width = options.build_width}));
    graph_seconds_ = SecondsSince(start);
  }
  return PutGraph();
}

absl::Status BenchIndex::PutGraph() {
  graph_.reset();
  MARQUEE_ASSIGN_OR_RETURN(graph_file_,
                           InMemory(memory_, [&](ArrayFileWriter& out) {
                             WriteGraph(graph_parts_, out);
                             return absl::OkStatus();
                           }));
  MARQUEE_ASSIGN_OR_RETURN(graph_, Graph::Open(*graph_file_, items()));
  return absl::OkStatus();
}

// Half a step off equal distances, and not as many as are usually measured:
// others than those.
absl::StatusOr<std::unique_ptr<const ArrayFile>> BenchIndex::SampleOfUsers()
    const {
  return InMemory(memory_, [&](ArrayFileWriter& out) {
    UserVectorWriter writer(dimension(), queries_->largest(), out);
    const size_t count = std::min(kUsersToTuneOn, queries_->rows());
    std::vector<float> vector(dimension());
    for (size_t i = 0; i < count; ++i) {
      queries_->CopyRow((2 * i + 1) * queries_->rows() / (2 * count), vector);
      MARQUEE_RETURN_IF_ERROR(writer.Add(vector));
    }
    return absl::OkStatus();
  });
}

absl::Status BenchIndex::AddPlan(const RetrievalBenchOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const auto user_file, SampleOfUsers());
  MARQUEE_ASSIGN_OR_RETURN(const auto users,
                           UserVectors::Open(*user_file, dimension()));
  BenchPlan plan;
  const SteadyTime start = Clock::Real().Steady();
  const RecallSample sample(*vectors_, *users, {.depth = options.k});
  plan.stop_share = TuneStopShare(index(), sample, kRecallTarget);
  cell_parts_.stop_share = plan.stop_share.parameter;
  MARQUEE_RETURN_IF_ERROR(PutCells());
  if (!graph_->empty()) {
    plan.width_per_k = TuneWidth(index(), sample, kRecallTarget);
    graph_parts_.width_per_k = plan.width_per_k->parameter;
    MARQUEE_RETURN_IF_ERROR(PutGraph());
  }
  plan.plan = ChoosePlan(MeasureCosts(index(), *users, options.k));
  plan.seconds = SecondsSince(start);
  plan_ = plan;
  return absl::OkStatus();
}

}  // namespace marquee
