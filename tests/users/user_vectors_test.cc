#include "core/users/user_vectors.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "tests/retrieval/small_index.h"

namespace marquee {
namespace {

TEST(UserVectors, KeepTheirDigitsAtEveryScale) {
  for (const float factor : {1e-17f, 1e-9f, 1.0f, 1e5f}) {
    std::vector<float> values = ClusteredVectors(20, 8, 3);
    float largest = 0;
    for (float& v : values) {
      v *= factor;
      largest = std::max(largest, std::abs(v));
    }
    const auto file = InMemory([&](ArrayFileWriter& out) {
      UserVectorWriter writer(8, largest, out);
      for (size_t i = 0; i < 20; ++i) {
        EXPECT_TRUE(writer.Add(std::span(values).subspan(i * 8, 8)).ok());
      }
    });
    const auto vectors = UserVectors::Open(*file, 8);
    ASSERT_TRUE(vectors.ok()) << vectors.status();
    std::vector<float> row(8);
    for (uint32_t i = 0; i < 20; ++i) {
      ASSERT_TRUE((*vectors)->Read(UserRow{i}, row));
      for (size_t d = 0; d < 8; ++d) {
        const float value = values[i * 8 + d];
        // Half of the last of 11 bits.
        EXPECT_NEAR(row[d], value,
                    std::abs(value) * 0x1p-11f + largest * 0x1p-38f);
      }
    }
  }
}

TEST(UserVectors, WhatIsLargerThanSaidIsRefused) {
  InMemory([&](ArrayFileWriter& out) {
    UserVectorWriter writer(2, 3, out);
    EXPECT_TRUE(writer.Add(std::vector<float>{1, -3}).ok());
    EXPECT_FALSE(writer.Add(std::vector<float>{1, 4}).ok());
    EXPECT_FALSE(writer.Add(std::vector<float>{std::nanf(""), 1}).ok());
  });
}

TEST(UserVectors, RefusesAScaleThatIsNoPowerOfTwo) {
  for (const float scale : {0.0f, -1.0f, 3.0f, std::nanf(""),
                            std::numeric_limits<float>::infinity()}) {
    const auto file = InMemory([&](ArrayFileWriter& out) {
      out.Add<float>("scale", std::vector<float>{scale});
      out.Add<uint16_t>("values", std::vector<uint16_t>(4, 0));
    });
    EXPECT_FALSE(UserVectors::Open(*file, 2).ok()) << scale;
  }
}

}  // namespace
}  // namespace marquee
