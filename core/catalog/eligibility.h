// The set of items that may be shown in a country at a moment under an age
// limit, for any moment.
//
// The algorithm keeps one checkpoint per country, the set near "now". A request
// copies it and flips the few licences that opened or closed between the
// checkpoint and the request's moment. The set is right at any moment. Near the
// checkpoint it takes the time of a copy (62.5 KB for 500 k items).
#ifndef MARQUEE_CORE_CATALOG_ELIGIBILITY_H_
#define MARQUEE_CORE_CATALOG_ELIGIBILITY_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/catalog.h"
#include "core/catalog/licence_calendar.h"

namespace marquee {

// Thread-safe. The catalogue and the calendar must outlive it.
class Eligibility {
 public:
  Eligibility(const Catalog& catalog, const LicenceCalendar& calendar,
              CalendarSecond now);

  // Writes the items that are licensed in `country` at `t` and whose minimum
  // age is at most `maturity_limit`. Requires: bits.size() ==
  // BitmapWords(number of items).
  void Fill(CountryIndex country, CalendarSecond t, int maturity_limit,
            MutableBitmap bits) const;

  // Moves the checkpoints to `now`. Only speed depends on this. Called about
  // once a minute.
  void Advance(CalendarSecond now);

 private:
  struct Checkpoint {
    size_t flips = 0;  // number of the country's flips applied to `bits`
    std::vector<uint64_t> bits;
  };

  // Writes the checkpoint's set with all flips between it and position `flips`
  // applied.
  static void Apply(const LicenceCalendar::Flips& calendar,
                    const Checkpoint& from, size_t flips, MutableBitmap bits);
  std::shared_ptr<const Checkpoint> CheckpointOf(CountryIndex country) const;

  const Catalog& catalog_;
  const LicenceCalendar& calendar_;

  mutable absl::Mutex mu_;
  std::vector<std::shared_ptr<const Checkpoint>> checkpoints_
      ABSL_GUARDED_BY(mu_);
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_ELIGIBILITY_H_
