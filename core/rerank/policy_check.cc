#include "core/rerank/policy_check.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace marquee {
namespace {

// Whether `outer` is active whenever `inner` is.
bool Covers(const Rule& outer, const Rule& inner) {
  return outer.start <= inner.start && outer.end >= inner.end &&
         (outer.audience == Audience{} || outer.audience == inner.audience);
}

bool Overlap(const Rule& a, const Rule& b) {
  return a.start < b.end && b.start < a.end && a.audience == b.audience;
}

bool EverLicensed(const PinRule& pin, const LicenceCalendar& calendar) {
  for (const StoredWindow& window : calendar.Windows(pin.row)) {
    if (window.start >= pin.end || pin.start >= window.end) continue;
    const std::vector<std::string>& countries = pin.audience.countries;
    if (countries.empty() || window.country == kEveryCountry ||
        std::find(countries.begin(), countries.end(),
                  calendar.CountryCode(window.country)) != countries.end()) {
      return true;
    }
  }
  return false;
}

void CheckPin(const PinRule& pin, const Policy& policy, const Catalog& catalog,
              const LicenceCalendar& calendar,
              std::vector<PolicyFault>& faults) {
  const auto never = [&](absl::string_view why) {
    faults.push_back(
        {pin.line, absl::StrCat("pin '", pin.name, "' can never be shown: '",
                                catalog.Id(pin.row), "' ", why)});
  };
  if (!EverLicensed(pin, calendar))
    never("is not licensed there while the pin is active");
  const std::optional<int>& limit = pin.audience.maturity_limit_at_most;
  if (limit && catalog.Maturity(pin.row) > *limit) {
    never(absl::StrCat("is for ", catalog.Maturity(pin.row),
                       " years, the audience is limited to ", *limit));
  }
  for (const BlockRule& block : policy.blocks) {
    if (!TestBit(block.shown, Index(pin.row)) && Covers(block, pin)) {
      never(absl::StrCat("is hidden by block '", block.name, "' of line ",
                         block.line));
    }
  }
}

void CheckPinPairs(const Policy& policy, const Catalog& catalog,
                   std::vector<PolicyFault>& faults) {
  for (size_t i = 0; i < policy.pins.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const PinRule& pin = policy.pins[i];
      const PinRule& earlier = policy.pins[j];
      if (!Overlap(pin, earlier)) continue;
      const std::string other =
          absl::StrCat("as pin '", earlier.name, "' of line ", earlier.line,
                       ", at the same time");
      if (pin.position == earlier.position) {
        faults.push_back(
            {pin.line, absl::StrCat("pin '", pin.name, "' takes place ",
                                    pin.position, ", ", other)});
      }
      if (pin.row == earlier.row) {
        faults.push_back(
            {pin.line, absl::StrCat("pin '", pin.name, "' places '",
                                    catalog.Id(pin.row), "', ", other)});
      }
    }
  }
}

// Counts only pins that are always active for everybody: those certainly meet.
void CheckCap(const CapRule& cap, const Policy& policy,
              std::vector<PolicyFault>& faults) {
  std::map<uint32_t, int> pinned;
  for (const PinRule& pin : policy.pins) {
    if (pin.audience != Audience{} || pin.start != 0 || pin.end != kNeverEnds)
      continue;
    for (const uint32_t code : cap.attribute->Codes(pin.row)) ++pinned[code];
  }
  for (const auto& [code, count] : pinned) {
    if (cap.window == 0 && count > cap.max) {
      faults.push_back(
          {cap.line, absl::StrCat("cap '", cap.name, "' allows ", cap.max,
                                  " of '", cap.attribute->Value(code),
                                  "', but ", count, " are pinned")});
    }
  }
}

template <typename Rules>
void AddEnded(const Rules& rules, absl::string_view kind, CalendarSecond now,
              std::vector<PolicyFault>& ended) {
  for (const Rule& rule : rules) {
    if (rule.end == kNeverEnds || rule.end > now) continue;
    const std::string end =
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(rule.end),
                         absl::UTCTimeZone());
    ended.push_back({rule.line, absl::StrCat(kind, " '", rule.name,
                                             "' has no effect any more: its "
                                             "window ended at ",
                                             end)});
  }
}

}  // namespace

std::vector<PolicyFault> FindContradictions(const Policy& policy,
                                            const Catalog& catalog,
                                            const LicenceCalendar& calendar) {
  std::vector<PolicyFault> faults;
  for (const BlockRule& block : policy.blocks) {
    if (catalog.size() > 0 && CountBits(block.shown) == 0) {
      faults.push_back({block.line, absl::StrCat("block '", block.name,
                                                 "' hides every title")});
    }
  }
  for (const PinRule& pin : policy.pins)
    CheckPin(pin, policy, catalog, calendar, faults);
  CheckPinPairs(policy, catalog, faults);
  for (const CapRule& cap : policy.caps) CheckCap(cap, policy, faults);
  return faults;
}

std::vector<PolicyFault> FindUnfillable(const Policy& policy,
                                        const Catalog& catalog, size_t list) {
  std::vector<PolicyFault> faults;
  for (const CapRule& cap : policy.caps) {
    if (!cap.never_gives_way || cap.window != 0) continue;
    size_t most = 0;
    for (uint32_t code = 0; code < cap.attribute->values(); ++code) {
      most += std::min(static_cast<size_t>(cap.max),
                       cap.attribute->Titles(code).size());
    }
    for (uint32_t row = 0; row < catalog.size() && most < list; ++row) {
      most += cap.attribute->Codes(ItemRow{row}).empty();
    }
    if (most >= list) continue;
    faults.push_back(
        {cap.line, absl::StrCat("cap '", cap.name,
                                "' never gives way, and so no list "
                                "has more than ",
                                most, " titles; a list is ", list)});
  }
  return faults;
}

std::vector<PolicyFault> FindEnded(const Policy& policy, CalendarSecond now) {
  std::vector<PolicyFault> ended;
  AddEnded(policy.blocks, "block", now, ended);
  AddEnded(policy.boosts, "boost", now, ended);
  AddEnded(policy.freshness, "freshness", now, ended);
  AddEnded(policy.pins, "pin", now, ended);
  std::stable_sort(ended.begin(), ended.end(),
                   [](const PolicyFault& a, const PolicyFault& b) {
                     return a.line < b.line;
                   });
  return ended;
}

}  // namespace marquee
