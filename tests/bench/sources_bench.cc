#include "tests/bench/sources_bench.h"

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "marquee/config/manifest.pb.h"
#include "nlohmann/json.hpp"
#include "tests/bench/percentile.h"

namespace marquee {
namespace {

// One way to ask for candidates.
struct Way {
  std::string name;
  std::vector<Source> sources;
  Tier best_tier = Tier::kFull;
  std::vector<double> ms;
  std::vector<double> over;  // the first way
};

std::vector<Way> AllWays() {
  std::vector<Way> ways = {{.name = "personal", .sources = {Source::kPersonal}},
                           {.name = "mix of the policy"}};
  for (size_t s = 1; s < kCandidateSources; ++s) {
    const Source source = static_cast<Source>(s);
    ways.push_back(
        {.name = std::string(SourceName(source)), .sources = {source}});
  }
  ways.push_back({.name = "cheapest tier", .best_tier = Tier::kPopular});
  return ways;
}

class SourcesBench {
 public:
  SourcesBench(const Snapshot& snapshot, const SourcesBenchOptions& options)
      : snapshot_(snapshot),
        // The ranker is another stage.
        pipeline_(snapshot,
                  {.candidates = options.candidates, .use_ranker = false},
                  Clock::Real()),
        scratch_(snapshot, options.candidates) {}

  // Asks for a user in all ways. Each way finds in the caches what the one
  // before it has read, so every second user's ways are in the other order.
  absl::Status Ask(absl::string_view user, size_t number) {
    std::vector<double> ms(ways_.size());
    for (size_t i = 0; i < ways_.size(); ++i) {
      const size_t turn = (number / 2 + i) % ways_.size();
      const size_t at = number % 2 == 0 ? turn : ways_.size() - 1 - turn;
      RecommendRequest request;
      request.user_id = user;
      request.now =
          absl::FromUnixSeconds(snapshot_.manifest().created_unix_seconds());
      request.sources = ways_[at].sources;
      request.best_tier = ways_[at].best_tier;
      MARQUEE_RETURN_IF_ERROR(
          pipeline_.Recommend(request, scratch_, response_));
      ms[at] = absl::ToDoubleMilliseconds(
          response_.stage_time[static_cast<size_t>(Stage::kRetrieve)]);
    }
    for (size_t at = 0; at < ways_.size(); ++at) {
      ways_[at].ms.push_back(ms[at]);
      ways_[at].over.push_back(ms[at] - ms[0]);
    }
    return absl::OkStatus();
  }

  nlohmann::ordered_json Report() const {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const Way& way : ways_) {
      json.push_back({{"way", way.name},
                      {"items", snapshot_.catalog().size()},
                      {"p50_ms", Percentile(way.ms, 0.5)},
                      {"p99_ms", Percentile(way.ms, 0.99)},
                      {"over_personal_ms", Percentile(way.over, 0.5)},
                      {"requests", way.ms.size()}});
    }
    return json;
  }

 private:
  const Snapshot& snapshot_;
  const Pipeline pipeline_;
  PipelineScratch scratch_;
  RecommendResponse response_;
  std::vector<Way> ways_ = AllWays();
};

}  // namespace

absl::Status BenchSources(const SourcesBenchOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(options.snapshot));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  // Users with a vector are the first rows.
  const size_t users = snapshot->user_vectors().size();
  if (users == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(version, ": no user has a vector"));
  }
  SourcesBench bench(*snapshot, options);
  for (size_t i = 0; i < options.count; ++i) {
    const auto row = static_cast<uint32_t>(i * users / options.count);
    MARQUEE_RETURN_IF_ERROR(bench.Ask(snapshot->users().Id(UserRow{row}), i));
  }
  std::printf("%s\n", bench.Report().dump(1).c_str());
  return absl::OkStatus();
}

}  // namespace marquee
