#include "core/simd/code_scan.h"

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "core/base/aligned_buffer.h"
#include "gtest/gtest.h"

namespace marquee::simd {
namespace {

constexpr float kAll = -std::numeric_limits<float>::infinity();

struct World {
  World(size_t rows, size_t dimension, float spread)
      : codes(PaddedRows(rows) * CodeStride(dimension)),
        scales(PaddedRows(rows)),
        eligible(PaddedRows(rows) / 64 + 1),
        query(CodeStride(dimension)) {
    matrix = {codes.data(), scales.data(), CodeStride(dimension)};
    std::vector<float> v(dimension);
    for (size_t row = 0; row < rows; ++row) {
      const float length = std::exp(spread * normal(random));
      for (float& value : v) value = length * normal(random);
      scales[row] =
          EncodeRow(v, {codes.data() + row * matrix.stride, matrix.stride});
    }
    for (float& value : v) value = normal(random);
    EncodeQuery(v, query.span());
  }

  std::map<uint32_t, float> Run(Isa isa, uint32_t begin, uint32_t end,
                                float threshold) const {
    std::vector<uint32_t> rows(end - begin + 16);
    std::vector<float> scores(rows.size());
    const size_t hits =
        CodeScanFor(isa)(matrix, query.data(), begin, end, eligible.data(),
                         threshold, {rows.data(), scores.data()});
    std::map<uint32_t, float> found;
    for (size_t i = 0; i < hits; ++i) found[rows[i]] = scores[i];
    EXPECT_EQ(found.size(), hits) << "a row twice";
    return found;
  }

  std::mt19937 random{3};
  std::normal_distribution<float> normal;
  AlignedBuffer<uint8_t> codes;
  AlignedBuffer<float> scales;
  std::vector<uint64_t> eligible;
  AlignedBuffer<int8_t> query;
  CodeMatrix matrix;
};

TEST(CodeScan, EveryInstructionSetFindsTheSameRowsWithTheSameBits) {
  for (const size_t dimension : {1, 32, 64, 100, 128, 192, 1024}) {
    World world(700, dimension, 0.7f);
    for (const unsigned share : {0, 1, 5, 50, 100}) {
      for (uint64_t& word : world.eligible) {
        word = 0;
        for (int bit = 0; bit < 64; ++bit) {
          if (world.random() % 100 < share) word |= uint64_t{1} << bit;
        }
      }
      for (const auto& [begin, end] : {std::pair{0u, 700u},
                                       {3u, 690u},
                                       {64u, 128u},
                                       {70u, 75u},
                                       {17u, 17u},
                                       {699u, 700u}}) {
        for (const float threshold : {kAll, 0.0f, 20.0f}) {
          const auto expected =
              world.Run(Isa::kPortable, begin, end, threshold);
          for (const Isa isa : SupportedIsas()) {
            EXPECT_EQ(world.Run(isa, begin, end, threshold), expected)
                << IsaName(isa) << ", " << dimension << " dimensions, " << share
                << " % eligible, rows " << begin << " to " << end;
          }
        }
      }
    }
  }
}

TEST(CodeScores, EveryInstructionSetGivesTheSameBitsForRowsInAnyOrder) {
  for (const size_t dimension : {1, 64, 100, 128, 192, 1024}) {
    World world(300, dimension, 0.7f);
    for (const size_t count : {0, 1, 15, 16, 17, 67}) {
      std::vector<uint32_t> rows(count);
      for (uint32_t& row : rows) row = world.random() % 300;  // some repeat
      const auto scores = [&](Isa isa) {
        // What stands behind the last score stays.
        std::vector<float> out(count + 20, -7);
        CodeScoresFor(isa)(world.matrix, world.query.data(), rows.data(), count,
                           out.data());
        return out;
      };
      const std::vector<float> expected = scores(Isa::kPortable);
      for (size_t i = count; i < expected.size(); ++i) {
        ASSERT_EQ(expected[i], -7);
      }
      for (const Isa isa : SupportedIsas()) {
        EXPECT_EQ(scores(isa), expected)
            << IsaName(isa) << ", " << dimension << " dimensions, " << count;
      }
      // The scan of everything agrees.
      for (uint64_t& word : world.eligible) word = ~uint64_t{0};
      const auto all = world.Run(Isa::kPortable, 0, 300, kAll);
      for (size_t i = 0; i < count; ++i) {
        EXPECT_EQ(expected[i], all.at(rows[i]));
      }
    }
  }
}

TEST(CodeScan, ExtremesDoNotSaturate) {
  World world(16, 1024, 0);
  world.eligible[0] = 0xFFFF;
  for (size_t i = 0; i < world.codes.size(); ++i) {
    const int value = (i / 1024) % 2 == 0 ? 127 : -127;
    world.codes[i] = static_cast<uint8_t>(value + 128);
  }
  for (size_t d = 0; d < 1024; ++d) world.query[d] = d < 1000 ? 127 : -127;
  for (size_t row = 0; row < 16; ++row) world.scales[row] = 1;
  const float expected = 127.0f * 127 * (1000 - 24);
  for (const Isa isa : SupportedIsas()) {
    const auto found = world.Run(isa, 0, 16, kAll);
    ASSERT_EQ(found.size(), 16) << IsaName(isa);
    EXPECT_EQ(found.at(0), expected) << IsaName(isa);
    EXPECT_EQ(found.at(1), -expected) << IsaName(isa);
  }
}

TEST(Encode, IsSymmetricAndKeepsTheLargest) {
  const std::vector<float> v = {-2, 2, 1, -1, 0, 0.5f};
  std::vector<uint8_t> code(64);
  const float scale = EncodeRow(v, code);
  EXPECT_FLOAT_EQ(scale, 2.0f / 127);
  EXPECT_EQ(code[0], 1);
  EXPECT_EQ(code[1], 255);
  EXPECT_EQ(code[2] - 128, 128 - code[3]);
  EXPECT_EQ(code[4], 128);
  EXPECT_EQ(code[63], 128);
}

TEST(Encode, AVectorOfNothingHasAScoreOfZero) {
  for (const float value : {0.0f, 1e-44f}) {
    const std::vector<float> v(64, value);
    std::vector<uint8_t> code(64);
    EXPECT_EQ(EncodeRow(v, code), 0);
  }
}

}  // namespace
}  // namespace marquee::simd
