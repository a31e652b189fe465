#include "offline/data/vector_probe.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/simd/half.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

IdDictionary Ids(const std::vector<std::string>& ids) {
  IdDictionary dictionary;
  for (const std::string& id : ids) dictionary.FindOrAdd(id);
  return dictionary;
}

VectorProbe Probe(const std::vector<float>& values, size_t dim) {
  return ProbeVectors(1, values.size() / dim, dim,
                      [&](size_t row, std::span<float> out) {
                        for (size_t i = 0; i < dim; ++i) {
                          out[i] = values[row * dim + i];
                        }
                      });
}

std::vector<float> Normal(size_t count, uint64_t seed) {
  Random random(seed);
  std::vector<float> values;
  for (size_t i = 0; i < count; ++i) {
    values.push_back(static_cast<float>(random.Normal()));
  }
  return values;
}

TEST(VectorProbe, KnowsItsVectorsAgainThoughTheyAreConverted) {
  std::vector<float> values = Normal(800, 1);
  const VectorProbe probe = Probe(values, 8);
  EXPECT_THAT(probe.values, SizeIs(32));
  for (float& value : values) {
    value = simd::FloatFromHalf(simd::HalfFromFloat(value));
  }
  EXPECT_TRUE(AreAlike(probe, Probe(values, 8)));
  EXPECT_FALSE(AreAlike(probe, Probe(Normal(800, 2), 8)));
  for (float& value : values) value = -value;
  EXPECT_FALSE(AreAlike(probe, Probe(values, 8)));
  EXPECT_FALSE(AreAlike(probe, Probe(Normal(16, 1), 8))) << "fewer";
}

// als.json keeps them: they may not change.
TEST(VectorProbe, IsTheSameForEver) {
  std::vector<float> values;
  for (int i = 0; i < 16; ++i) values.push_back(static_cast<float>(1 << i));
  EXPECT_THAT(Probe(values, 16).values,
              testing::ElementsAre(testing::FloatEq(42623.7375f)));
  EXPECT_EQ(DigestOfIds(Ids({"a", "b", "c"})), 15173225714813512084u);
}

TEST(VectorProbe, SmallVectorsAreToldApartAsLargeOnesAre) {
  std::vector<float> values = Normal(800, 1);
  std::vector<float> other = Normal(800, 2);
  for (float& value : values) value *= 1e-6f;
  for (float& value : other) value *= 1e-6f;
  EXPECT_FALSE(AreAlike(Probe(values, 8), Probe(other, 8)));
}

// Also where rows and columns divide by the number of those that are looked at.
TEST(VectorProbe, TellsColumnsApart) {
  const std::vector<float> values = Normal(320 * 16, 1);
  for (size_t a = 0; a < 16; ++a) {
    for (size_t b = a + 1; b < 16; ++b) {
      std::vector<float> other = values;
      for (size_t row = 0; row < 320; ++row) {
        std::swap(other[row * 16 + a], other[row * 16 + b]);
      }
      EXPECT_FALSE(AreAlike(Probe(values, 16), Probe(other, 16)))
          << a << " and " << b;
    }
  }
}

TEST(VectorProbe, LooksAtEveryColumn) {
  for (const size_t dim : {1, 7, 32, 64}) {
    const std::vector<float> values = Normal(320 * dim, 1);
    for (size_t column = 0; column < dim; ++column) {
      std::vector<float> other = values;
      const std::vector<float> noise = Normal(320, 9);
      for (size_t row = 0; row < 320; ++row) {
        other[row * dim + column] = noise[row];
      }
      EXPECT_FALSE(AreAlike(Probe(values, dim), Probe(other, dim)))
          << column << " of " << dim;
    }
  }
}

TEST(VectorProbe, OfLittleIsAllOfIt) {
  EXPECT_THAT(Probe({1, 2, 3}, 1).values, testing::ElementsAre(1, 2, 3))
      << "the weight of the first column is 1";
  EXPECT_THAT(Probe({}, 2).values, IsEmpty());
  EXPECT_TRUE(AreAlike(Probe({}, 2), Probe({}, 2)));
}

TEST(VectorProbe, TheDigestFollowsTheOrder) {
  EXPECT_EQ(DigestOfIds(Ids({"a", "b"})), DigestOfIds(Ids({"a", "b"})));
  EXPECT_NE(DigestOfIds(Ids({"a", "b"})), DigestOfIds(Ids({"b", "a"})));
  EXPECT_NE(DigestOfIds(Ids({"a", "b"})), DigestOfIds(Ids({"ab"})));
}

TEST(VectorProbe, ComesBackFromJson) {
  VectorProbe probe = Probe(Normal(100, 3), 4);
  probe.ids = 0xFEDCBA9876543210;
  const auto read =
      ProbeFromJson(nlohmann::json::parse(ProbeAsJson(probe).dump()), "x");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ids, probe.ids);
  EXPECT_EQ(read->values, probe.values);
  for (const char* const damaged :
       {"{}", "[]", "7", "{\"ids\": \"1\"}", "{\"ids\": 1, \"values\": []}",
        "{\"ids\": \"1\", \"values\": [\"2\"]}",
        "{\"ids\": \"1g\", \"values\": []}",
        "{\"ids\": \"1\", \"values\": [1e300]}"}) {
    EXPECT_THAT(
        ProbeFromJson(nlohmann::json::parse(damaged), "x").status().message(),
        HasSubstr("x must have the 'ids' and the list 'values'"))
        << damaged;
  }
}

}  // namespace
}  // namespace marquee
