#include "core/catalog/eligibility.h"

#include <algorithm>

#include "core/base/check.h"

namespace marquee {

Eligibility::Eligibility(const Catalog& catalog,
                         const LicenceCalendar& calendar, CalendarSecond now)
    : catalog_(catalog), calendar_(calendar) {
  MARQUEE_CHECK(catalog.size() == calendar.items());
  for (size_t c = 0; c < calendar.countries(); ++c) {
    const BitmapView initial = calendar.Initial(static_cast<CountryIndex>(c));
    auto checkpoint = std::make_shared<Checkpoint>();
    checkpoint->bits.assign(initial.begin(), initial.end());
    checkpoints_.push_back(std::move(checkpoint));
  }
  Advance(now);
}

void Eligibility::Apply(const LicenceCalendar::Flips& calendar,
                        const Checkpoint& from, size_t flips,
                        MutableBitmap bits) {
  std::copy(from.bits.begin(), from.bits.end(), bits.begin());
  // A flip undoes itself, so the same flips lead forwards and backwards.
  const auto [first, last] = std::minmax(from.flips, flips);
  for (size_t i = first; i < last; ++i) FlipBit(bits, calendar.rows[i]);
}

std::shared_ptr<const Eligibility::Checkpoint> Eligibility::CheckpointOf(
    CountryIndex country) const {
  absl::ReaderMutexLock lock(&mu_);
  return checkpoints_[static_cast<size_t>(country)];
}

void Eligibility::Fill(CountryIndex country, CalendarSecond t,
                       int maturity_limit, MutableBitmap bits) const {
  const LicenceCalendar::Flips flips = calendar_.FlipsOf(country);
  Apply(flips, *CheckpointOf(country), flips.CountUntil(t), bits);
  AndInto(bits, catalog_.WithinMaturity(maturity_limit));
}

void Eligibility::Advance(CalendarSecond now) {
  for (size_t c = 0; c < calendar_.countries(); ++c) {
    const CountryIndex country = static_cast<CountryIndex>(c);
    const LicenceCalendar::Flips flips = calendar_.FlipsOf(country);
    const std::shared_ptr<const Checkpoint> old = CheckpointOf(country);
    const size_t count = flips.CountUntil(now);
    if (count == old->flips) continue;
    auto next = std::make_shared<Checkpoint>();
    next->flips = count;
    next->bits.resize(old->bits.size());
    Apply(flips, *old, count, next->bits);
    // The set is made outside of the lock: a request waits for the exchange of
    // a pointer at most. `old` keeps the replaced set until the lock is
    // released.
    absl::MutexLock lock(&mu_);
    checkpoints_[c] = std::move(next);
  }
}

}  // namespace marquee
