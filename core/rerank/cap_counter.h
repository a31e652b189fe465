// Counts, for one list under way, how many titles of each kind stand where.
#ifndef MARQUEE_CORE_RERANK_CAP_COUNTER_H_
#define MARQUEE_CORE_RERANK_CAP_COUNTER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/rerank/policy.h"

namespace marquee {

// Externally synchronised; used again for each request without allocating once
// it has grown.
class CapCounter {
 public:
  // Begins a list of `places` places under the caps of the policy that are
  // active. The policy must outlive the list.
  void Begin(const Policy& policy, const PolicyContext& context, size_t places);

  // The first cap that does not allow the title at the place (from 0); nullptr:
  // all do. A window cap looks at every stretch of its length that holds the
  // place, so titles that already stand further down count. With
  // `only_unyielding`, asks only those that never give way.
  const CapRule* Violated(ItemRow row, size_t place,
                          bool only_unyielding = false) const;

  void Place(ItemRow row, size_t place);
  // Requires: the title stands there.
  void Remove(ItemRow row, size_t place);

 private:
  const CapRule* ViolatedInWindow(const CapRule& cap, uint32_t code,
                                  size_t place) const;

  struct ActiveCap {
    const CapRule* rule = nullptr;
    std::vector<uint8_t> count;     // by code, for caps of the whole list
    std::vector<uint32_t> counted;  // codes that may have a count
  };

  std::vector<ActiveCap> caps_;
  size_t active_ = 0;
  std::vector<std::optional<ItemRow>> placed_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_CAP_COUNTER_H_
