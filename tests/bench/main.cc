// marquee-bench: measures the stages on the caller's own files, beside peers.
#include <cstdio>
#include <map>
#include <string>

#include "CLI/CLI.hpp"
#include "tests/bench/retrieval_bench.h"

int main(int argc, char** argv) {
  CLI::App app{
      "marquee-bench: measures the stages of marquee-server beside their "
      "peers, and prints JSON"};
  app.require_subcommand(1);
  CLI::App* const retrieval =
      app.add_subcommand("retrieval", "The best k by inner product");
  marquee::RetrievalBenchOptions options;
  retrieval->add_option("--items", options.items, ".npy: vectors of titles")
      ->required();
  retrieval->add_option("--queries", options.queries, ".npy: vectors of users")
      ->required();
  retrieval->add_option("--k", options.k)->capture_default_str();
  retrieval->add_option("--count", options.count, "queries to measure")
      ->capture_default_str();
  retrieval
      ->add_option("--selectivity", options.selectivities,
                   "shares of the titles that are eligible, at random")
      ->delimiter(',')
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  retrieval
      ->add_option("--engines", options.engines,
                   "of exact, cells, graph, hnswlib (unfiltered only)")
      ->delimiter(',')
      ->capture_default_str();
  retrieval->add_option("--links", options.links, "of the graphs")
      ->capture_default_str();
  retrieval->add_option("--build-width", options.build_width, "of the graphs")
      ->capture_default_str();
  const std::map<std::string, marquee::Placement> memories = {
      {"mapped", marquee::Placement::kMapped},
      {"huge_pages", marquee::Placement::kHugePages}};
  retrieval->add_option("--memory", options.memory, "of what our engines read")
      ->transform(CLI::CheckedTransformer(memories))
      ->default_str("mapped");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = marquee::BenchRetrieval(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "marquee-bench: %s\n",
               std::string(status.message()).c_str());
  return 1;
}
