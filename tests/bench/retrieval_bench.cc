#include "tests/bench/retrieval_bench.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/array_file.h"
#include "core/base/status_macros.h"
#include "core/retrieval/cell_builder.h"
#include "core/retrieval/cell_scan.h"
#include "core/retrieval/exact_scan.h"
#include "core/retrieval/graph.h"
#include "core/retrieval/graph_builder.h"
#include "core/retrieval/graph_search.h"
#include "nlohmann/json.hpp"
#include "offline/data/npy.h"
#include "tests/bench/hnswlib_peer.h"

namespace marquee {
namespace {

using Json = nlohmann::ordered_json;

std::vector<float> AllRows(const NpyMatrix& matrix) {
  std::vector<float> values(matrix.rows() * matrix.dim());
  for (size_t i = 0; i < matrix.rows(); ++i) {
    matrix.CopyRow(i,
                   std::span(values).subspan(i * matrix.dim(), matrix.dim()));
  }
  return values;
}

struct Filter {
  double selectivity = 1;
  std::vector<uint64_t> eligible;
  size_t count = 0;
};

Filter MakeFilter(size_t titles, double selectivity) {
  std::mt19937_64 random(5);
  std::bernoulli_distribution is_eligible(selectivity);
  Filter filter{.selectivity = selectivity,
                .eligible = std::vector<uint64_t>(BitmapWords(titles), 0)};
  for (uint32_t row = 0; row < titles; ++row) {
    if (is_eligible(random)) SetBit(filter.eligible, row);
  }
  filter.count = CountBits(filter.eligible);
  return filter;
}

// One engine with one set of parameters.
struct Contender {
  std::string engine;
  Json parameters = Json::object();
  double build_seconds = 0;
  size_t bytes = 0;
  std::string memory = "its own";
  bool filters = true;
  // Writes the rows found, best first.
  std::function<size_t(std::span<const float>, const Filter&,
                       std::span<uint32_t>)>
      search;
};

struct Measured {
  std::vector<double> ms;
  // Hits and size of the truth, by rank: 1-50, 51-200, 201 and later.
  size_t hits[3] = {};
  size_t owed[3] = {};
};

size_t Band(size_t rank) { return rank < 50 ? 0 : rank < 200 ? 1 : 2; }

void Count(std::span<const Candidate> truth, std::span<const uint32_t> found,
           Measured& measured) {
  const absl::flat_hash_set<uint32_t> rows(found.begin(), found.end());
  for (size_t i = 0; i < truth.size(); ++i) {
    ++measured.owed[Band(i)];
    measured.hits[Band(i)] += rows.contains(Index(truth[i].row)) ? 1 : 0;
  }
}

double Share(size_t hits, size_t owed) {
  return owed == 0 ? 1 : static_cast<double>(hits) / static_cast<double>(owed);
}

double Percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size());
  return values[std::min(values.size() - 1, static_cast<size_t>(at))];
}

Json Row(const Contender& contender, const Filter& filter,
         const Measured& measured, const RetrievalBenchOptions& options) {
  const auto [hits, owed] = std::pair(measured.hits, measured.owed);
  return {{"engine", contender.engine},
          {"parameters", contender.parameters},
          {"selectivity", filter.selectivity},
          {"eligible", filter.count},
          {"k", options.k},
          {"recall",
           Share(hits[0] + hits[1] + hits[2], owed[0] + owed[1] + owed[2])},
          {"recall_1_50", Share(hits[0], owed[0])},
          {"recall_51_200", Share(hits[1], owed[1])},
          {"recall_201_500", Share(hits[2], owed[2])},
          {"p50_ms", Percentile(measured.ms, 0.5)},
          {"p99_ms", Percentile(measured.ms, 0.99)},
          {"build_s", contender.build_seconds},
          {"bytes", contender.bytes},
          {"memory", contender.memory},
          {"queries", measured.ms.size()},
          {"threads", 1}};
}

class Bench {
 public:
  explicit Bench(const RetrievalBenchOptions& options) : options_(options) {}

  absl::Status Run() {
    MARQUEE_RETURN_IF_ERROR(Load());
    for (const std::string& engine : options_.engines) {
      MARQUEE_RETURN_IF_ERROR(Add(engine));
    }
    Json rows = Json::array();
    for (const double selectivity : options_.selectivities) {
      Measure(MakeFilter(vectors_->size(), selectivity), rows);
    }
    std::printf("%s\n", rows.dump(1).c_str());
    return absl::OkStatus();
  }

 private:
  // A section that lives in memory.
  template <typename Write>
  absl::StatusOr<std::unique_ptr<const ArrayFile>> InMemory(Write write) const {
    MARQUEE_ASSIGN_OR_RETURN(const auto out, ArrayFileWriter::CreateInMemory());
    MARQUEE_RETURN_IF_ERROR(write(*out));
    return out->FinishInMemory(options_.memory);
  }

  // Reads the vectors, and puts the titles in the order of their cells, as a
  // snapshot does.
  absl::Status Load() {
    MARQUEE_ASSIGN_OR_RETURN(const auto items, NpyMatrix::Open(options_.items));
    MARQUEE_ASSIGN_OR_RETURN(queries_, NpyMatrix::Open(options_.queries));
    dimension_ = items->dim();
    if (queries_->dim() != dimension_ || dimension_ > 1024) {
      return absl::InvalidArgumentError(
          absl::StrCat(options_.items, " has vectors of ", dimension_, ", ",
                       options_.queries, " of ", queries_->dim(),
                       ": must be the same, at most 1024"));
    }
    const std::vector<float> values = AllRows(*items);
    const absl::Time start = absl::Now();
    const CellAssignment cells = BuildCells(values, dimension_, {});
    std::vector<float> ordered;
    for (const uint32_t row : cells.order) {
      const auto first = values.begin() + ptrdiff_t(row * dimension_);
      ordered.insert(ordered.end(), first, first + ptrdiff_t(dimension_));
    }
    cell_seconds_ = absl::ToDoubleSeconds(absl::Now() - start);
    MARQUEE_ASSIGN_OR_RETURN(vector_file_, InMemory([&](ArrayFileWriter& out) {
                               return WriteItemVectors(ordered, dimension_,
                                                       nullptr, out);
                             }));
    MARQUEE_ASSIGN_OR_RETURN(vectors_, ItemVectors::Open(*vector_file_));
    MARQUEE_ASSIGN_OR_RETURN(code_file_, InMemory([&](ArrayFileWriter& out) {
                               WriteItemCodes(ordered, dimension_, out);
                               return absl::OkStatus();
                             }));
    MARQUEE_ASSIGN_OR_RETURN(
        codes_, ItemCodes::Open(*code_file_, vectors_->size(), dimension_));
    MARQUEE_ASSIGN_OR_RETURN(
        cell_file_, InMemory([&](ArrayFileWriter& out) {
          WriteItemCells(DescribeCells(ordered, dimension_, cells.begins), out);
          return absl::OkStatus();
        }));
    MARQUEE_ASSIGN_OR_RETURN(
        cells_, ItemCells::Open(*cell_file_, vectors_->size(), dimension_));
    exact_ = std::make_unique<CellScan>(*vectors_, *codes_, *cells_,
                                        CellScan::Options{.name = "exact"});
    scratch_ = std::make_unique<RetrievalScratch>(vectors_->size());
    return absl::OkStatus();
  }

  absl::Status Add(const std::string& engine) {
    if (engine == "exact") {
      AddCells("exact", 0);
    } else if (engine == "cells") {
      for (const float share : {0.08f, 0.04f, 0.02f, 0.01f, 0.005f}) {
        AddCells("cells", share);
      }
    } else if (engine == "graph") {
      return AddGraph();
    } else if (engine == "hnswlib") {
      AddHnswlib();
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          "--engines '", engine, "': must be of exact, cells, graph, hnswlib"));
    }
    return absl::OkStatus();
  }

  // Engines of ours, which filter.
  void AddRetriever(std::string engine, Json parameters, double build_seconds,
                    size_t bytes, std::shared_ptr<const Retriever> retriever) {
    contenders_.push_back(
        {.engine = std::move(engine),
         .parameters = std::move(parameters),
         .build_seconds = build_seconds,
         .bytes = bytes,
         .memory = std::string(PlacementName(options_.memory)),
         .search = [this, retriever](std::span<const float> query,
                                     const Filter& filter,
                                     std::span<uint32_t> rows) {
           found_.resize(options_.k);
           const size_t count =
               retriever->Retrieve({.vector = query,
                                    .eligible = filter.eligible,
                                    .eligible_count = filter.count,
                                    .k = options_.k},
                                   *scratch_, found_);
           for (size_t i = 0; i < count; ++i) rows[i] = Index(found_[i].row);
           return count;
         }});
  }

  void AddCells(const std::string& name, float stop_share) {
    AddRetriever(name, {{"stop_share", stop_share}},
                 stop_share > 0 ? cell_seconds_ : 0,
                 code_file_->size_bytes() + cell_file_->size_bytes(),
                 std::make_shared<CellScan>(
                     *vectors_, *codes_, *cells_,
                     CellScan::Options{.stop_share = stop_share}));
  }

  absl::Status AddGraph() {
    const absl::Time start = absl::Now();
    MARQUEE_ASSIGN_OR_RETURN(
        const GraphParts parts,
        BuildGraph(*vectors_, {.links = options_.links,
                               .build_width = options_.build_width}));
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    MARQUEE_ASSIGN_OR_RETURN(graph_file_, InMemory([&](ArrayFileWriter& out) {
                               WriteGraph(parts, out);
                               return absl::OkStatus();
                             }));
    MARQUEE_ASSIGN_OR_RETURN(graph_,
                             Graph::Open(*graph_file_, vectors_->size()));
    for (const float width : {1.0f, 1.3f, 1.6f, 2.0f}) {
      AddRetriever("graph", {{"width_per_k", width}}, seconds,
                   graph_file_->size_bytes(),
                   std::make_shared<GraphSearch>(
                       *graph_, *vectors_, *codes_, *exact_,
                       GraphSearch::Options{.width_per_k = width}));
    }
    return absl::OkStatus();
  }

  void AddHnswlib() {
    const absl::Time start = absl::Now();
    peer_.reset(HnswlibPeerBuild(
        vectors_->values().data(), vectors_->size(), dimension_, options_.links,
        options_.build_width, std::thread::hardware_concurrency()));
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    for (const double width_per_k : {1.0, 1.5, 2.0, 3.0, 5.0, 8.0}) {
      const auto width =
          static_cast<size_t>(width_per_k * static_cast<double>(options_.k));
      contenders_.push_back(
          {.engine = "hnswlib",
           .parameters = {{"ef", width}},
           .build_seconds = seconds,
           .bytes = HnswlibPeerBytes(peer_.get()),
           .filters = false,
           .search = [this, width](std::span<const float> query, const Filter&,
                                   std::span<uint32_t> rows) {
             return HnswlibPeerSearch(peer_.get(), query.data(), options_.k,
                                      width, rows.data());
           }});
    }
  }

  struct Query {
    std::vector<float> vector;
    std::vector<Candidate> truth;
  };

  std::vector<Query> MakeQueries(const Filter& filter) {
    const size_t count = std::min(options_.count, queries_->rows());
    const ExactScan oracle(*vectors_);
    std::vector<Query> queries(count);
    for (size_t q = 0; q < count; ++q) {
      Query& query = queries[q];
      query.vector.resize(dimension_);
      queries_->CopyRow(q * queries_->rows() / count, query.vector);
      query.truth.resize(options_.k);
      query.truth.resize(oracle.Retrieve({.vector = query.vector,
                                          .eligible = filter.eligible,
                                          .eligible_count = filter.count,
                                          .k = options_.k},
                                         *scratch_, query.truth));
    }
    return queries;
  }

  // The engines take turns, each with another query than the one before it:
  // none finds the titles that it needs in the cache already.
  void Measure(const Filter& filter, Json& rows) {
    const std::vector<Query> queries = MakeQueries(filter);
    std::vector<Measured> measured(contenders_.size());
    std::vector<uint32_t> found(options_.k);
    const size_t warm = std::min<size_t>(queries.size(), 5);
    for (size_t turn = 0; turn < queries.size() + warm; ++turn) {
      for (size_t c = 0; c < contenders_.size(); ++c) {
        if (!contenders_[c].filters && filter.selectivity < 1) continue;
        const Query& query = queries[(turn + 7 * c) % queries.size()];
        const absl::Time start = absl::Now();
        const size_t got = contenders_[c].search(query.vector, filter, found);
        const absl::Duration time = absl::Now() - start;
        if (turn < warm) continue;
        measured[c].ms.push_back(absl::ToDoubleMilliseconds(time));
        Count(query.truth, std::span(found).first(got), measured[c]);
      }
    }
    for (size_t c = 0; c < contenders_.size(); ++c) {
      if (measured[c].ms.empty()) continue;
      rows.push_back(Row(contenders_[c], filter, measured[c], options_));
    }
  }

  struct FreePeer {
    void operator()(HnswlibPeer* peer) const { HnswlibPeerFree(peer); }
  };

  const RetrievalBenchOptions& options_;
  size_t dimension_ = 0;
  double cell_seconds_ = 0;
  std::unique_ptr<const NpyMatrix> queries_;
  std::unique_ptr<const ArrayFile> vector_file_, code_file_, cell_file_,
      graph_file_;
  std::unique_ptr<const ItemVectors> vectors_;
  std::unique_ptr<const ItemCodes> codes_;
  std::unique_ptr<const ItemCells> cells_;
  std::unique_ptr<const CellScan> exact_;
  std::unique_ptr<const Graph> graph_;
  std::unique_ptr<HnswlibPeer, FreePeer> peer_;
  std::unique_ptr<RetrievalScratch> scratch_;
  std::vector<Candidate> found_;
  std::vector<Contender> contenders_;
};

}  // namespace

absl::Status BenchRetrieval(const RetrievalBenchOptions& options) {
  if (options.k < 1 || options.count < 1) {
    return absl::InvalidArgumentError("--k and --count must be at least 1");
  }
  return Bench(options).Run();
}

}  // namespace marquee
