// The candidates that may be at a place, as bits: bit i is candidate i.
//
// The candidates of each value are found once per list, when a cap first closes
// a value of the attribute. After that, a closed value leaves the set word by
// word: eight words for 500 candidates.
#ifndef MARQUEE_CORE_RERANK_OPEN_CANDIDATES_H_
#define MARQUEE_CORE_RERANK_OPEN_CANDIDATES_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/catalog/attribute.h"
#include "core/catalog/bitmap.h"
#include "core/rerank/boosts.h"
#include "core/rerank/cap_counter.h"

namespace marquee {

// Externally synchronised. Reused for each request; allocates only until it has
// grown.
class OpenCandidates {
 public:
  // Begins a list. `candidates` must outlive it.
  void Begin(std::span<const Candidate> candidates);

  // Records that candidate `i` is in the list.
  void Take(size_t i);

  // Returns the candidates that are not taken and fit under the caps of the
  // mode, at the place of `caps`: those for which CapCounter::Fits is true.
  // Valid until the next call.
  BitmapView At(const CapCounter& caps, CapMode mode);

 private:
  // The candidates of an attribute's values.
  struct ByValue {
    const Attribute* attribute = nullptr;
    std::vector<uint32_t> set_of;  // by code, from 1; 0: no candidate has it
    std::vector<uint32_t> codes;   // of the sets
    std::vector<uint64_t> sets;    // [codes × words]
  };
  // Of one mode.
  struct Open {
    std::vector<uint64_t> bits;
    size_t applied = 0;  // of CapCounter::closed()
  };

  void Forget();
  void Remove(const ClosedValue& value, MutableBitmap bits);
  const ByValue& Of(const Attribute& attribute);
  void Fill(const Attribute& attribute, ByValue& out) const;

  std::span<const Candidate> candidates_;
  std::array<Open, kCapModes> open_;
  std::vector<uint64_t> here_;  // what At returns
  std::vector<ByValue> by_value_;
  size_t attributes_ = 0;  // of by_value_, in use
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_OPEN_CANDIDATES_H_
