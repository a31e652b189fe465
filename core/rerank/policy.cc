#include "core/rerank/policy.h"

#include <algorithm>
#include <cmath>

namespace marquee {
namespace {

bool Holds(const std::vector<std::string>& allowed, absl::string_view value) {
  return allowed.empty() ||
         std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

}  // namespace

bool Audience::Includes(const PolicyContext& context) const {
  return Holds(countries, context.country) && Holds(devices, context.device) &&
         Holds(languages, context.language) && Holds(scenes, context.scene) &&
         (!maturity_limit_at_most ||
          context.maturity_limit <= *maturity_limit_at_most);
}

float FreshnessRule::LogMultiplier(int32_t age_days) const {
  if (age_days < 0) return 0;
  const float left = std::exp2(-static_cast<float>(age_days) / half_life_days);
  return std::log1p((multiplier - 1) * left);
}

void Policy::Hide(const PolicyContext& context, MutableBitmap eligible) const {
  for (const BlockRule& block : blocks) {
    if (block.IsActive(context)) AndInto(eligible, block.shown);
  }
}

const BlockRule* Policy::HiddenBy(const PolicyContext& context,
                                  ItemRow row) const {
  for (const BlockRule& block : blocks) {
    if (!TestBit(block.shown, Index(row)) && block.IsActive(context))
      return &block;
  }
  return nullptr;
}

}  // namespace marquee
