// The titles of the values of an attribute as sets: takes them out of a set,
// and tells whether anything is left, quickly for rare values and for common
// ones.
//
// A value of many titles is kept as a bitmap, so that a set loses them word by
// word (62.5 KB for 500 k titles, some microseconds); a rare one is a list.
#ifndef MARQUEE_CORE_CATALOG_VALUE_BITMAPS_H_
#define MARQUEE_CORE_CATALOG_VALUE_BITMAPS_H_

#include <cstdint>
#include <vector>

#include "core/catalog/attribute.h"
#include "core/catalog/bitmap.h"

namespace marquee {

// Immutable after construction. The attribute must outlive it.
class ValueBitmaps {
 public:
  // `titles`: of the catalogue. Keeps at most 64 bitmaps for each value that a
  // title has on average.
  ValueBitmaps(const Attribute& attribute, size_t titles);

  // Clears the bits of the titles that have the value. Requires: bits.size() ==
  // BitmapWords(titles).
  void Remove(uint32_t code, MutableBitmap bits) const;

  // The titles that have the value; empty for a rare one.
  BitmapView Common(uint32_t code) const;

 private:
  const Attribute* attribute_;
  size_t words_;
  std::vector<uint32_t> bitmap_of_;  // by code; kRare: none
  std::vector<uint64_t> bitmaps_;    // [bitmaps × words]
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_VALUE_BITMAPS_H_
