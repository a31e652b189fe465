#include "tests/bench/retrieval_bench.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "tests/bench/bench_filter.h"
#include "tests/bench/bench_index.h"
#include "tests/bench/contenders.h"
#include "tests/bench/measuring.h"
#include "tests/bench/percentile.h"

namespace marquee {
namespace {

using Json = nlohmann::ordered_json;

// Null when there is nothing to find.
nlohmann::ordered_json Share(size_t hits, size_t owed) {
  if (owed == 0) return nullptr;
  return static_cast<double>(hits) / static_cast<double>(owed);
}

Json Row(const Contender& contender, const BenchFilter& filter,
         const Measured& measured, size_t k, size_t threads) {
  const auto& hits = measured.hits;
  const auto& owed = measured.owed;
  return {{"engine", contender.engine},
          {"parameters", contender.parameters},
          {"selectivity", filter.selectivity},
          {"filter", filter.kind},
          {"eligible", filter.count},
          {"k", k},
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
          {"threads", threads}};
}

// Appends the rows of all contenders at one filter.
void AddRows(const BenchIndex& index, const std::vector<Contender>& contenders,
             const BenchFilter& filter, const RetrievalBenchOptions& options,
             Json& rows) {
  const std::vector<Question> questions =
      MakeQuestions(index, filter, options.count, options.k);
  for (const size_t threads : options.threads) {
    const std::vector<Measured> measured = Measure(
        contenders, questions, filter, index.items(), options.k, threads);
    for (size_t c = 0; c < contenders.size(); ++c) {
      if (measured[c].ms.empty()) continue;
      rows.push_back(
          Row(contenders[c], filter, measured[c], options.k, threads));
    }
  }
}

}  // namespace

absl::Status BenchRetrieval(const RetrievalBenchOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const auto index, BenchIndex::Create(options));
  const std::vector<Contender> contenders = MakeContenders(*index, options);
  Json rows = Json::array();
  for (const std::string& kind : options.filters) {
    for (const double selectivity : options.selectivities) {
      AddRows(*index, contenders,
              MakeBenchFilter(index->index().vectors, kind, selectivity),
              options, rows);
    }
  }
  std::printf("%s\n", rows.dump(1).c_str());
  return absl::OkStatus();
}

}  // namespace marquee
