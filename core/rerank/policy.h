// The compiled rules: an editor's policy, resolved against one catalogue.
//
// Names are codes and sets of rows; times are calendar seconds. No function
// here can fail or allocates while a request is served.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const std::unique_ptr<const Policy> policy,
//       LoadPolicy(text, "policy.textproto", catalog, calendar));
//   policy->Hide(user.context, eligible);
#ifndef MARQUEE_CORE_RERANK_POLICY_H_
#define MARQUEE_CORE_RERANK_POLICY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/attribute.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/candidate.h"
#include "core/catalog/licence_calendar.h"
#include "core/catalog/popularity.h"
#include "core/catalog/value_bitmaps.h"
#include "core/users/user_context.h"

namespace marquee {

// The users and requests that a rule applies to. Lists are ascending.
struct Audience {
  std::vector<std::string> countries;
  std::vector<std::string> devices;    // lower case; matched in any
  std::vector<std::string> languages;  // lower case, with '-'; as IsOfLanguage
  std::vector<std::string> scenes;
  std::optional<int> maturity_limit_at_most;

  bool Includes(const UserContext& context) const;
  friend bool operator==(const Audience&, const Audience&) = default;
};

// The fields of every rule.
struct Rule {
  std::string name;
  Audience audience;
  CalendarSecond start = 0;
  CalendarSecond end = kNeverEnds;
  int line = 0;  // in the policy file, from 1

  bool IsActive(const UserContext& context) const {
    return start <= context.now && (context.now < end || end == kNeverEnds) &&
           audience.Includes(context);
  }
};

struct BlockRule : Rule {
  std::vector<uint64_t> shown;  // the items that the rule lets pass
};

struct BoostRule : Rule {
  std::vector<uint64_t> items;
  float log_multiplier = 0;
};

struct FreshnessRule : Rule {
  float multiplier = 1;
  float half_life_days = 1;

  // Returns ln of the multiplier for an item of this age; 0 for one that is not
  // released yet.
  float LogMultiplier(int32_t age_days) const;
};

struct CapRule : Rule {
  const Attribute* attribute = nullptr;
  std::shared_ptr<const ValueBitmaps> items;  // of the attribute
  int max = 0;
  int window = 0;  // 0: the whole list
  bool strict = false;
};

struct PinRule : Rule {
  ItemRow row{};
  int position = 0;  // from 1
};

// A source of candidates, with what it needs to know (CandidateSource in
// policy.proto).
struct SourceRule : Rule {
  Source source = Source::kPersonal;
  int weight = 1;
  Horizon horizon = Horizon::kWeek;
  int new_days = 365;
};

// Immutable after construction. The catalogue that it was compiled for must
// outlive it.
struct Policy {
  std::vector<BlockRule> blocks;
  std::vector<BoostRule> boosts;
  std::vector<FreshnessRule> freshness;
  std::vector<CapRule> caps;
  std::vector<PinRule> pins;
  std::vector<SourceRule> sources;
  // The names that requests may use without a warning, ascending: those that
  // the editor declared, else those in audiences. Devices in lower case.
  std::vector<std::string> devices;
  std::vector<std::string> scenes;
  bool declares_devices = false;
  std::string diversity_name;
  float diversity_strength = 0;
  int diversity_pool = 0;  // 0: five times the limit of the request

  // Clears the items that an active block hides.
  void Hide(const UserContext& context, MutableBitmap eligible) const;
  // Returns the first active block that hides the item; nullptr if none does.
  const BlockRule* HiddenBy(const UserContext& context, ItemRow row) const;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_POLICY_H_
