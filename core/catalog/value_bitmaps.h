// The items of each value of an attribute as sets. Removes the items of a value
// from a set, quickly for rare and for common values.
//
// A common value is kept as a bitmap, so its items are removed word by word
// (62.5 KB for 500 k items, some microseconds). A rare value is a list of
// items.
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
  // `items`: the number of items of the catalogue. Keeps at most 64 bitmaps
  // times the average number of values per item.
  ValueBitmaps(const Attribute& attribute, size_t items);

  // Clears the bits of the items that have the value. Requires: bits.size() ==
  // BitmapWords(items).
  void Remove(uint32_t code, MutableBitmap bits) const;

  // Returns the items that have the value; empty for a rare value.
  BitmapView Common(uint32_t code) const;

 private:
  const Attribute* attribute_;
  size_t words_;
  std::vector<uint32_t> bitmap_of_;  // by code; kRare: no bitmap
  std::vector<uint64_t> bitmaps_;    // [bitmaps × words]
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_VALUE_BITMAPS_H_
