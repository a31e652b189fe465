#include "core/rerank/slate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/simd/dot.h"

namespace marquee {
namespace {

// Moves below this are not worth a reason: e^0.05 is 5 %.
constexpr float kNoticeable = 0.05f;

float Length(std::span<const float> vector) {
  return std::sqrt(simd::Dot(vector.data(), vector.data(), vector.size()));
}

bool Before(const SlateCandidate& a, const SlateCandidate& b) {
  if (a.backfill != b.backfill) return b.backfill;
  return a.score != b.score ? a.score > b.score : a.row < b.row;
}

class Filler {
 public:
  Filler(const SlateRequest& request, std::span<SlateCandidate> candidates,
         SlateScratch& scratch)
      : request_(request),
        policy_(*request.policy),
        candidates_(candidates),
        scratch_(scratch) {}

  size_t Fill(std::vector<PlacedTitle>& out) {
    std::sort(candidates_.begin(), candidates_.end(), Before);
    scratch_.taken.assign(candidates_.size(), 0);
    scratch_.places.assign(request_.limit, PlacedTitle{});
    scratch_.place_taken.assign(request_.limit, 0);
    scratch_.caps.Begin(policy_, request_.context, request_.limit);
    scratch_.placed_rows.clear();
    scratch_.placed_lengths.clear();
    SetRelevanceScale();
    PlacePins();
    size_t filled = 0;
    size_t gave_way = 0;
    for (; filled < request_.limit; ++filled) {
      if (scratch_.place_taken[filled]) continue;
      std::optional<size_t> chosen = Choose(filled, /*relaxed=*/false);
      if (!chosen && request_.relax_caps) {
        chosen = Choose(filled, /*relaxed=*/true);
        if (chosen) ++gave_way;
      }
      if (chosen) {
        PlaceCandidate(*chosen, filled);
      } else if (!PullUpPin(filled)) {
        break;
      }
    }
    if (request_.held_back != nullptr) ListHeldBack();
    out.insert(out.end(), scratch_.places.begin(),
               scratch_.places.begin() + filled);
    return gave_way;
  }

 private:
  bool diverse() const {
    return policy_.diversity_strength > 0 && request_.dimension > 0;
  }
  size_t pool() const {
    const size_t pool = policy_.diversity_pool != 0
                            ? static_cast<size_t>(policy_.diversity_pool)
                            : 5 * request_.limit;
    return diverse() ? pool : 1;
  }

  // Relevance from 0 to 1 over the best candidates, for diversity to weigh
  // against similarity.
  void SetRelevanceScale() {
    if (candidates_.empty()) return;
    const size_t last =
        std::min(candidates_.size(), pool() + request_.limit) - 1;
    lowest_ = candidates_[last].score;
    highest_ = candidates_.front().score;
    for (const SlateCandidate& c : candidates_.first(last + 1))
      lowest_ = std::min(lowest_, c.score);
    scratch_.nearest.assign(candidates_.size(), 0);
    scratch_.compared.assign(candidates_.size(), 0);
  }
  float Relevance(const SlateCandidate& candidate) const {
    if (candidate.backfill || highest_ <= lowest_) return 0;
    return std::max(0.0f, (candidate.score - lowest_) / (highest_ - lowest_));
  }

  void PlacePins() {
    for (const PinRule& pin : policy_.pins) {
      const size_t place = static_cast<size_t>(pin.position) - 1;
      if (place >= request_.limit || scratch_.place_taken[place]) continue;
      if (!pin.IsActive(request_.context) ||
          !TestBit(request_.eligible, Index(pin.row)))
        continue;
      if (IsPlaced(pin.row) || scratch_.caps.Violated(pin.row, place)) continue;
      PlacedTitle title{.row = pin.row, .source = request_.pinned_source};
      for (size_t i = 0; i < candidates_.size(); ++i) {
        if (candidates_[i].row != pin.row) continue;
        scratch_.taken[i] = 1;
        title.score = candidates_[i].score;
      }
      title.AddReason({ReasonKind::kPin, pin.name});
      PlaceAt(title, place);
    }
  }

  // Nothing else can stand at `place`: the list is short, and its pins move up.
  bool PullUpPin(size_t place) {
    for (size_t later = place + 1; later < request_.limit; ++later) {
      if (!scratch_.place_taken[later]) continue;
      const PlacedTitle pin = scratch_.places[later];
      scratch_.caps.Remove(pin.row, later);
      const bool fits =
          !scratch_.caps.Violated(pin.row, place, request_.relax_caps);
      scratch_.caps.Place(pin.row, fits ? place : later);
      if (!fits) continue;
      scratch_.place_taken[later] = 0;
      scratch_.places[place] = pin;
      scratch_.place_taken[place] = 1;
      return true;
    }
    return false;
  }

  bool IsPlaced(ItemRow row) const {
    for (size_t i = 0; i < request_.limit; ++i) {
      if (scratch_.place_taken[i] && scratch_.places[i].row == row) return true;
    }
    return false;
  }

  // The candidate for a place; none when the caps, or with `relaxed` those that
  // never give way, allow none.
  std::optional<size_t> Choose(size_t place, bool relaxed) {
    std::optional<size_t> chosen;
    float best = -std::numeric_limits<float>::infinity();
    size_t considered = 0;
    chosen_first_ = true;
    for (size_t i = 0; i < candidates_.size() && considered < pool(); ++i) {
      if (scratch_.taken[i] ||
          scratch_.caps.Violated(candidates_[i].row, place, relaxed))
        continue;
      ++considered;
      const float strength = diverse() ? policy_.diversity_strength : 0;
      const float value = diverse()
                              ? (1 - strength) * Relevance(candidates_[i]) -
                                    strength * Nearest(i)
                              : 0;
      if (!chosen || value > best) {
        chosen_first_ = !chosen;
        chosen = i;
        best = value;
      }
    }
    return chosen;
  }

  void PlaceCandidate(size_t i, size_t place) {
    const SlateCandidate& candidate = candidates_[i];
    scratch_.taken[i] = 1;
    last_chosen_ = std::max(last_chosen_, i);
    PlacedTitle title{.row = candidate.row,
                      .score = candidate.score,
                      .source = candidate.source};
    for (const BoostRule& rule : policy_.boosts) {
      if (std::abs(BoostOf(rule, candidate.row)) >= kNoticeable &&
          rule.IsActive(request_.context)) {
        title.AddReason({ReasonKind::kBoost, rule.name});
      }
    }
    for (const FreshnessRule& rule : policy_.freshness) {
      if (rule.IsActive(request_.context) &&
          FreshnessOf(rule, *request_.catalog, request_.context.now,
                      candidate.row) >= kNoticeable) {
        title.AddReason({ReasonKind::kFresh, rule.name});
      }
    }
    if (!chosen_first_)
      title.AddReason({ReasonKind::kDiversity, policy_.diversity_name});
    if (candidate.backfill) title.AddReason({ReasonKind::kBackfill, {}});
    PlaceAt(title, place);
  }

  void PlaceAt(const PlacedTitle& title, size_t place) {
    scratch_.places[place] = title;
    scratch_.place_taken[place] = 1;
    scratch_.caps.Place(title.row, place);
    if (!diverse()) return;
    scratch_.placed_rows.push_back(title.row);
    scratch_.placed_lengths.push_back(Length(VectorOf(title.row)));
    ++placed_;
  }

  // The largest similarity of a candidate to a placed title. Computed when the
  // candidate is looked at, against the titles placed since the last time.
  float Nearest(size_t i) {
    float& nearest = scratch_.nearest[i];
    uint32_t& compared = scratch_.compared[i];
    const std::span<const float> vector = VectorOf(candidates_[i].row);
    const float length = compared < placed_ ? Length(vector) : 0;
    for (; compared < placed_; ++compared) {
      const std::span<const float> other =
          VectorOf(scratch_.placed_rows[compared]);
      const float product = length * scratch_.placed_lengths[compared];
      if (product <= 0) continue;
      const float dot = simd::Dot(vector.data(), other.data(), other.size());
      nearest = std::max(nearest, dot / product);
    }
    return nearest;
  }

  std::span<const float> VectorOf(ItemRow row) const {
    const size_t begin = size_t{Index(row)} * request_.dimension;
    if (begin + request_.dimension > request_.vectors.size()) return {};
    return request_.vectors.subspan(begin, request_.dimension);
  }

  // Candidates that stand above a chosen one by score and were passed over.
  void ListHeldBack() {
    for (size_t i = 0; i < last_chosen_; ++i) {
      if (scratch_.taken[i]) continue;
      const CapRule* cap = nullptr;
      for (size_t place = 0; place < request_.limit && cap == nullptr;
           ++place) {
        cap = scratch_.caps.Violated(candidates_[i].row, place);
      }
      if (cap == nullptr && !diverse()) continue;
      request_.held_back->push_back({candidates_[i].row, cap});
    }
  }

  const SlateRequest& request_;
  const Policy& policy_;
  const std::span<SlateCandidate> candidates_;
  SlateScratch& scratch_;
  float lowest_ = 0;
  float highest_ = 0;
  bool chosen_first_ = true;
  uint32_t placed_ = 0;     // titles with places, where diversity counts them
  size_t last_chosen_ = 0;  // the furthest candidate that won a place
};

}  // namespace

size_t FillSlate(const SlateRequest& request,
                 std::span<SlateCandidate> candidates, SlateScratch& scratch,
                 std::vector<PlacedTitle>& out) {
  return Filler(request, candidates, scratch).Fill(out);
}

}  // namespace marquee
