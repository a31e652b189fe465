#include "core/catalog/value_bitmaps.h"

#include <limits>

namespace marquee {
namespace {

constexpr uint32_t kRare = std::numeric_limits<uint32_t>::max();
// A value is common if at least one item in so many has it. Below that,
// clearing items one by one is faster than reading a whole bitmap.
constexpr size_t kCommonShare = 64;

}  // namespace

ValueBitmaps::ValueBitmaps(const Attribute& attribute, size_t items)
    : attribute_(&attribute),
      words_(BitmapWords(items)),
      bitmap_of_(attribute.values(), kRare) {
  uint32_t count = 0;
  for (uint32_t code = 0; code < attribute.values(); ++code) {
    if (attribute.Items(code).size() * kCommonShare < items) continue;
    bitmap_of_[code] = count++;
    bitmaps_.resize(count * words_, 0);
    const MutableBitmap bits = MutableBitmap(bitmaps_).last(words_);
    for (const uint32_t row : attribute.Items(code)) SetBit(bits, row);
  }
}

BitmapView ValueBitmaps::Common(uint32_t code) const {
  const uint32_t bitmap = bitmap_of_[code];
  if (bitmap == kRare) return {};
  return BitmapView(bitmaps_).subspan(bitmap * words_, words_);
}

void ValueBitmaps::Remove(uint32_t code, MutableBitmap bits) const {
  const BitmapView items = Common(code);
  if (items.empty()) {
    for (const uint32_t row : attribute_->Items(code)) ClearBit(bits, row);
    return;
  }
  for (size_t i = 0; i < words_; ++i) bits[i] &= ~items[i];
}

}  // namespace marquee
