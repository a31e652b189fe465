#include "core/pipeline/mix.h"

namespace marquee {
namespace {

void Apply(const SourceRule& rule, SourceMix& mix) {
  // Of several rules for one source, the first counts.
  if (mix.weight(rule.source) != 0) return;
  mix.weight(rule.source) = rule.weight;
  if (rule.source == Source::kNew) mix.new_days = rule.new_days;
  if (rule.source == Source::kTrending) mix.horizon = rule.horizon;
  if (rule.source == Source::kGenre) mix.genre_horizon = rule.horizon;
}

// The policy's rules that apply.
SourceMix MixOf(const Policy& policy, const UserContext& user) {
  SourceMix mix;
  for (const SourceRule& rule : policy.sources) {
    if (rule.IsActive(user)) Apply(rule, mix);
  }
  return mix;
}

}  // namespace

SourceMix MixOf(const RecommendRequest& request, const Policy& policy,
                const UserContext& user) {
  SourceMix mix = MixOf(policy, user);
  if (!request.sources.empty()) {
    mix.weights = {};
    for (const Source source : request.sources) mix.weight(source) = 1;
    return mix;
  }
  return mix.empty() ? SourceMix::Default() : mix;
}

SourceMix WithoutVector(SourceMix mix) {
  mix.weight(Source::kPersonal) = 0;
  if (!mix.empty()) return mix;
  const SourceMix by_default = SourceMix::Default();
  for (const Source source : {Source::kTrending, Source::kNew}) {
    mix.weight(source) = by_default.weight(source);
  }
  return mix;
}

SourceMix Cheapest(SourceMix mix) {
  mix.weight(Source::kBecause) = 0;
  mix.weight(Source::kGenre) = 0;
  return WithoutVector(mix);
}

}  // namespace marquee
