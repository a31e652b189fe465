// One answer in the form that the pipeline gives it.
#ifndef MARQUEE_CORE_PIPELINE_RESPONSE_H_
#define MARQUEE_CORE_PIPELINE_RESPONSE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/catalog/candidate.h"
#include "core/pipeline/tier.h"
#include "core/rerank/slate.h"
#include "core/retrieval/retrieval_plan.h"

namespace marquee {

enum class Stage : uint8_t {
  kUserVector,
  kEligibility,
  kRetrieve,
  kRank,
  kRerank
};
inline constexpr size_t kStages = 5;
absl::string_view StageName(Stage stage);

absl::string_view ReasonName(ReasonKind kind);

// Why an answer is of a lower tier or shorter than requested.
struct Degradation {
  enum class Cause : uint8_t {
    kDeadline,
    kOverload,
    kNoVector,
    kCapRelaxed,
    kTooFewEligible,
    kCaps,
    kFinalCheck,
    kSources,
  };
  Cause cause;
  std::string detail;  // for people
};
inline constexpr size_t kDegradationCauses = 8;
absl::string_view CauseName(Degradation::Cause cause);

// A part of a request that the caller probably did not mean. The answer follows
// the request as it is.
struct Warning {
  enum class Kind : uint8_t {
    kCountry,   // with neither licences nor plays, or not a code
    kDevice,    // in no rule and no feature
    kLanguage,  // not a language tag
    kScene,     // in no rule
    kFilter,    // on a value that no item has
    kItem,      // not in the catalogue
  };
  Kind kind;
  absl::string_view field;  // "context.country"; lives as long as the program
  std::string detail;       // for people
};
inline constexpr size_t kWarningKinds = 6;
absl::string_view WarningName(Warning::Kind kind);

// How the user was placed in the vector space.
enum class VectorSource : uint8_t {
  kRequest,
  kRecentEvents,
  kStored,
  kItem,
  kNone
};
absl::string_view VectorSourceName(VectorSource source);

struct RecommendResponse {
  // Best first; rows of the snapshot that answered.
  std::vector<RecommendedItem> items;
  Tier tier = Tier::kFull;
  std::vector<Degradation> degradations;
  std::vector<Warning> warnings;
  size_t requested = 0;
  bool is_first_page = true;  // of the list
  VectorSource vector_source = VectorSource::kNone;
  std::array<absl::Duration, kStages> stage_time{};
  size_t eligible = 0;    // items that the user may be shown
  size_t left_out = 0;    // items that are ineligible only because of `seen`
  size_t candidates = 0;  // items that reached the rules
  // Of retrieval; absent when it did not run.
  std::optional<RetrievalEngine> engine;
  size_t retrieved = 0;  // items that it found
  // The number of candidates whose scores were far from all others, or
  // infinite.
  size_t outliers = 0;
  // Items that the final check removed. Always 0; otherwise a bug was caught.
  size_t removed_by_final_check = 0;

  void Clear();
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_RESPONSE_H_
