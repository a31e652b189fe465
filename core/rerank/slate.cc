#include "core/rerank/slate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace marquee {
namespace {

// Changes below this are not worth a reason: e^0.05 is 5 %.
constexpr float kNoticeable = 0.05f;

class Filler {
 public:
  Filler(const SlateRequest& request, std::span<Candidate> candidates,
         SlateScratch& scratch)
      : request_(request),
        policy_(*request.policy),
        candidates_(candidates),
        scratch_(scratch),
        first_(request.shown.size()),
        end_(first_ + request.limit) {}

  SlateOutcome Fill(std::vector<RecommendedItem>& out) {
    Begin();
    PlaceShown();
    PlacePins();
    size_t filled = first_;
    while (filled < end_ && FillPlace(filled)) ++filled;
    if (request_.held_back != nullptr) ListHeldBack(filled);
    out.insert(out.end(),
               scratch_.places.begin() + static_cast<ptrdiff_t>(first_),
               scratch_.places.begin() + static_cast<ptrdiff_t>(filled));
    outcome_.cut_off = outcome_.late || scratch_.backfill.was_cut_off();
    return outcome_;
  }

 private:
  void Begin() {
    std::sort(candidates_.begin(), candidates_.end(), Better);
    scratch_.open.Begin(candidates_);
    scratch_.places.assign(end_, RecommendedItem{});
    scratch_.place_taken.assign(end_, 0);
    scratch_.caps.Begin(policy_, request_.context, end_);
    pool_ = policy_.diversity_pool != 0
                ? static_cast<size_t>(policy_.diversity_pool)
                : 5 * end_;
    scratch_.diversity.Begin({.strength = policy_.diversity_strength,
                              .vectors = request_.vectors,
                              .dimension = request_.dimension,
                              .scaled_over = pool_ + end_},
                             candidates_);
    scratch_.backfill.Begin(request_.popular, request_.eligible);
    for (const Candidate& c : candidates_) scratch_.backfill.Take(c.row);
    backfill_score_ = candidates_.empty() ? 0 : candidates_.back().score;
  }

  void PlaceShown() {
    for (size_t place = 0; place < first_; ++place) {
      const ItemRow row = request_.shown[place];
      TakeCandidate(row);
      scratch_.backfill.Take(row);
      PlaceAt({.row = row}, place);
    }
  }

  // Removes the item from the candidates and returns its score; 0 if it is not
  // a candidate.
  float TakeCandidate(ItemRow row) {
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (candidates_[i].row != row) continue;
      scratch_.open.Take(i);
      return candidates_[i].score;
    }
    return 0;
  }

  void PlacePins() {
    for (const PinRule& pin : policy_.pins) {
      const size_t place = static_cast<size_t>(pin.position) - 1;
      if (place >= end_ || scratch_.place_taken[place]) continue;
      if (!pin.IsActive(request_.context) ||
          !TestBit(request_.eligible, Index(pin.row)))
        continue;
      if (IsPlaced(pin.row) ||
          scratch_.caps.Violated(pin.row, place, CapMode::kAll))
        continue;
      RecommendedItem item{.row = pin.row,
                           .score = TakeCandidate(pin.row),
                           .source = Source::kPinned};
      item.AddReason({ReasonKind::kPin, pin.name});
      scratch_.backfill.Take(pin.row);
      PlaceAt(item, place);
    }
  }

  bool IsPlaced(ItemRow row) const {
    for (size_t i = 0; i < end_; ++i) {
      if (scratch_.place_taken[i] && scratch_.places[i].row == row) return true;
    }
    return false;
  }

  // Returns false if nothing may be at the place: the list ends before it.
  bool FillPlace(size_t place) {
    if (scratch_.place_taken[place]) return true;
    scratch_.caps.GoTo(place);
    if (FillPlace(place, CapMode::kAll)) return true;
    if (scratch_.caps.can_relax() && FillPlace(place, CapMode::kStrict)) {
      ++outcome_.relaxed;
      return true;
    }
    return PullUpPin(place);
  }

  bool FillPlace(size_t place, CapMode mode) {
    if (const std::optional<size_t> chosen = Choose(mode)) {
      PlaceCandidate(*chosen, place);
      return true;
    }
    if (IsLate()) return false;
    outcome_.searched = true;
    const std::optional<ItemRow> row =
        scratch_.backfill.Find(scratch_.caps, mode);
    if (!row) return false;
    PlacePopular(*row, place);
    return true;
  }

  bool IsLate() {
    outcome_.late = outcome_.late || IsOver();
    return outcome_.late;
  }

  bool IsOver() const {
    return request_.clock != nullptr &&
           request_.clock->Steady() >= request_.deadline;
  }

  // Returns the candidate for the place of the caps; none if those of the mode
  // allow none.
  std::optional<size_t> Choose(CapMode mode) {
    const BitmapView open = scratch_.open.At(scratch_.caps, mode);
    const std::optional<size_t> first = FirstBit(open);
    if (!first || !scratch_.diversity.on()) return first;
    const std::optional<size_t> chosen = scratch_.diversity.Choose(open, pool_);
    chosen_first_ = chosen == first;
    return chosen;
  }

  // Nothing else may be at `place`: the list is short, and its pins move up.
  bool PullUpPin(size_t place) {
    for (size_t later = place + 1; later < end_; ++later) {
      if (!scratch_.place_taken[later]) continue;
      const RecommendedItem pin = scratch_.places[later];
      scratch_.caps.Remove(pin.row, later);
      const bool fits =
          !scratch_.caps.Violated(pin.row, place, CapMode::kStrict);
      scratch_.caps.Place(pin.row, fits ? place : later);
      if (!fits) continue;
      scratch_.place_taken[later] = 0;
      scratch_.places[place] = pin;
      scratch_.place_taken[place] = 1;
      return true;
    }
    return false;
  }

  void PlaceCandidate(size_t i, size_t place) {
    const Candidate& candidate = candidates_[i];
    scratch_.open.Take(i);
    last_chosen_ = std::max(last_chosen_, i);
    RecommendedItem item{.row = candidate.row,
                         .score = candidate.score,
                         .source = candidate.source};
    AddBoostReasons(item);
    if (!candidate.by_fresh_share) AddFreshReasons(item);
    if (!chosen_first_)
      item.AddReason({ReasonKind::kDiversity, policy_.diversity_name});
    PlaceAt(item, place);
  }

  void AddBoostReasons(RecommendedItem& item) const {
    for (const BoostRule& rule : policy_.boosts) {
      if (std::abs(BoostOf(rule, item.row)) >= kNoticeable &&
          rule.IsActive(request_.context)) {
        item.AddReason({ReasonKind::kBoost, rule.name});
      }
    }
  }

  void AddFreshReasons(RecommendedItem& item) const {
    for (const FreshnessRule& rule : policy_.freshness) {
      if (rule.IsActive(request_.context) &&
          FreshnessOf(rule, *request_.catalog, request_.context.now,
                      item.row) >= kNoticeable) {
        item.AddReason({ReasonKind::kFresh, rule.name});
      }
    }
  }

  void PlacePopular(ItemRow row, size_t place) {
    backfill_score_ -= 1;
    RecommendedItem item{
        .row = row, .score = backfill_score_, .source = Source::kPopular};
    item.AddReason({ReasonKind::kBackfill, {}});
    scratch_.backfill.Take(row);
    ++outcome_.backfilled;
    PlaceAt(item, place);
  }

  void PlaceAt(const RecommendedItem& item, size_t place) {
    scratch_.places[place] = item;
    scratch_.place_taken[place] = 1;
    scratch_.caps.Place(item.row, place);
    scratch_.diversity.Place(item.row);
  }

  // Lists the candidates that scored above a chosen one and were passed over;
  // if a place had no candidate, all that are left. A candidate that no cap
  // held back was held back by diversity.
  void ListHeldBack(size_t filled) {
    const bool place_without = filled < end_ || outcome_.backfilled > 0;
    const size_t end = place_without ? candidates_.size() : last_chosen_;
    for (size_t i = 0; i < end; ++i) {
      if (IsPlaced(candidates_[i].row)) continue;
      // There may be hundreds, each checked at every place.
      if (IsOver()) return;
      const CapRule* cap = nullptr;
      for (size_t place = first_; place < end_ && cap == nullptr; ++place) {
        cap = scratch_.caps.Violated(candidates_[i].row, place, CapMode::kAll);
      }
      request_.held_back->push_back({candidates_[i].row, cap});
    }
  }

  const SlateRequest& request_;
  const Policy& policy_;
  const std::span<Candidate> candidates_;
  SlateScratch& scratch_;
  const size_t first_;  // the first place of this part of the list
  const size_t end_;
  size_t pool_ = 0;  // candidates that diversity chooses from
  bool chosen_first_ = true;
  size_t last_chosen_ = 0;  // the furthest candidate that won a place
  float backfill_score_ = 0;
  SlateOutcome outcome_;
};

}  // namespace

SlateOutcome FillSlate(const SlateRequest& request,
                       std::span<Candidate> candidates, SlateScratch& scratch,
                       std::vector<RecommendedItem>& out) {
  return Filler(request, candidates, scratch).Fill(out);
}

}  // namespace marquee
