// marquee-bench: measures the stages on the caller's own files, or on vectors
// that it makes, beside peers.
#include <algorithm>
#include <cstdio>
#include <span>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/rerank/policy.h"
#include "offline/cli/real_number.h"
#include "offline/cli/whole_number.h"
#include "tests/bench/clustered_vectors.h"
#include "tests/bench/rank_stage_bench.h"
#include "tests/bench/ranking_bench.h"
#include "tests/bench/retrieval_bench.h"
#include "tests/bench/rules_bench.h"

namespace marquee {
namespace {

constexpr const char* kBenchMemories[] = {"mapped", "huge_pages"};

CLI::Validator OneOf(std::span<const char* const> names) {
  const std::string known = absl::StrJoin(names, ", ");
  const auto check = [=](const std::string& text) {
    const bool found =
        std::find(names.begin(), names.end(), text) != names.end();
    return found ? std::string()
                 : absl::StrCat("is '", text, "', must be of ", known);
  };
  return CLI::Validator(check, known);
}

// What is measured.
void AddWorkload(CLI::App& retrieval, RetrievalBenchOptions& options) {
  retrieval.add_option("--items", options.items, ".npy: vectors of titles")
      ->required();
  retrieval.add_option("--queries", options.queries, ".npy: vectors of users")
      ->required();
  retrieval.add_option("--k", options.k)
      ->check(WholeNumber(1, 100'000))
      ->capture_default_str();
  retrieval.add_option("--count", options.count, "queries to measure")
      ->check(WholeNumber(1, 1'000'000))
      ->capture_default_str();
  retrieval
      .add_option("--threads", options.threads,
                  "that search at once; several numbers: one after another")
      ->delimiter(',')
      ->check(WholeNumber(1, kMostBenchThreads))
      ->capture_default_str();
  retrieval
      .add_option("--selectivity", options.selectivities,
                  "shares of the titles that are eligible")
      ->delimiter(',')
      ->check(RealNumber(0, 1))
      ->capture_default_str();
  retrieval
      .add_option("--filters", options.filters,
                  "which titles are eligible: at random, or those with two "
                  "attributes, one of them like a genre")
      ->delimiter(',')
      ->check(OneOf(kBenchFilters))
      ->capture_default_str();
}

// What is compared.
void AddEngines(CLI::App& retrieval, RetrievalBenchOptions& options) {
  retrieval
      .add_option("--engines", options.engines,
                  "planned: with the graph when graph is named too; hnswlib: "
                  "unfiltered only")
      ->delimiter(',')
      ->check(OneOf(kBenchEngines))
      ->capture_default_str();
  retrieval.add_option("--links", options.links, "of the graphs")
      ->check(WholeNumber(4, 128))
      ->capture_default_str();
  retrieval.add_option("--build-width", options.build_width, "of the graphs")
      ->check(WholeNumber(4, 10'000))
      ->capture_default_str();
  retrieval
      .add_option_function<std::string>(
          "--memory",
          [&](const std::string& name) {
            options.memory = name == kBenchMemories[0] ? Placement::kMapped
                                                       : Placement::kHugePages;
          },
          "of what our engines read")
      ->check(OneOf(kBenchMemories))
      ->default_str(kBenchMemories[0]);
}

void AddRanking(CLI::App& ranking, RankingBenchOptions& options,
                std::string& snapshot) {
  CLI::Option_group* const what = ranking.add_option_group("what");
  what->add_option("--model", options.model,
                   "LightGBM text, XGBoost JSON or UBJSON, of one output: our "
                   "engines beside XGBoost's library; max_abs_difference is "
                   "from the raw scores of the reference");
  what->add_option("--snapshot", snapshot,
                   "the ranking stage of a server, features included; rows "
                   "is the mean of candidates of a request");
  what->require_option(1);
  ranking
      .add_option("--engines", options.engines,
                  "bit_sliced: on each instruction set of this processor")
      ->delimiter(',')
      ->check(OneOf(kRankingEngines))
      ->capture_default_str();
  ranking.add_option("--rows", options.rows, "candidates of a request")
      ->check(WholeNumber(1, 100'000))
      ->capture_default_str();
  ranking.add_option("--count", options.count, "requests to measure")
      ->check(WholeNumber(1, 1'000'000))
      ->capture_default_str();
}

void AddRules(CLI::App& rules, RulesBenchOptions& options) {
  rules
      .add_option("--snapshot", options.snapshot,
                  "a version, or the directory of the versions: its users, "
                  "its titles, its policy")
      ->required();
  rules.add_option("--filter", options.filter,
                   "of the requests, for example genre=Drama");
  rules.add_option("--limits", options.limits, "titles of a list")
      ->delimiter(',')
      ->check(WholeNumber(1, kMaxLimit))
      ->capture_default_str();
  rules.add_option("--count", options.count, "requests of each limit")
      ->check(WholeNumber(1, 1'000'000))
      ->capture_default_str();
}

void AddVectors(CLI::App& vectors, ClusteredVectorsOptions& options) {
  const auto number = [&](const char* name, auto& value, const char* what,
                          uint64_t most) {
    vectors.add_option(name, value, what)
        ->check(WholeNumber(1, most))
        ->capture_default_str();
  };
  number("--titles", options.titles, "", 100'000'000);
  number("--users", options.users, "", 100'000'000);
  number("--dimension", options.dimension, "", 1024);
  number("--clusters", options.clusters, "of directions", 1'000'000);
  vectors
      .add_option("--sigma", options.sigma,
                  "of the logarithm of the titles' lengths; 0: all are 1")
      ->check(RealNumber(0, 2))
      ->capture_default_str();
  vectors
      .add_option("--seed", options.seed, "equal options give equal vectors")
      ->check(Seed())
      ->capture_default_str();
  vectors.add_option("--out", options.directory, "the folder to write")
      ->required();
}

int Main(int argc, char** argv) {
  CLI::App app{
      "marquee-bench: measures the stages of marquee-server beside their "
      "peers, and prints JSON"};
  app.require_subcommand(1);
  CLI::App* const retrieval =
      app.add_subcommand("retrieval", "The best k by inner product");
  RetrievalBenchOptions options;
  AddWorkload(*retrieval, options);
  AddEngines(*retrieval, options);
  CLI::App* const ranking =
      app.add_subcommand("ranking", "The scores of a tree ensemble");
  RankingBenchOptions ranking_options;
  std::string snapshot;
  AddRanking(*ranking, ranking_options, snapshot);
  CLI::App* const rules = app.add_subcommand(
      "rules", "The last stage, filling up included, on a snapshot");
  RulesBenchOptions rules_options;
  AddRules(*rules, rules_options);
  CLI::App* const vectors = app.add_subcommand(
      "vectors",
      "Writes item_embeddings.npy and user_embeddings.npy: clustered "
      "directions, lognormal lengths");
  ClusteredVectorsOptions vector_options;
  AddVectors(*vectors, vector_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  absl::Status status;
  if (vectors->parsed()) {
    status = WriteClusteredVectors(vector_options);
  } else if (retrieval->parsed()) {
    status = BenchRetrieval(options);
  } else if (rules->parsed()) {
    status = BenchRules(rules_options);
  } else if (snapshot.empty()) {
    status = BenchRanking(ranking_options);
  } else {
    status = BenchRankStage({.snapshot = snapshot,
                             .rows = ranking_options.rows,
                             .count = ranking_options.count});
  }
  if (status.ok() && std::fflush(stdout) != 0) {
    status = absl::DataLossError("standard output can not be written");
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "marquee-bench: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace marquee

int main(int argc, char** argv) { return marquee::Main(argc, argv); }
