#include "server/service/explanation_writer.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/explain.h"

namespace marquee {
namespace {

static_assert(v1::ItemFate::END_NOT_SEEN ==
              static_cast<int>(End::kNotSeen) + 1);

// By position in trace.retrieved: the rank by the ranker, from 1. Empty when it
// did not run.
std::vector<int> RankerRanks(const Trace& trace) {
  std::vector<size_t> order(trace.ranker_scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (trace.ranker_scores[a] != trace.ranker_scores[b]) {
      return trace.ranker_scores[a] > trace.ranker_scores[b];
    }
    return trace.retrieved[a].row < trace.retrieved[b].row;
  });
  std::vector<int> ranks(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    ranks[order[i]] = static_cast<int>(i) + 1;
  }
  return ranks;
}

std::optional<size_t> RetrievedAt(const Trace& trace, ItemRow row) {
  const auto found =
      std::find_if(trace.retrieved.begin(), trace.retrieved.end(),
                   [row](const Candidate& c) { return c.row == row; });
  if (found == trace.retrieved.end()) return std::nullopt;
  return static_cast<size_t>(found - trace.retrieved.begin());
}

void WriteItems(const TracedAnswer& answer, v1::ExplainResponse& wire) {
  const Snapshot& snapshot = answer.pipeline.snapshot();
  const std::vector<int> ranks = RankerRanks(answer.trace);
  for (const PlacedTitle& title : answer.response.items) {
    v1::ExplainedItem& item = *wire.add_items();
    item.set_item_id(std::string(snapshot.catalog().Id(title.row)));
    item.set_title(std::string(snapshot.catalog().Title(title.row)));
    const std::optional<size_t> at = RetrievedAt(answer.trace, title.row);
    if (!at) continue;
    item.set_retrieval_rank(static_cast<int>(*at) + 1);
    item.set_retrieval_score(answer.trace.retrieved[*at].score);
    if (ranks.empty()) continue;
    item.set_ranker_rank(ranks[*at]);
    item.set_ranker_score(static_cast<float>(answer.trace.ranker_scores[*at]));
    const std::vector<std::string>& names = snapshot.ranker()->feature_names();
    for (size_t f = 0; f < names.size(); ++f) {
      v1::FeatureValue& feature = *item.add_features();
      feature.set_name(names[f]);
      feature.set_value(answer.scratch.ranker.features.At(*at, f));
    }
  }
}

void WriteFate(const Fate& fate, v1::ItemFate& wire) {
  wire.set_end(static_cast<v1::ItemFate::End>(static_cast<int>(fate.end) + 1));
  wire.set_exact_retrieval_rank(static_cast<int>(fate.exact_rank));
  wire.set_ranker_rank(static_cast<int>(fate.ranker_rank));
  wire.set_position(static_cast<int>(fate.position));
  wire.set_rule(fate.rule);
  wire.set_detail(fate.detail);
}

}  // namespace

void WriteExplanation(const TracedAnswer& answer,
                      const v1::ExplainRequest& wire_request,
                      v1::ExplainResponse& wire) {
  wire.set_user_vector(
      std::string(VectorSourceName(answer.response.vector_source)));
  if (answer.response.engine) {
    wire.set_engine(std::string(RetrievalEngineName(*answer.response.engine)));
  }
  for (const Trace::StageCount& count : answer.trace.stages) {
    v1::StageCount& stage = *wire.add_stages();
    stage.set_stage(std::string(StageName(count.stage)));
    stage.set_in(static_cast<int>(count.in));
    stage.set_out(static_cast<int>(count.out));
  }
  WriteItems(answer, wire);
  const std::vector<absl::string_view> item_ids(wire_request.item_ids().begin(),
                                                wire_request.item_ids().end());
  const std::vector<Fate> fates =
      AccountFor(answer.pipeline, answer.request, answer.scratch,
                 answer.response, answer.trace, item_ids);
  for (size_t i = 0; i < fates.size(); ++i) {
    v1::ItemFate& fate = *wire.add_fates();
    fate.set_item_id(wire_request.item_ids(static_cast<int>(i)));
    WriteFate(fates[i], fate);
  }
}

}  // namespace marquee
