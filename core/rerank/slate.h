// Makes the list: from scored candidates and a policy to places.
//
// At each place, from the first: the best candidate that every cap allows, made
// diverse; else the most popular title that every cap allows; else the same
// once more under the caps that never give way alone; else a pin from further
// down; else the list ends.
#ifndef MARQUEE_CORE_RERANK_SLATE_H_
#define MARQUEE_CORE_RERANK_SLATE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/catalog/catalog.h"
#include "core/rerank/backfill.h"
#include "core/rerank/boosts.h"
#include "core/rerank/cap_counter.h"
#include "core/rerank/diversity.h"
#include "core/rerank/open_candidates.h"
#include "core/rerank/policy.h"

namespace marquee {

enum class ReasonKind : uint8_t { kBoost, kFresh, kDiversity, kPin, kBackfill };

struct Reason {
  ReasonKind kind;
  absl::string_view rule;  // of the policy
};

// An item of the list.
struct RecommendedItem {
  static constexpr size_t kMaxReasons = 6;

  ItemRow row{};
  float score = 0;
  Source source = Source::kPersonal;
  uint8_t reason_count = 0;
  std::array<Reason, kMaxReasons> reasons{};

  void AddReason(Reason reason) {
    if (reason_count < kMaxReasons) reasons[reason_count++] = reason;
  }
};

// Why a candidate that would have had a place did not get one; for
// explanations.
struct HeldBack {
  ItemRow row;
  const CapRule* cap;  // nullptr: diversity
};

struct SlateRequest {
  const Policy* policy = nullptr;
  const Catalog* catalog = nullptr;
  UserContext context;
  // What may be shown: for pins and popular titles, candidates are eligible
  // already.
  BitmapView eligible;
  // For the places that candidates leave empty. Empty lists: none.
  PopularTitles popular;
  // [titles with a vector × dimension]: what diversity compares.
  std::span<const float> vectors;
  size_t dimension = 0;
  size_t limit = 20;
  // Items that stand above this part of the list, on pages before: caps count
  // them, and none is placed again. `limit` more are placed behind them.
  std::span<const ItemRow> shown;
  // Popular titles are looked for until then; nullptr: without a limit of time.
  const Clock* clock = nullptr;
  SteadyTime deadline = SteadyTime::InfiniteFuture();
  // Filled when not null.
  std::vector<HeldBack>* held_back = nullptr;
};

struct SlateOutcome {
  size_t gave_way = 0;    // places at which caps gave way
  size_t backfilled = 0;  // places with a popular title
  bool searched = false;  // popular titles were looked for
  // The search for popular titles ended early: by its bound, by the deadline.
  bool cut_off = false;
  bool late = false;
};

// Working memory of one worker. Externally synchronised.
struct SlateScratch {
  CapCounter caps;
  OpenCandidates open;
  Diversity diversity;
  Backfill backfill;
  std::vector<RecommendedItem> places;
  std::vector<uint8_t> place_taken;
};

// Sorts the candidates by score (then by row) and appends the list, best first,
// to `out`: at most `limit` titles behind those that are shown, each once.
// Fewer only when no title that may be shown fits the next place, or when the
// search for one ended early. Scores are those of ApplyBoosts; popular titles
// fall by 1 from the least of the candidates.
SlateOutcome FillSlate(const SlateRequest& request,
                       std::span<Candidate> candidates, SlateScratch& scratch,
                       std::vector<RecommendedItem>& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_SLATE_H_
