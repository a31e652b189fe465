#include "offline/build/retrieval_sections.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "core/users/user_vectors.h"
#include "marquee/config/manifest.pb.h"
#include "offline/build/cell_choice.h"
#include "offline/build/recall_sample.h"
#include "offline/build/tuning.h"
#include "offline/formats/progress.h"

namespace marquee {
namespace {

constexpr size_t kRecallDepth = 500;

// Makes a section in memory, to measure it before it is written.
template <typename Write>
absl::StatusOr<std::unique_ptr<const ArrayFile>> InMemory(Write write) {
  MARQUEE_ASSIGN_OR_RETURN(const auto out, ArrayFileWriter::CreateInMemory());
  write(*out);
  return out->FinishInMemory();
}

// Holds the complete sections and a sample of queries.
class EngineWriter {
 public:
  EngineWriter(const RetrievalOptions& options, SnapshotWriter& out)
      : options_(options), out_(out) {}

  absl::Status Open() {
    MARQUEE_ASSIGN_OR_RETURN(vector_file_, out_.OpenSection("item_vectors"));
    MARQUEE_ASSIGN_OR_RETURN(vectors_, ItemVectors::Open(*vector_file_));
    MARQUEE_ASSIGN_OR_RETURN(code_file_, out_.OpenSection("item_codes"));
    MARQUEE_ASSIGN_OR_RETURN(
        codes_,
        ItemCodes::Open(*code_file_, vectors_->size(), vectors_->dimension()));
    MARQUEE_ASSIGN_OR_RETURN(user_file_, out_.OpenSection("user_vectors"));
    MARQUEE_ASSIGN_OR_RETURN(
        users_, UserVectors::Open(*user_file_, vectors_->dimension()));
    RecallSample::Options sample{.depth = kRecallDepth,
                                 .threads = options_.threads};
    Progress progress("finding exact answers", sample.users + sample.items,
                      "queries");
    sample.progress = [&](size_t begun) { progress.Update(begun); };
    sample_ = std::make_unique<RecallSample>(*vectors_, *users_, sample);
    progress.Update(sample_->queries());
    return absl::OkStatus();
  }

  absl::Status WriteCells(const std::vector<uint32_t>& begins) {
    CellParts parts =
        DescribeCells(vectors_->values(), vectors_->dimension(), begins);
    MARQUEE_ASSIGN_OR_RETURN(cell_file_, InMemory([&](ArrayFileWriter& out) {
                               WriteItemCells(parts, out);
                             }));
    MARQUEE_ASSIGN_OR_RETURN(
        cells_,
        ItemCells::Open(*cell_file_, vectors_->size(), vectors_->dimension()));
    // This engine does not need a graph.
    MARQUEE_ASSIGN_OR_RETURN(const auto none,
                             InMemory([](ArrayFileWriter& out) {
                               WriteGraph({.max_degree = 1}, out);
                             }));
    MARQUEE_ASSIGN_OR_RETURN(const auto graph,
                             Graph::Open(*none, vectors_->size()));
    const Tuned tuned = TuneStopShare({*vectors_, *codes_, *cells_, *graph},
                                      *sample_, options_.recall);
    MARQUEE_RETURN_IF_ERROR(
        Record("cells", tuned,
               "the values of a vector differ too much for 8 bits each"));
    parts.stop_share = tuned.parameter;
    return out_.WriteSection("item_cells", [&](ArrayFileWriter& out) {
      WriteItemCells(parts, out);
      return absl::OkStatus();
    });
  }

  absl::Status WriteGraphSection() {
    // Without items: the section of a snapshot that has no graph.
    GraphParts parts{.max_degree = 1};
    if (options_.graph) {
      absl::StatusOr<GraphParts> graph = BuildAndTune();
      if (graph.ok()) {
        parts = *std::move(graph);
      } else if (options_.graph_may_be_left_out &&
                 absl::IsFailedPrecondition(graph.status())) {
        warnings_.push_back(
            absl::StrCat("the graph is left out: ", graph.status().message()));
      } else {
        return graph.status();
      }
    }
    return out_.WriteSection("graph", [&](ArrayFileWriter& out) {
      WriteGraph(parts, out);
      return absl::OkStatus();
    });
  }

  std::vector<std::string> TakeWarnings() { return std::move(warnings_); }

 private:
  absl::StatusOr<GraphParts> BuildAndTune() {
    Progress progress("building the graph", vectors_->size(), "items");
    GraphOptions options = *options_.graph;
    options.threads = options_.threads;
    options.seed = options_.seed;
    options.progress = [&](size_t done) { progress.Update(done); };
    MARQUEE_ASSIGN_OR_RETURN(GraphParts parts, BuildGraph(*vectors_, options));
    progress.Update(vectors_->size());
    MARQUEE_ASSIGN_OR_RETURN(
        const auto file,
        InMemory([&](ArrayFileWriter& out) { WriteGraph(parts, out); }));
    MARQUEE_ASSIGN_OR_RETURN(const auto graph,
                             Graph::Open(*file, vectors_->size()));
    const Tuned tuned = TuneWidth({*vectors_, *codes_, *cells_, *graph},
                                  *sample_, options_.recall);
    MARQUEE_RETURN_IF_ERROR(
        Record("graph", tuned,
               "build it with more --links or a larger --build-width"));
    parts.width_per_k = tuned.parameter;
    return parts;
  }

  // `advice`: what to do if the recall is too low.
  absl::Status Record(const std::string& engine, const Tuned& tuned,
                      const char* advice) {
    if (tuned.recall < options_.recall) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "the engine '%s' finds %.6g of the best %d on %d users and items, "
          "less than --recall %g: %s",
          engine, tuned.recall, sample_->depth(), sample_->queries(),
          options_.recall, advice));
    }
    config::Manifest::MeasuredEngine& measured = *out_.manifest().add_engines();
    measured.set_name(engine);
    measured.set_recall(tuned.recall);
    measured.set_parameter(tuned.parameter);
    return absl::OkStatus();
  }

  const RetrievalOptions& options_;
  SnapshotWriter& out_;
  std::unique_ptr<const ArrayFile> vector_file_, code_file_, user_file_,
      cell_file_;
  std::unique_ptr<const ItemVectors> vectors_;
  std::unique_ptr<const ItemCodes> codes_;
  std::unique_ptr<const UserVectors> users_;
  std::unique_ptr<const ItemCells> cells_;
  std::unique_ptr<const RecallSample> sample_;
  std::vector<std::string> warnings_;
};

}  // namespace

CellAssignment PartitionItems(std::span<const float> values, size_t dimension,
                              std::span<const float> queries,
                              const RetrievalOptions& options) {
  const size_t items = values.size() / dimension;
  Progress progress("finding cells of neighbours", items, "items");
  const CellDemand demand{
      .queries = queries, .depth = kRecallDepth, .share = options.recall};
  return ChooseCells(values, dimension, demand,
                     {.seed = options.seed,
                      .threads = options.threads,
                      .progress = [&](double share) {
                        progress.Update(static_cast<uint64_t>(
                            share * static_cast<double>(items)));
                      }});
}

absl::Status WriteCodeSection(std::span<const float> values, size_t dimension,
                              SnapshotWriter& out) {
  return out.WriteSection("item_codes", [&](ArrayFileWriter& section) {
    WriteItemCodes(values, dimension, section);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<std::string>> WriteEngineSections(
    const std::vector<uint32_t>& begins, const RetrievalOptions& options,
    SnapshotWriter& out) {
  EngineWriter writer(options, out);
  MARQUEE_RETURN_IF_ERROR(writer.Open());
  MARQUEE_RETURN_IF_ERROR(writer.WriteCells(begins));
  MARQUEE_RETURN_IF_ERROR(writer.WriteGraphSection());
  return writer.TakeWarnings();
}

}  // namespace marquee
