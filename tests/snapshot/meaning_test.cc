// What the writers never write is refused when it is loaded, though every
// checksum is right.
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/snapshot/resigned_section.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

class Meaning : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(ScratchPath("world"));
    version_ = BuildTiny(TinyWorld(), ScratchPath("world"));
  }
  template <typename T>
  void ExpectRefused(const std::string& section, const std::string& array,
                     size_t index, T value, const std::string& what) {
    SCOPED_TRACE(section + "/" + array);
    std::string good;
    EditArray(version_, section, array,
              [&](std::string& bytes) { good = bytes; });
    ASSERT_TRUE(LoadAndProve(version_).ok()) << LoadAndProve(version_);
    SetElement(version_, section, array, index, value);
    const absl::Status status = LoadAndProve(version_);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("/" + section));
    EXPECT_THAT(std::string(status.message()), HasSubstr(what));
    EditArray(version_, section, array,
              [&](std::string& bytes) { bytes = good; });
  }

  std::string version_;
};

TEST_F(Meaning, DaysOfReleaseAreThoseOfFourDigitYears) {
  ExpectRefused<int32_t>("catalog", "released", 3,
                         std::numeric_limits<int32_t>::max(), "'released'");
  ExpectRefused<int32_t>("catalog", "released", 3,
                         std::numeric_limits<int32_t>::min() + 1, "'released'");
  ExpectRefused<int32_t>("catalog", "released", 3, 2932897, "'released'");
}

TEST_F(Meaning, AgesHaveTwoDigits) {
  ExpectRefused<uint8_t>("catalog", "maturity", 1, 100, "item 1 has 100");
  ExpectRefused<uint8_t>("users", "maturity_limit", 0, 254, "has 254");
}

TEST_F(Meaning, VectorsAreNotLongerThanTheImporterTakes) {
  ExpectRefused<float>("item_vectors", "values", 1, 1.5e6f, "column 1");
  ExpectRefused<float>("item_vectors", "values", 1,
                       std::numeric_limits<float>::infinity(), "column 1");
  ExpectRefused<float>("user_vectors", "scale", 0, 0x1p60f, "'scale'");
}

TEST_F(Meaning, ParametersOfAlsArePositive) {
  ExpectRefused<float>("item_vectors", "als", 0, -1, "'als'");
  ExpectRefused<float>("item_vectors", "als", 1, 0, "'als'");
}

TEST_F(Meaning, IdsHaveOneTo128Bytes) {
  // The second begins where the first does: the first is empty.
  ExpectRefused<uint32_t>("catalog", "ids.begin", 1, 0, "an id of 0 bytes");
}

TEST_F(Meaning, AnIdIsFoundInOnePlaceOnly) {
  EditArray(version_, "users", "ids.slots", [](std::string& bytes) {
    uint32_t first = 0xFFFFFFFF;
    for (size_t at = 0; at < bytes.size(); at += 4) {
      uint32_t row = 0;
      std::memcpy(&row, &bytes[at], 4);
      if (row == 0xFFFFFFFF) continue;
      if (first == 0xFFFFFFFF) first = row;
      std::memcpy(&bytes[at], &first, 4);
    }
  });
  EXPECT_THAT(std::string(LoadAndProve(version_).message()),
              HasSubstr("twice"));
}

TEST_F(Meaning, CountriesAreTwoUpperCaseLetters) {
  EditArray(version_, "users", "countries.bytes",
            [](std::string& bytes) { bytes[0] = 'd'; });
  EXPECT_THAT(std::string(LoadAndProve(version_).message()),
              HasSubstr("'dE' is not two upper-case letters"));
}

TEST_F(Meaning, GenresAreThoseOfTheCatalogue) {
  EditArray(version_, "users", "genres",
            [](std::string& bytes) { bytes[0] = 1; });
  EditArray(version_, "users", "genre_share",
            [](std::string& bytes) { bytes.assign(2, '\0'); });
  EXPECT_THAT(std::string(LoadAndProve(version_).message()),
              HasSubstr("'genres' is 1, the catalogue has 0"));
}

}  // namespace
}  // namespace marquee
