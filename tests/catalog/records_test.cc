#include "core/catalog/records.h"

#include "gtest/gtest.h"

namespace marquee {
namespace {

// What a line of a file that says nothing means.
TEST(Records, WhatIsLeftOutIsUnknownOrWithoutALimit) {
  const ItemRecord item;
  EXPECT_FALSE(item.maturity.has_value());
  EXPECT_FALSE(item.released.has_value());
  EXPECT_FALSE(item.licences.has_value());
  const LicenceWindow window;
  EXPECT_EQ(window.start, absl::InfinitePast());
  EXPECT_EQ(window.end, absl::InfiniteFuture());
  const Interaction interaction;
  EXPECT_EQ(interaction.timestamp, 0);
  EXPECT_EQ(interaction.weight, 1);
}

}  // namespace
}  // namespace marquee
