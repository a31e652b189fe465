#include "core/catalog/value_bitmaps.h"

#include <string>
#include <vector>

#include "core/files/array_file.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

// Values from every title to one: those of a 64th and more are bitmaps.
TEST(ValueBitmaps, TakeTheTitlesOfAValueOutAndNoOthers) {
  constexpr size_t kTitles = 1000;
  AttributeWriter writer;
  for (size_t row = 0; row < kTitles; ++row) {
    std::vector<std::string> values;
    for (const size_t every : {1, 2, 60, 64, 70, 999}) {
      if (row % every == 0) values.push_back("v" + std::to_string(every));
    }
    writer.Add(row, values);
  }
  auto out = *ArrayFileWriter::CreateInMemory();
  ASSERT_TRUE(writer.Write("a", kTitles, *out).ok());
  const auto file = *out->FinishInMemory();
  const auto attribute = Attribute::Open(*file, "a", kTitles);
  ASSERT_TRUE(attribute.ok());
  const ValueBitmaps bitmaps(*attribute, kTitles);
  for (uint32_t code = 0; code < attribute->values(); ++code) {
    std::vector<uint64_t> bits(BitmapWords(kTitles), ~uint64_t{0});
    ClearBit(bits, 60);  // what is not in the set stays out of it
    bitmaps.Remove(code, bits);
    const BitmapView common = bitmaps.Common(code);
    EXPECT_EQ(common.empty(), attribute->Titles(code).size() * 64 < kTitles);
    for (uint32_t row = 0; row < kTitles && !common.empty(); ++row) {
      ASSERT_EQ(TestBit(common, row), attribute->Has(ItemRow{row}, code));
    }
    for (uint32_t row = 0; row < kTitles; ++row) {
      ASSERT_EQ(TestBit(bits, row),
                row != 60 && !attribute->Has(ItemRow{row}, code))
          << attribute->Value(code) << ", row " << row;
    }
  }
}

}  // namespace
}  // namespace marquee
