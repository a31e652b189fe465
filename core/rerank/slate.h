// Makes the list: from scored candidates and a policy to places.
#ifndef MARQUEE_CORE_RERANK_SLATE_H_
#define MARQUEE_CORE_RERANK_SLATE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/catalog.h"
#include "core/rerank/boosts.h"
#include "core/rerank/cap_counter.h"
#include "core/rerank/policy.h"

namespace marquee {

enum class ReasonKind : uint8_t { kBoost, kFresh, kDiversity, kPin, kBackfill };

struct Reason {
  ReasonKind kind;
  absl::string_view rule;  // of the policy
};

struct PlacedTitle {
  static constexpr size_t kMaxReasons = 6;

  ItemRow row{};
  float score = 0;
  uint8_t source = 0;
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
  PolicyContext context;
  // What may be shown; only pins need it, candidates are eligible already.
  BitmapView eligible;
  // [titles with a vector × dimension]: what diversity compares.
  std::span<const float> vectors;
  size_t dimension = 0;
  size_t limit = 20;
  // The source of pinned titles.
  uint8_t pinned_source = 0;
  // Whether caps that may give way do, at the places that would stay empty.
  bool relax_caps = false;
  // Filled when not null.
  std::vector<HeldBack>* held_back = nullptr;
};

// Working memory of one worker. Externally synchronised.
struct SlateScratch {
  CapCounter caps;
  std::vector<uint8_t> taken;  // by candidate
  std::vector<float>
      nearest;  // by candidate: largest similarity to a placed title
  std::vector<uint32_t> compared;  // by candidate: placed titles in `nearest`
  std::vector<ItemRow> placed_rows;
  std::vector<float> placed_lengths;  // of their vectors
  std::vector<PlacedTitle> places;
  std::vector<uint8_t> place_taken;
};

// Sorts the candidates by score (backfill behind, then by row) and appends the
// list, best first, to `out`: at most `limit` titles, each once. Fewer when the
// caps hold all the rest back: the caller may then add candidates or relax the
// caps, and call again. Returns at how many places caps gave way. Scores are
// those of ApplyBoosts.
size_t FillSlate(const SlateRequest& request,
                 std::span<SlateCandidate> candidates, SlateScratch& scratch,
                 std::vector<PlacedTitle>& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_SLATE_H_
