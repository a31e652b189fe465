#include "server/service/explanation_writer.h"

#include <string>
#include <vector>

#include "server/service/answer_writer.h"

namespace marquee {
namespace {

// The wire's enumerations have one more value in front, for "unspecified".
static_assert(v1::VECTOR_SOURCE_NONE ==
              static_cast<int>(VectorSource::kNone) + 1);
static_assert(v1::RETRIEVAL_ENGINE_GRAPH ==
              static_cast<int>(RetrievalEngine::kGraph) + 1);
static_assert(v1::ItemOutcome::OUTCOME_SHOWN_BEFORE ==
              static_cast<int>(Outcome::kShownBefore) + 1);

void WriteItem(const Snapshot& snapshot, const ExplainedItem& item,
               v1::ExplainedItem& wire) {
  wire.set_item_id(std::string(snapshot.catalog().Id(item.row)));
  wire.set_title(std::string(snapshot.catalog().Title(item.row)));
  wire.set_retrieval_rank(
      item.origin.rank[static_cast<size_t>(Source::kPersonal)]);
  for (size_t s = 0; s < kCandidateSources; ++s) {
    if (item.origin.rank[s] == 0) continue;
    v1::SourceRank& source = *wire.add_sources();
    source.set_source(static_cast<v1::Source>(s + 1));
    source.set_rank(item.origin.rank[s]);
  }
  wire.set_retrieval_score(item.retrieval_score);
  wire.set_ranker_rank(static_cast<int>(item.ranker_rank));
  wire.set_ranker_score(static_cast<float>(item.ranker_score));
  for (size_t f = 0; f < item.features.size(); ++f) {
    v1::FeatureValue& feature = *wire.add_features();
    feature.set_name(snapshot.ranker()->feature_names()[f]);
    feature.set_value(item.features[f]);
  }
}

void WriteOutcome(const ItemOutcome& outcome, v1::ItemOutcome& wire) {
  wire.set_outcome(static_cast<v1::ItemOutcome::Outcome>(
      static_cast<int>(outcome.outcome) + 1));
  wire.set_exact_retrieval_rank(static_cast<int>(outcome.exact_rank));
  wire.set_ranker_rank(static_cast<int>(outcome.ranker_rank));
  wire.set_position(static_cast<int>(outcome.position));
  wire.set_rule(outcome.rule);
  wire.set_detail(outcome.detail);
}

}  // namespace

void WriteExplanation(const TracedAnswer& answer,
                      const v1::ExplainRequest& wire_request,
                      v1::ExplainResponse& wire) {
  wire.set_vector_source(static_cast<v1::VectorSource>(
      static_cast<int>(answer.response.vector_source) + 1));
  if (answer.response.engine) {
    wire.set_engine(static_cast<v1::RetrievalEngine>(
        static_cast<int>(*answer.response.engine) + 1));
  }
  for (const Trace::StageCount& count : answer.trace.stages) {
    v1::StageCount& stage = *wire.add_stages();
    stage.set_stage(StageOnTheWire(count.stage));
    stage.set_in(static_cast<int>(count.in));
    stage.set_out(static_cast<int>(count.out));
  }
  const std::vector<absl::string_view> item_ids(wire_request.item_ids().begin(),
                                                wire_request.item_ids().end());
  const Explanation explanation = Explain(answer, item_ids);
  for (const ExplainedItem& item : explanation.items) {
    WriteItem(answer.pipeline.snapshot(), item, *wire.add_items());
  }
  for (size_t i = 0; i < explanation.outcomes.size(); ++i) {
    v1::ItemOutcome& outcome = *wire.add_outcomes();
    outcome.set_item_id(wire_request.item_ids(static_cast<int>(i)));
    WriteOutcome(explanation.outcomes[i], outcome);
  }
}

}  // namespace marquee
