#include "core/rerank/policy_check.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "core/base/request_limits.h"
#include "core/catalog/locale_codes.h"
#include "core/rerank/backfill.h"
#include "core/rerank/cap_counter.h"
#include "core/users/devices.h"

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
    never(absl::StrCat(catalog.DescribeMaturity(pin.row),
                       ", the audience is limited to ", *limit));
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

// Counts only pins that are always active for all users: those certainly meet.
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

std::string TellUnknownDevice(absl::string_view device) {
  return absl::StrCat(
      "the device '", device, "' is none of ",
      absl::StrJoin(KnownDevices(), ", "),
      ": is it what callers send? Then `devices` declares all that they send");
}

template <typename Rules>
void AddUnknownCodes(const Rules& rules, absl::string_view kind,
                     bool devices_are_declared,
                     std::vector<PolicyFault>& faults) {
  for (const Rule& rule : rules) {
    const auto add = [&](absl::string_view what) {
      faults.push_back(
          {rule.line, absl::StrCat(kind, " '", rule.name, "': ", what)});
    };
    for (const std::string& country : rule.audience.countries) {
      if (!IsCountryCode(country)) add(TellUnknownCountry(country));
    }
    for (const std::string& language : rule.audience.languages) {
      if (!IsLanguageTag(language)) add(TellUnknownLanguage(language));
    }
    if (devices_are_declared) continue;
    for (const std::string& device : rule.audience.devices) {
      if (!FindDevice(device)) add(TellUnknownDevice(device));
    }
  }
}

void SortByLine(std::vector<PolicyFault>& faults) {
  std::stable_sort(faults.begin(), faults.end(),
                   [](const PolicyFault& a, const PolicyFault& b) {
                     return a.line < b.line;
                   });
}

// All items, mixed: a catalogue may be sorted by the attribute, but popularity
// is not.
std::vector<ItemRow> Mixed(size_t items) {
  constexpr uint32_t kOdd = 0x9E3779B1;  // 2^32 / golden ratio: no two alike
  std::vector<ItemRow> rows;
  for (uint32_t row = 0; row < items; ++row) rows.push_back(ItemRow{row});
  std::sort(rows.begin(), rows.end(), [](ItemRow a, ItemRow b) {
    return Index(a) * kOdd < Index(b) * kOdd;
  });
  return rows;
}

// Returns how many of the places are filled from the whole catalogue under the
// cap alone, before it is relaxed or the list ends. It also stops where a
// bounded search does not find the items that are left, as in a server.
size_t FillFromAll(const CapRule& cap, const Catalog& catalog, size_t places) {
  Policy alone;
  alone.caps.push_back(cap);
  static_cast<Rule&>(alone.caps[0]) = Rule{};
  const std::vector<ItemRow> rows = Mixed(catalog.size());
  std::vector<uint64_t> eligible(BitmapWords(rows.size()), 0);
  for (const ItemRow row : rows) SetBit(eligible, Index(row));
  CapCounter caps;
  caps.Begin(alone, {}, places);
  Backfill items;
  items.Begin({.everywhere = rows}, eligible);
  for (size_t place = 0; place < places; ++place) {
    caps.GoTo(place);
    const std::optional<ItemRow> row = items.Find(caps, CapMode::kAll);
    if (!row) return place;
    items.Take(*row);
    caps.Place(*row, place);
  }
  return places;
}

}  // namespace

std::vector<PolicyFault> FindContradictions(const Policy& policy,
                                            const Catalog& catalog,
                                            const LicenceCalendar& calendar) {
  std::vector<PolicyFault> faults;
  for (const BlockRule& block : policy.blocks) {
    if (catalog.size() > 0 && CountBits(block.shown) == 0) {
      faults.push_back({block.line, absl::StrCat("block '", block.name,
                                                 "' hides every item")});
    }
  }
  for (const PinRule& pin : policy.pins)
    CheckPin(pin, policy, catalog, calendar, faults);
  CheckPinPairs(policy, catalog, faults);
  for (const CapRule& cap : policy.caps) CheckCap(cap, policy, faults);
  return faults;
}

std::vector<PolicyFault> FindUnfillable(const Policy& policy,
                                        const Catalog& catalog) {
  const size_t places =
      std::min(static_cast<size_t>(kMaxLimit), catalog.size());
  std::vector<PolicyFault> faults;
  for (const CapRule& cap : policy.caps) {
    const size_t filled = FillFromAll(cap, catalog, places);
    if (filled == places) continue;
    const absl::string_view then =
        cap.strict ? "ends a list after about " : "is relaxed after about ";
    faults.push_back(
        {cap.line, absl::StrCat("cap '", cap.name, "' ", then, filled,
                                " items, even where all may be shown; a "
                                "request may ask for ",
                                kMaxLimit)});
  }
  return faults;
}

std::vector<PolicyFault> FindEnded(const Policy& policy, CalendarSecond now) {
  std::vector<PolicyFault> ended;
  AddEnded(policy.blocks, "block", now, ended);
  AddEnded(policy.boosts, "boost", now, ended);
  AddEnded(policy.freshness, "freshness", now, ended);
  AddEnded(policy.pins, "pin", now, ended);
  AddEnded(policy.sources, "source", now, ended);
  SortByLine(ended);
  return ended;
}

std::vector<PolicyFault> FindUnknownCodes(const Policy& policy) {
  std::vector<PolicyFault> faults;
  const auto add = [&](const auto& rules, absl::string_view kind) {
    AddUnknownCodes(rules, kind, policy.declares_devices, faults);
  };
  add(policy.blocks, "block");
  add(policy.boosts, "boost");
  add(policy.freshness, "freshness");
  add(policy.caps, "cap");
  add(policy.pins, "pin");
  add(policy.sources, "source");
  SortByLine(faults);
  return faults;
}

}  // namespace marquee
