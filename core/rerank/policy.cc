#include "core/rerank/policy.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "absl/strings/match.h"
#include "core/catalog/locale_codes.h"

namespace marquee {
namespace {

// Whether is(value, allowed) holds for an allowed value, or no value is named.
template <typename Is>
bool Holds(const std::vector<std::string>& allowed, absl::string_view value,
           Is is) {
  return allowed.empty() ||
         std::any_of(allowed.begin(), allowed.end(),
                     [&](absl::string_view one) { return is(value, one); });
}

}  // namespace

bool Audience::Includes(const UserContext& context) const {
  constexpr std::equal_to<absl::string_view> kSame;
  return Holds(countries, context.country, kSame) &&
         Holds(devices, context.device, absl::EqualsIgnoreCase) &&
         Holds(languages, context.language, IsOfLanguage) &&
         Holds(scenes, context.scene, kSame) &&
         (!maturity_limit_at_most ||
          context.maturity_limit <= *maturity_limit_at_most);
}

float FreshnessRule::LogMultiplier(int32_t age_days) const {
  if (age_days < 0) return 0;
  const float left = std::exp2(-static_cast<float>(age_days) / half_life_days);
  return std::log1p((multiplier - 1) * left);
}

void Policy::Hide(const UserContext& context, MutableBitmap eligible) const {
  for (const BlockRule& block : blocks) {
    if (block.IsActive(context)) AndInto(eligible, block.shown);
  }
}

const BlockRule* Policy::HiddenBy(const UserContext& context,
                                  ItemRow row) const {
  for (const BlockRule& block : blocks) {
    if (!TestBit(block.shown, Index(row)) && block.IsActive(context))
      return &block;
  }
  return nullptr;
}

}  // namespace marquee
