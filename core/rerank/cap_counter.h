// Counts, for one list under way, the items of each value and their places.
// Finds the values that the caps close.
//
//   caps.Begin(policy, context, places);
//   caps.Place(pin, 4);
//   for (size_t place = 0; place < places; ++place) {
//     caps.GoTo(place);
//     … if (caps.Fits(row, CapMode::kAll)) caps.Place(row, place);
//   }
//
// A cap of the whole list closes a value for good once the list has `max` items
// of it. A cap of a window closes values place by place. GoTo finds once what a
// window closes at a place, so a candidate costs one lookup per value.
#ifndef MARQUEE_CORE_RERANK_CAP_COUNTER_H_
#define MARQUEE_CORE_RERANK_CAP_COUNTER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/rerank/policy.h"

namespace marquee {

// The caps that apply: all, or the strict ones.
enum class CapMode : uint8_t { kAll, kStrict };
inline constexpr size_t kCapModes = 2;

// A value of which no further item may be in the list, or at a place.
struct ClosedValue {
  const CapRule* rule;
  uint32_t code;
  friend bool operator==(const ClosedValue&, const ClosedValue&) = default;
};

// Whether the rule applies in the mode.
inline bool Holds(const CapRule& rule, CapMode mode) {
  return mode == CapMode::kAll || rule.strict;
}

// Externally synchronised. Reused for each request; allocates only until it has
// grown.
class CapCounter {
 public:
  // Begins a list of `places` places under the active caps of the policy. The
  // policy must outlive the list.
  void Begin(const Policy& policy, const UserContext& context, size_t places);

  // Whether some active cap may be relaxed.
  bool can_relax() const { return can_relax_; }

  // Returns the first cap that does not allow the item at the place (from 0);
  // nullptr if all allow it. A window cap checks every stretch of its length
  // that contains the place, so items already placed further down count. Slow
  // and simple: for pins and explanations, and as the oracle of Fits.
  const CapRule* Violated(ItemRow row, size_t place, CapMode mode) const;

  void Place(ItemRow row, size_t place);
  // Removes an item that moves. It must be placed again before any other call
  // but Violated. Requires: the item is at the place, behind the place of GoTo.
  void Remove(ItemRow row, size_t place);

  // Moves to a later place; never back.
  void GoTo(size_t place);
  // Whether the item fits at the place of GoTo: true if and only if Violated
  // returns nullptr.
  bool Fits(ItemRow row, CapMode mode) const;

  // The values that caps of the whole list have closed, in the order of
  // closing. Only grows during a list; may repeat a value.
  std::span<const ClosedValue> closed() const { return closed_; }
  // The values that window caps close at the place of GoTo.
  std::span<const ClosedValue> closed_here() const { return closed_here_; }

 private:
  struct ActiveCap {
    const CapRule* rule = nullptr;
    bool whole = true;  // counts the whole list
    // By code: the items in the list; for a window, those in the places that a
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
  bool can_relax_ = false;
  size_t at_ = 0;           // the place of GoTo
  size_t last_placed_ = 0;  // no item is behind it
  std::vector<std::optional<ItemRow>> placed_;
  std::vector<ClosedValue> closed_;
  std::vector<ClosedValue> closed_here_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_CAP_COUNTER_H_
