// Fills a list: from scored candidates and a policy to places.
//
//   SlateScratch scratch;
//   ApplyBoosts(policy, context, catalog, candidates, boost_scratch);
//   const SlateOutcome outcome =
//       FillSlate({.policy = &policy,
//                  .catalog = &catalog,
//                  .context = context,
//                  .eligible = eligible,
//                  .limit = 20},
//                 candidates, scratch, items);
//
// Each place, from the first, gets the first of these that exists:
// 1. the best candidate that every cap allows, made diverse,
// 2. the most popular item that every cap allows,
// 3. the same two under only the strict caps,
// 4. a pin from further down.
//
// If none exists, the list ends.
#ifndef MARQUEE_CORE_RERANK_SLATE_H_
#define MARQUEE_CORE_RERANK_SLATE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/request_limits.h"
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

// Why a candidate that would have had a place did not get one. For
// explanations.
struct HeldBack {
  ItemRow row;
  const CapRule* cap;  // nullptr: diversity
};

struct SlateRequest {
  const Policy* policy = nullptr;
  const Catalog* catalog = nullptr;
  UserContext context;
  // The items that may be shown, for pins and popular items. Candidates are
  // eligible already.
  BitmapView eligible;
  // For the places that candidates leave empty. Empty lists: none.
  PopularItems popular;
  // [items with a vector × dimension]: for diversity.
  std::span<const float> vectors;
  size_t dimension = 0;
  size_t limit = kDefaultLimit;
  // Items in the part of the list above this one, on pages before. Caps count
  // them, and none is placed again. `limit` more are placed behind them.
  std::span<const ItemRow> shown;
  // The end of the search for popular items; nullptr: without a limit of time.
  const Clock* clock = nullptr;
  SteadyTime deadline = SteadyTime::InfiniteFuture();
  // If not null, gets the candidates that were held back.
  std::vector<HeldBack>* held_back = nullptr;
};

struct SlateOutcome {
  size_t relaxed = 0;     // places at which caps were relaxed
  size_t backfilled = 0;  // places with a popular item
  bool searched = false;  // a search for popular items began
  // Why the search for popular items ended early: its bound, or the deadline.
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
// to `out`: at most `limit` items behind those that are shown, each once. It
// has fewer only if no item that may be shown fits the next place, or if the
// search for one ended early. Scores are those of ApplyBoosts. The scores of
// popular items fall by 1 from the least of the candidates.
SlateOutcome FillSlate(const SlateRequest& request,
                       std::span<Candidate> candidates, SlateScratch& scratch,
                       std::vector<RecommendedItem>& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_SLATE_H_
