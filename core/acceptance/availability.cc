#include "core/acceptance/availability.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/catalog/bitmap.h"

namespace marquee {
namespace {

using Rows = std::vector<uint64_t>;

// More than a real policy has; contexts multiply.
constexpr size_t kMostContexts = 500;

// Fills in the items that a kind may be shown, without regard to licences.
void FillShown(const Snapshot& snapshot, const UserKind& kind,
               CalendarSecond moment, Rows& shown) {
  const BitmapView mature =
      snapshot.catalog().WithinMaturity(kind.maturity_limit);
  shown.assign(mature.begin(), mature.end());
  snapshot.policy().Hide(kind.At(moment), shown);
}

size_t CountBoth(BitmapView a, BitmapView b) {
  size_t count = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    count += static_cast<size_t>(std::popcount(a[i] & b[i]));
  }
  return count;
}

// The moments after `now` until `end` at which a block for the kind begins or
// ends, ascending.
std::vector<CalendarSecond> BlockChanges(const Policy& policy,
                                         const UserKind& kind,
                                         CalendarSecond now,
                                         CalendarSecond end) {
  std::set<CalendarSecond> changes;
  for (const BlockRule& block : policy.blocks) {
    if (!block.audience.Includes(kind.At(now))) continue;
    for (const CalendarSecond change : {block.start, block.end}) {
      if (change > now && change <= end) changes.insert(change);
    }
  }
  return {changes.begin(), changes.end()};
}

void Observe(CalendarSecond moment, size_t count, Availability& out) {
  if (count < out.least) {
    out.least = count;
    out.least_from = moment;
    out.least_until.reset();
  } else if (count > out.least && !out.least_until) {
    out.least_until = moment;
  }
}

// The licences of one country from one moment on.
class CountryWalk {
 public:
  CountryWalk(const Snapshot& snapshot, const std::string& country,
              CalendarSecond now, CalendarSecond end)
      : snapshot_(snapshot), now_(now), end_(end) {
    const LicenceCalendar& licences = snapshot.licences();
    const CountryIndex index = licences.FindCountry(country);
    flips_ = licences.FlipsOf(index);
    first_ = flips_.CountUntil(now);
    last_ = flips_.CountUntil(end);
    const BitmapView initial = licences.Initial(index);
    licensed_now_.assign(initial.begin(), initial.end());
    for (size_t i = 0; i < first_; ++i) FlipBit(licensed_now_, flips_.rows[i]);
  }

  // Merges two ascending lists of moments: the flips of the country, and the
  // beginnings and ends of blocks for the kind. Flips move the count by one. At
  // a change of blocks the items are counted anew, after all flips of that
  // moment, so that a moment is observed once.
  Availability Measure(UserKind kind) {
    licensed_ = licensed_now_;
    FillShown(snapshot_, kind, now_, shown_);
    size_t count = CountBoth(licensed_, shown_);
    Availability out{.kind = std::move(kind),
                     .now = count,
                     .least = count,
                     .least_from = now_};
    const std::vector<CalendarSecond> changes =
        BlockChanges(snapshot_.policy(), out.kind, now_, end_);
    size_t flip = first_;
    for (size_t change = 0; flip < last_ || change < changes.size();) {
      CalendarSecond moment = flip < last_ ? flips_.times[flip] : end_;
      const bool block_changes = change < changes.size() &&
                                 (flip == last_ || changes[change] <= moment);
      if (block_changes) moment = changes[change++];
      for (; flip < last_ && flips_.times[flip] == moment; ++flip) {
        count = Flip(flips_.rows[flip], count);
      }
      if (block_changes) {
        FillShown(snapshot_, out.kind, moment, shown_);
        count = CountBoth(licensed_, shown_);
      }
      Observe(moment, count, out);
    }
    return out;
  }

 private:
  size_t Flip(uint32_t row, size_t count) {
    FlipBit(licensed_, row);
    if (!TestBit(shown_, row)) return count;
    return TestBit(licensed_, row) ? count + 1 : count - 1;
  }

  const Snapshot& snapshot_;
  const CalendarSecond now_;
  const CalendarSecond end_;
  LicenceCalendar::Flips flips_;
  size_t first_ = 0;
  size_t last_ = 0;
  Rows licensed_now_;
  Rows licensed_, shown_;  // memory of Measure
};

using Values = std::vector<std::string> Audience::*;

// Returns the values of one field of an audience that blocks tell apart. Values
// that the same blocks name count as one, the first. "" is a value that no
// block names.
std::vector<std::string> ToldApart(const Policy& policy, Values field) {
  std::map<std::string, std::vector<const BlockRule*>> named;
  for (const BlockRule& block : policy.blocks) {
    for (const std::string& value : block.audience.*field) {
      named[value].push_back(&block);
    }
  }
  std::vector<std::string> values = {""};
  std::set<std::vector<const BlockRule*>> seen;
  for (const auto& [value, blocks] : named) {
    if (seen.insert(blocks).second) values.push_back(value);
  }
  return values;
}

// The contexts that the blocks tell apart, by device, language and scene.
class Contexts {
 public:
  explicit Contexts(const Policy& policy)
      : devices_(ToldApart(policy, &Audience::devices)),
        languages_(ToldApart(policy, &Audience::languages)),
        scenes_(ToldApart(policy, &Audience::scenes)) {
    // First the plain kind, every device, language and scene by itself, and the
    // audience of each block: none of these is ever left out.
    Add("", "", "");
    for (const std::string& device : devices_) Add(device, "", "");
    for (const std::string& language : languages_) Add("", language, "");
    for (const std::string& scene : scenes_) Add("", "", scene);
    for (const BlockRule& block : policy.blocks) {
      Add(FirstOf(block.audience.devices, devices_),
          FirstOf(block.audience.languages, languages_),
          FirstOf(block.audience.scenes, scenes_));
    }
    // Then every combination: blocks for different audiences may apply to one
    // user.
    for (const std::string& device : devices_) {
      for (const std::string& language : languages_) {
        for (const std::string& scene : scenes_) Add(device, language, scene);
      }
    }
  }

  const std::vector<UserKind>& kinds() const { return kinds_; }
  size_t left_out() const {
    return devices_.size() * languages_.size() * scenes_.size() - kinds_.size();
  }

 private:
  // "" if the audience names none; else one that represents a named one.
  static std::string FirstOf(const std::vector<std::string>& audience,
                             const std::vector<std::string>& told_apart) {
    for (const std::string& value : told_apart) {
      if (std::find(audience.begin(), audience.end(), value) !=
          audience.end()) {
        return value;
      }
    }
    return "";
  }

  void Add(const std::string& device, const std::string& language,
           const std::string& scene) {
    if (kinds_.size() == kMostContexts) return;
    if (!added_.emplace(device, language, scene).second) return;
    kinds_.push_back({.device = device, .language = language, .scene = scene});
  }

  const std::vector<std::string> devices_, languages_, scenes_;
  std::set<std::tuple<std::string, std::string, std::string>> added_;
  std::vector<UserKind> kinds_;
};

}  // namespace

UserContext UserKind::At(CalendarSecond moment) const {
  return {.country = country,
          .device = device,
          .language = language,
          .scene = scene,
          .maturity_limit = maturity_limit,
          .now = moment};
}

std::string Describe(const UserKind& kind) {
  std::string text = kind.country.empty() ? "in an unknown country"
                                          : absl::StrCat("in ", kind.country);
  if (kind.maturity_limit == UserTable::kNoMaturityLimit) {
    absl::StrAppend(&text, " without an age limit");
  } else {
    absl::StrAppend(&text, " with age limit ", kind.maturity_limit);
  }
  if (!kind.device.empty()) {
    absl::StrAppend(&text, " on device '", kind.device, "'");
  }
  if (!kind.language.empty()) {
    absl::StrAppend(&text, " with language '", kind.language, "'");
  }
  if (!kind.scene.empty()) {
    absl::StrAppend(&text, " in scene '", kind.scene, "'");
  }
  return text;
}

size_t ContextsLeftOut(const Policy& policy) {
  return Contexts(policy).left_out();
}

std::vector<Availability> MeasureAvailability(const Snapshot& snapshot,
                                              CalendarSecond now,
                                              absl::Duration ahead) {
  std::set<std::pair<std::string, int>> users;
  std::set<std::string> countries = {""};
  std::set<int> limits = {UserTable::kNoMaturityLimit};
  for (const UserTable::Profile& profile : snapshot.users().Profiles()) {
    const std::string country(profile.country);
    users.emplace(country, profile.maturity_limit);
    users.emplace(country, UserTable::kNoMaturityLimit);
    countries.insert(country);
    limits.insert(profile.maturity_limit);
  }
  if (users.empty()) users.emplace("", UserTable::kNoMaturityLimit);
  const CalendarSecond end =
      ToCalendarSecond(absl::FromUnixSeconds(now) + ahead);
  const Contexts contexts(snapshot.policy());
  std::vector<Availability> measured;
  for (const std::string& country : countries) {
    CountryWalk walk(snapshot, country, now, end);
    for (const int limit : limits) {
      for (UserKind kind : contexts.kinds()) {
        kind.country = country;
        kind.maturity_limit = limit;
        kind.expected = users.contains({country, limit});
        measured.push_back(walk.Measure(std::move(kind)));
      }
    }
  }
  return measured;
}

}  // namespace marquee
