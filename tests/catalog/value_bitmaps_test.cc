#include "core/catalog/value_bitmaps.h"

#include <string>
#include <vector>

#include "core/files/array_file.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

// Values from every item to one: those of a 64th and more are bitmaps.
TEST(ValueBitmaps, TakeTheItemsOfAValueOutAndNoOthers) {
  constexpr size_t kItems = 1000;
  AttributeWriter writer;
  for (size_t row = 0; row < kItems; ++row) {
    std::vector<std::string> values;
    for (const size_t every : {1, 2, 60, 64, 70, 999}) {
      if (row % every == 0) values.push_back("v" + std::to_string(every));
    }
    writer.Add(row, values);
  }
  auto out = *ArrayFileWriter::CreateInMemory();
  ASSERT_TRUE(writer.Write("a", kItems, *out).ok());
  const auto file = *out->FinishInMemory();
  const auto attribute = Attribute::Open(*file, "a", kItems);
  ASSERT_TRUE(attribute.ok());
  const ValueBitmaps bitmaps(*attribute, kItems);
  for (uint32_t code = 0; code < attribute->values(); ++code) {
    std::vector<uint64_t> bits(BitmapWords(kItems), ~uint64_t{0});
    ClearBit(bits, 60);  // what is not in the set stays out of it
    bitmaps.Remove(code, bits);
    const BitmapView common = bitmaps.Common(code);
    EXPECT_EQ(common.empty(), attribute->Items(code).size() * 64 < kItems);
    for (uint32_t row = 0; row < kItems && !common.empty(); ++row) {
      ASSERT_EQ(TestBit(common, row), attribute->Has(ItemRow{row}, code));
    }
    for (uint32_t row = 0; row < kItems; ++row) {
      ASSERT_EQ(TestBit(bits, row),
                row != 60 && !attribute->Has(ItemRow{row}, code))
          << attribute->Value(code) << ", row " << row;
    }
  }
}

}  // namespace
}  // namespace marquee
