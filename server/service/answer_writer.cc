#include "server/service/answer_writer.h"

#include <string>

namespace marquee {
namespace {

// The wire's enumerations have ours plus one value, for "unspecified".
static_assert(v1::TIER_POPULAR == static_cast<int>(Tier::kPopular) + 1);
static_assert(v1::SOURCE_SIMILAR == static_cast<int>(Source::kSimilar) + 1);
static_assert(v1::Reason::KIND_BACKFILL ==
              static_cast<int>(ReasonKind::kBackfill) + 1);
static_assert(v1::Degradation::CAUSE_SOURCES ==
              static_cast<int>(Degradation::Cause::kSources) + 1);

static_assert(v1::Warning::KIND_ITEM ==
              static_cast<int>(Warning::Kind::kItem) + 1);

template <typename Wire, typename Ours>
Wire OnTheWire(Ours value) {
  return static_cast<Wire>(static_cast<int>(value) + 1);
}

}  // namespace

void WriteAnswer(const Snapshot& snapshot, const RecommendResponse& response,
                 v1::RecommendResponse& wire) {
  for (const RecommendedItem& item : response.items) {
    v1::RecommendedItem& out = *wire.add_items();
    const absl::string_view id = snapshot.catalog().Id(item.row);
    out.set_item_id(id.data(), id.size());
    out.set_score(item.score);
    out.set_source(OnTheWire<v1::Source>(item.source));
    for (size_t i = 0; i < item.reason_count; ++i) {
      v1::Reason& reason = *out.add_reasons();
      reason.set_kind(OnTheWire<v1::Reason::Kind>(item.reasons[i].kind));
      const absl::string_view rule = item.reasons[i].rule;
      reason.set_rule(rule.data(), rule.size());
    }
  }
  wire.set_snapshot_version(snapshot.version());
  wire.set_tier(OnTheWire<v1::Tier>(response.tier));
  for (const Degradation& degradation : response.degradations) {
    v1::Degradation& out = *wire.add_degradations();
    out.set_cause(OnTheWire<v1::Degradation::Cause>(degradation.cause));
    out.set_detail(degradation.detail);
  }
  for (const Warning& warning : response.warnings) {
    v1::Warning& out = *wire.add_warnings();
    out.set_kind(OnTheWire<v1::Warning::Kind>(warning.kind));
    out.set_field(warning.field.data(), warning.field.size());
    out.set_detail(warning.detail);
  }
  wire.set_requested(static_cast<int>(response.requested));
  wire.set_filled(static_cast<int>(response.items.size()));
}

v1::Stage StageOnTheWire(Stage stage) {
  // "unspecified" and the queue come first.
  static_assert(v1::STAGE_RERANK == static_cast<int>(Stage::kRerank) + 2);
  return static_cast<v1::Stage>(static_cast<int>(stage) + 2);
}

void WriteTimings(absl::Duration queue_wait, const RecommendResponse& response,
                  v1::RecommendResponse& wire) {
  v1::StageTiming& queue = *wire.add_timings();
  queue.set_stage(v1::STAGE_QUEUE);
  WriteDuration(queue_wait, *queue.mutable_duration());
  for (size_t i = 0; i < kStages; ++i) {
    v1::StageTiming& timing = *wire.add_timings();
    timing.set_stage(StageOnTheWire(static_cast<Stage>(i)));
    WriteDuration(response.stage_time[i], *timing.mutable_duration());
  }
}

void WriteDuration(absl::Duration time, google::protobuf::Duration& wire) {
  absl::Duration rest;
  // IDivDuration rounds towards 0, so both parts have the same sign, as the
  // format demands.
  wire.set_seconds(absl::IDivDuration(time, absl::Seconds(1), &rest));
  wire.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(rest)));
}

void WriteTimestamp(absl::Time time, google::protobuf::Timestamp& wire) {
  // ToUnixSeconds rounds down, so the nanoseconds are never negative.
  const int64_t seconds = absl::ToUnixSeconds(time);
  wire.set_seconds(seconds);
  wire.set_nanos(static_cast<int>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace marquee
