// Counts, for one list under way, how many titles of each kind stand where, and
// which kinds the caps close.
//
//   caps.Begin(policy, context, places);
//   caps.Place(pin, 4);
//   for (size_t place = 0; place < places; ++place) {
//     caps.GoTo(place);
//     … if (caps.Fits(row, CapMode::kAll)) caps.Place(row, place);
//   }
//
// A cap of the whole list closes a value for good once it has `max` titles. A
// cap of a window closes values place by place; what it closes at a place is
// found once, when the list comes there, so that a candidate costs one look a
// value.
#ifndef MARQUEE_CORE_RERANK_CAP_COUNTER_H_
#define MARQUEE_CORE_RERANK_CAP_COUNTER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/rerank/policy.h"

namespace marquee {

// Which caps hold: all, or those that never give way.
enum class CapMode : uint8_t { kAll, kUnyielding };
inline constexpr size_t kCapModes = 2;

// A value of which no further title may stand in the list, or at a place.
struct ClosedValue {
  const CapRule* rule;
  uint32_t code;
  friend bool operator==(const ClosedValue&, const ClosedValue&) = default;
};

// Whether the rule counts in the mode.
inline bool Holds(const CapRule& rule, CapMode mode) {
  return mode == CapMode::kAll || rule.never_gives_way;
}

// Externally synchronised; used again for each request without allocating once
// it has grown.
class CapCounter {
 public:
  // Begins a list of `places` places under the caps of the policy that are
  // active. The policy must outlive the list.
  void Begin(const Policy& policy, const UserContext& context, size_t places);

  // Whether some active cap may give way.
  bool can_give_way() const { return can_give_way_; }

  // The first cap that does not allow the title at the place (from 0); nullptr:
  // all do. A window cap looks at every stretch of its length that holds the
  // place, so titles that already stand further down count. Slow and obvious;
  // for pins and explanations, and the oracle of Fits.
  const CapRule* Violated(ItemRow row, size_t place, CapMode mode) const;

  void Place(ItemRow row, size_t place);
  // For a title that moves: it is placed again before anything else is asked.
  // Requires: it stands there, behind the place of GoTo.
  void Remove(ItemRow row, size_t place);

  // Moves on to a place; never back.
  void GoTo(size_t place);
  // Whether the title fits at the place of GoTo: where Violated is nullptr.
  bool Fits(ItemRow row, CapMode mode) const;

  // The values that caps of the whole list have closed, in the order in which
  // they did. Only grows during a list; may repeat one.
  std::span<const ClosedValue> closed() const { return closed_; }
  // The values that window caps close at the place of GoTo.
  std::span<const ClosedValue> closed_here() const { return closed_here_; }

 private:
  struct ActiveCap {
    const CapRule* rule = nullptr;
    bool whole = true;  // counts the whole list
    // By code: titles in the list or, for a window, in the places that a
    // stretch ending at the place of GoTo has before it.
    std::vector<uint8_t> count;
    std::vector<uint8_t> closed;    // by code, at the place of GoTo
    std::vector<uint32_t> counted;  // codes that may have a count
    std::vector<uint32_t> full;     // codes with a count of `max` or more
  };

  void Forget();
  void Count(ActiveCap& cap, ItemRow row);
  void Discount(ActiveCap& cap, ItemRow row);
  void CloseHere(ActiveCap& cap);
  void AddTo(ActiveCap& cap, size_t place, int step) const;
  bool ViolatedInWindow(const CapRule& cap, uint32_t code, size_t place) const;

  std::vector<ActiveCap> caps_;
  size_t active_ = 0;
  bool can_give_way_ = false;
  size_t at_ = 0;           // the place of GoTo
  size_t last_placed_ = 0;  // no title stands behind it
  std::vector<std::optional<ItemRow>> placed_;
  std::vector<ClosedValue> closed_;
  std::vector<ClosedValue> closed_here_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_CAP_COUNTER_H_
