#include "tests/bench/contenders.h"

#include <array>
#include <cmath>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/time.h"
#include "core/base/check.h"
#include "core/base/clock.h"
#include "core/retrieval/cell_scan.h"
#include "core/retrieval/graph_search.h"
#include "core/retrieval/planner.h"
#include "tests/bench/hnswlib_peer.h"

namespace marquee {
namespace {

using Json = nlohmann::ordered_json;

void TakeRows(size_t found, Answer& answer) {
  answer.found = found;
  for (size_t i = 0; i < found; ++i) {
    answer.rows[i] = Index(answer.candidates[i].row);
  }
}

// 0.02, not 0.019999999552965164.
double Rounded(double parameter) { return std::round(parameter * 1e5) / 1e5; }

class Maker {
 public:
  Maker(const BenchIndex& index, const RetrievalBenchOptions& options)
      : index_(index), options_(options), exact_(Cells(0)) {}

  void Add(const std::string& engine) {
    if (engine == "exact") {
      AddExact();
    } else if (engine == "cells") {
      for (const double share : {0.08, 0.04, 0.02, 0.01, 0.005}) {
        AddRetriever({.engine = engine,
                      .parameters = {{"stop_share", share}},
                      .build_seconds = index_.cell_seconds(),
                      .bytes = index_.scan_bytes()},
                     Cells(share));
      }
    } else if (engine == "graph") {
      AddGraph();
    } else if (engine == "planned") {
      AddPlanned();
    } else {
      MARQUEE_CHECK(engine == "hnswlib");
      AddHnswlib();
    }
  }

  std::vector<Contender> Take() { return std::move(contenders_); }

 private:
  std::shared_ptr<const CellScan> Cells(double stop_share) const {
    const RetrievalIndex index = index_.index();
    return std::make_shared<CellScan>(
        index.vectors, index.codes, index.cells,
        CellScan::Options{.stop_share = static_cast<float>(stop_share)});
  }

  // `pick`: the engine for a query.
  template <typename Pick>
  void AddOfOurs(Contender contender, Pick pick) {
    contender.memory = std::string(PlacementName(options_.memory));
    contender.search = [pick](std::span<const RetrievalQuery> queries,
                              std::span<Answer> answers) {
      Answer& answer = answers[0];
      TakeRows(pick(queries[0])
                   .Retrieve(queries[0], answer.scratch, answer.candidates),
               answer);
    };
    contenders_.push_back(std::move(contender));
  }

  void AddRetriever(Contender contender,
                    std::shared_ptr<const Retriever> retriever) {
    AddOfOurs(std::move(contender),
              [retriever](const RetrievalQuery&) -> const Retriever& {
                return *retriever;
              });
  }

  void AddExact() {
    AddRetriever({.engine = "exact",
                  .parameters = {{"stop_share", 0}},
                  .bytes = index_.scan_bytes()},
                 exact_);
    for (const size_t together : {size_t{2}, Contender::kMostTogether}) {
      contenders_.push_back(
          {.engine = "exact",
           .parameters = {{"together", together}},
           .bytes = index_.scan_bytes(),
           .memory = std::string(PlacementName(options_.memory)),
           .together = together,
           .search = [exact = exact_](std::span<const RetrievalQuery> queries,
                                      std::span<Answer> answers) {
             std::array<SharedQuery, Contender::kMostTogether> shared;
             for (size_t i = 0; i < queries.size(); ++i) {
               shared[i] = {.query = queries[i],
                            .scratch = &answers[i].scratch,
                            .out = answers[i].candidates};
             }
             exact->RetrieveTogether(std::span(shared).first(queries.size()));
             for (size_t i = 0; i < queries.size(); ++i) {
               TakeRows(shared[i].found, answers[i]);
             }
           }});
    }
  }

  void AddGraph() {
    const RetrievalIndex index = index_.index();
    for (const double width : {1.0, 1.3, 1.6, 2.0}) {
      const auto walk = std::make_shared<GraphSearch>(
          index.graph, index.vectors, index.codes, *exact_,
          GraphSearch::Options{.width_per_k = static_cast<float>(width)});
      AddOfOurs(
          {.engine = "graph",
           .parameters = {{"width_per_k", width}},
           .build_seconds = index_.graph_seconds(),
           .bytes = index_.graph_bytes()},
          // The walk refers to the exact engine.
          [walk, exact = exact_](const RetrievalQuery&) -> const Retriever& {
            return *walk;
          });
    }
  }

  void AddPlanned() {
    const BenchPlan& plan = *index_.plan();
    Json parameters = {{"plan", plan.plan.ToString()},
                       {"stop_share", Rounded(plan.stop_share.parameter)},
                       {"stop_share_recall", Rounded(plan.stop_share.recall)}};
    if (plan.width_per_k) {
      parameters["width_per_k"] = Rounded(plan.width_per_k->parameter);
      parameters["width_recall"] = Rounded(plan.width_per_k->recall);
    }
    const bool walks = plan.plan.Uses(RetrievalEngine::kGraph);
    const auto planner =
        std::make_shared<const RetrievalPlanner>(index_.index(), plan.plan);
    AddOfOurs(
        {.engine = "planned",
         .parameters = std::move(parameters),
         .build_seconds = plan.seconds,
         .bytes = index_.scan_bytes() + (walks ? index_.graph_bytes() : 0)},
        [planner](const RetrievalQuery& query) -> const Retriever& {
          return planner->engine(planner->Pick(query.eligible_count));
        });
  }

  void AddHnswlib() {
    const SteadyTime start = Clock::Real().Steady();
    const std::shared_ptr<HnswlibPeer> peer(
        HnswlibPeerBuild(index_.index().vectors.values().data(), index_.items(),
                         index_.dimension(), options_.links,
                         options_.build_width,
                         std::thread::hardware_concurrency()),
        HnswlibPeerFree);
    const double seconds =
        absl::ToDoubleSeconds(Clock::Real().Steady() - start);
    for (const double width_per_k : {1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 14.0}) {
      const auto width =
          static_cast<size_t>(width_per_k * static_cast<double>(options_.k));
      contenders_.push_back(
          {.engine = "hnswlib",
           .parameters = {{"ef", width}},
           .build_seconds = seconds,
           .bytes = HnswlibPeerBytes(peer.get()),
           .filters = false,
           .prepare = [peer, width] { HnswlibPeerSetWidth(peer.get(), width); },
           .search =
               [peer](std::span<const RetrievalQuery> queries,
                      std::span<Answer> answers) {
                 answers[0].found =
                     HnswlibPeerSearch(peer.get(), queries[0].vector.data(),
                                       queries[0].k, answers[0].rows.data());
               }});
    }
  }

  const BenchIndex& index_;
  const RetrievalBenchOptions& options_;
  const std::shared_ptr<const CellScan> exact_;
  std::vector<Contender> contenders_;
};

}  // namespace

std::vector<Contender> MakeContenders(const BenchIndex& index,
                                      const RetrievalBenchOptions& options) {
  Maker maker(index, options);
  for (const std::string& engine : options.engines) maker.Add(engine);
  return maker.Take();
}

}  // namespace marquee
