#include "core/pipeline/response.h"

namespace marquee {

absl::string_view StageName(Stage stage) {
  static constexpr std::array<absl::string_view, kStages> kNames = {
      "user_vector", "eligibility", "retrieve", "rank", "rerank"};
  return kNames[static_cast<size_t>(stage)];
}

absl::string_view ReasonName(ReasonKind kind) {
  static constexpr std::array<absl::string_view, 5> kNames = {
      "boost", "fresh", "diversity", "pin", "backfill"};
  return kNames[static_cast<size_t>(kind)];
}

absl::string_view CauseName(Degradation::Cause cause) {
  static constexpr std::array<absl::string_view, kDegradationCauses> kNames = {
      "deadline",         "overload", "no_vector",   "cap_relaxed",
      "too_few_eligible", "caps",     "final_check", "sources"};
  return kNames[static_cast<size_t>(cause)];
}

absl::string_view VectorSourceName(VectorSource source) {
  static constexpr std::array<absl::string_view, 5> kNames = {
      "request embedding", "recent events", "stored", "item", "none"};
  return kNames[static_cast<size_t>(source)];
}

absl::string_view WarningName(Warning::Kind kind) {
  static constexpr std::array<absl::string_view, kWarningKinds> kNames = {
      "country", "device", "language", "scene", "filter", "item"};
  return kNames[static_cast<size_t>(kind)];
}

void RecommendResponse::Clear() {
  items.clear();
  tier = Tier::kFull;
  degradations.clear();
  warnings.clear();
  requested = 0;
  is_first_page = true;
  vector_source = VectorSource::kNone;
  stage_time.fill(absl::ZeroDuration());
  eligible = 0;
  left_out = 0;
  candidates = 0;
  engine.reset();
  retrieved = 0;
  outliers = 0;
  removed_by_final_check = 0;
}

}  // namespace marquee
