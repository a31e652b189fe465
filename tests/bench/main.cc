// marquee-bench: measures the stages on the caller's own files, or on vectors
// that it makes, beside peers.
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "core/base/request_limits.h"
#include "core/base/version.h"
#include "core/rerank/policy.h"
#include "offline/command_line/command.h"
#include "offline/command_line/value_check.h"
#include "tests/bench/clustered_vectors.h"
#include "tests/bench/rank_stage_bench.h"
#include "tests/bench/ranking_bench.h"
#include "tests/bench/retrieval_bench.h"
#include "tests/bench/rules_bench.h"
#include "tests/bench/sources_bench.h"

namespace marquee {
namespace {

constexpr const char* kBenchMemories[] = {"mapped", "huge_pages"};

struct RetrievalCall {
  RetrievalBenchOptions options;
  std::string memory = kBenchMemories[0];
};

struct RankingCall {
  RankingBenchOptions options;
  std::string snapshot;
};

absl::Status BenchRankingOf(const RankingCall& call) {
  if (!call.snapshot.empty()) {
    return BenchRankStage({.snapshot = call.snapshot,
                           .rows = call.options.rows,
                           .count = call.options.count});
  }
  if (!call.options.model.empty()) return BenchRanking(call.options);
  return absl::InvalidArgumentError(
      "ranking: --model or --snapshot is required");
}

// What is measured.
void AddWorkload(Command retrieval, RetrievalBenchOptions& options) {
  retrieval.AddOption("--items", options.items, ".npy: vectors of items")
      .Required();
  retrieval.AddOption("--queries", options.queries, ".npy: vectors of users")
      .Required();
  retrieval.AddOption("--k", options.k)
      .Check(WholeNumber(1, 100'000))
      .ShowDefault();
  retrieval.AddOption("--count", options.count, "queries to measure")
      .Check(WholeNumber(1, 1'000'000))
      .ShowDefault();
  retrieval
      .AddOption("--threads", options.threads,
                 "that search at once; several numbers: one after another")
      .Split(',')
      .Check(WholeNumber(1, kMostBenchThreads))
      .ShowDefault();
  retrieval
      .AddOption("--selectivity", options.selectivities,
                 "shares of the items that are eligible")
      .Split(',')
      .Check(RealNumber(0, 1))
      .ShowDefault();
  retrieval
      .AddOption("--filters", options.filters,
                 "which items are eligible: at random, or those with two "
                 "attributes, one of them like a genre")
      .Split(',')
      .Check(OneOf(kBenchFilters))
      .ShowDefault();
}

// What is compared.
void AddEngines(Command retrieval, RetrievalCall& call) {
  RetrievalBenchOptions& options = call.options;
  retrieval
      .AddOption("--engines", options.engines,
                 "planned: with the graph when graph is named too; hnswlib: "
                 "unfiltered only")
      .Split(',')
      .Check(OneOf(kBenchEngines))
      .ShowDefault();
  retrieval.AddOption("--links", options.links, "of the graphs")
      .Check(WholeNumber(4, 128))
      .ShowDefault();
  retrieval.AddOption("--build-width", options.build_width, "of the graphs")
      .Check(WholeNumber(4, 10'000))
      .ShowDefault();
  retrieval.AddOption("--memory", call.memory, "of what our engines read")
      .Check(OneOf(kBenchMemories))
      .ShowDefault();
}

void AddRanking(Command ranking, RankingCall& call) {
  RankingBenchOptions& options = call.options;
  ranking.AddOption("--model", options.model,
                    "LightGBM text, XGBoost JSON or UBJSON, of one output: our "
                    "engines beside XGBoost's library; max_abs_difference is "
                    "from the raw scores of the reference");
  ranking.AddOption("--snapshot", call.snapshot,
                    "instead of --model, the ranking stage of a server, "
                    "features included; rows is the mean of candidates of a "
                    "request");
  ranking.Exclude("--model", "--snapshot");
  ranking
      .AddOption("--engines", options.engines,
                 "bit_sliced: on each instruction set of this processor")
      .Split(',')
      .Check(OneOf(kRankingEngines))
      .ShowDefault();
  ranking.AddOption("--rows", options.rows, "candidates of a request")
      .Check(WholeNumber(1, 100'000))
      .ShowDefault();
  ranking.AddOption("--count", options.count, "requests to measure")
      .Check(WholeNumber(1, 1'000'000))
      .ShowDefault();
}

void AddRules(Command rules, RulesBenchOptions& options) {
  rules
      .AddOption("--snapshot", options.snapshot,
                 "a version, or the directory of the versions: its users, "
                 "its items, its policy")
      .Required();
  rules.AddOption("--filter", options.filter,
                  "of the requests, for example genre=Drama");
  rules.AddOption("--limits", options.limits, "items of a list")
      .Split(',')
      .Check(WholeNumber(1, kMaxLimit))
      .ShowDefault();
  rules.AddOption("--count", options.count, "requests of each limit")
      .Check(WholeNumber(1, 1'000'000))
      .ShowDefault();
}

void AddVectors(Command vectors, ClusteredVectorsOptions& options) {
  const auto number = [&](const char* name, auto& value, const char* what,
                          uint64_t most) {
    vectors.AddOption(name, value, what)
        .Check(WholeNumber(1, most))
        .ShowDefault();
  };
  number("--items", options.items, "", 100'000'000);
  number("--users", options.users, "", 100'000'000);
  number("--dimension", options.dimension, "", 1024);
  number("--clusters", options.clusters, "of directions", 1'000'000);
  vectors
      .AddOption("--sigma", options.sigma,
                 "of the logarithm of the items' lengths; 0: all are 1")
      .Check(RealNumber(0, 2))
      .ShowDefault();
  vectors.AddOption("--seed", options.seed, "equal options give equal vectors")
      .Check(Seed())
      .ShowDefault();
  vectors.AddOption("--out", options.directory, "the folder to write")
      .Required();
}

void RegisterRetrieval(Command program) {
  Command retrieval = program.Add("retrieval", "The best k by inner product");
  const auto call = std::make_shared<RetrievalCall>();
  AddWorkload(retrieval, call->options);
  AddEngines(retrieval, *call);
  retrieval.Does([call] {
    call->options.memory = call->memory == kBenchMemories[0]
                               ? Placement::kMapped
                               : Placement::kHugePages;
    return BenchRetrieval(call->options);
  });
}

void RegisterRanking(Command program) {
  Command ranking = program.Add("ranking", "The scores of a tree ensemble");
  const auto call = std::make_shared<RankingCall>();
  AddRanking(ranking, *call);
  ranking.Does([call] { return BenchRankingOf(*call); });
}

void RegisterRules(Command program) {
  Command rules = program.Add(
      "rules", "The last stage, filling up included, on a snapshot");
  const auto options = std::make_shared<RulesBenchOptions>();
  AddRules(rules, *options);
  rules.Does([options] { return BenchRules(*options); });
}

void RegisterSources(Command program) {
  Command sources = program.Add(
      "sources", "The first stage with one source of candidates and with all");
  const auto options = std::make_shared<SourcesBenchOptions>();
  sources
      .AddOption("--snapshot", options->snapshot,
                 "a version, or the directory of the versions: its users, its "
                 "items, its policy")
      .Required();
  sources.AddOption("--candidates", options->candidates, "of a request")
      .Check(WholeNumber(kMinCandidates, kMaxCandidates))
      .ShowDefault();
  sources.AddOption("--count", options->count, "users")
      .Check(WholeNumber(1, 1'000'000))
      .ShowDefault();
  sources.Does([options] { return BenchSources(*options); });
}

void RegisterVectors(Command program) {
  Command vectors = program.Add(
      "vectors",
      "Writes item_embeddings.npy and user_embeddings.npy: clustered "
      "directions, lognormal lengths");
  const auto options = std::make_shared<ClusteredVectorsOptions>();
  AddVectors(vectors, *options);
  vectors.Does([options] { return WriteClusteredVectors(*options); });
}

void RegisterAll(Command program) {
  RegisterRetrieval(program);
  RegisterRanking(program);
  RegisterRules(program);
  RegisterSources(program);
  RegisterVectors(program);
}

}  // namespace
}  // namespace marquee

int main(int argc, char** argv) {
  return marquee::RunProgram(
      {.name = "marquee-bench",
       .what = "measures the stages of marquee-server beside their peers, and "
               "prints JSON",
       .version = std::string(marquee::Version())},
      marquee::RegisterAll, argc, argv);
}
