#include "offline/formats/npy.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "core/files/atomic_file.h"
#include "core/simd/half.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/formats/npy_header.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

std::string WriteMatrix(const std::vector<float>& values, size_t dim,
                        NpyType type = NpyType::kFloat32) {
  const std::string path = ScratchPath("matrix.npy");
  auto writer = NpyWriter::Create(path, dim, type);
  EXPECT_TRUE(writer.ok()) << writer.status();
  for (size_t i = 0; i < values.size(); i += dim) {
    (*writer)->Append(std::span<const float>(values).subspan(i, dim));
  }
  EXPECT_TRUE(PublishAll({(*writer)->Finish()}).ok());
  return path;
}

std::string ErrorOf(const std::string& bytes) {
  const std::string path = ScratchPath("bytes.npy");
  EXPECT_TRUE(WriteFileAtomically(path, bytes).ok());
  const auto matrix = NpyMatrix::Open(path);
  return matrix.ok() ? "" : std::string(matrix.status().message());
}

// A file with this dictionary and these bytes behind it.
std::string FileOf(const std::string& dictionary, const std::string& data,
                   char version = 1) {
  std::string file =
      absl::StrCat("\x93NUMPY", std::string(1, version), std::string(1, '\0'));
  const size_t length = dictionary.size();
  file.push_back(static_cast<char>(length & 0xff));
  file.push_back(static_cast<char>(length >> 8));
  if (version > 1) file.append(2, '\0');
  return file + dictionary + data;
}

TEST(Npy, GivesBackWhatWasWritten) {
  const std::vector<float> values = {0, -1.5f, 3e38f, 1e-40f, 5, 6};
  const auto matrix = NpyMatrix::Open(WriteMatrix(values, 3));
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ((*matrix)->rows(), 2);
  EXPECT_EQ((*matrix)->dim(), 3);
  EXPECT_THAT((*matrix)->Float32(), ElementsAreArray(values));
  std::vector<float> row(3);
  (*matrix)->CopyRow(1, row);
  EXPECT_THAT(row, ElementsAre(1e-40f, 5, 6));
}

TEST(Npy, ConvertsFloat16) {
  const auto matrix = NpyMatrix::Open(
      WriteMatrix({1, -2.5f, 0.1f, 65504}, 2, NpyType::kFloat16));
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  std::vector<float> row(2);
  (*matrix)->CopyRow(1, row);
  EXPECT_THAT(row, ElementsAre(0.0999755859375f, 65504.0f));
}

TEST(Npy, AMatrixWithoutRowsIsValid) {
  const auto matrix = NpyMatrix::Open(WriteMatrix({}, 4));
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ((*matrix)->rows(), 0);
}

TEST(Npy, ReadsEveryVersionAndMisalignedNumbers) {
  const std::string data(8, '\0');
  for (const char version : {1, 2, 3}) {
    for (const std::string padding : {"", " ", "  ", "   \n"}) {
      EXPECT_EQ(ErrorOf(FileOf("{'shape': (1, 2,), \"descr\": '<f4', "
                               "'fortran_order': False}" +
                                   padding,
                               data, version)),
                "");
    }
  }
}

TEST(Npy, SaysHowToSaveWhatItDoesNotRead) {
  const std::string data(16, '\0');
  const auto error = [&](const std::string& descr, const std::string& order,
                         const std::string& shape) {
    return ErrorOf(
        FileOf(absl::StrCat("{'descr': ", descr, ", 'fortran_order': ", order,
                            ", 'shape': ", shape, ", }"),
               data));
  };
  EXPECT_EQ(error("'<f4'", "False", "(2, 2)"), "");
  EXPECT_THAT(error("'<i4'", "False", "(2, 2)"),
              HasSubstr("numbers of type '<i4'; float32 ('<f4'), float16 "
                        "('<f2') and float64 ('<f8') are read: save it with "
                        ".astype('<f4')"));
  EXPECT_THAT(error("'>f16'", "False", "(1, 1)"), HasSubstr("'>f16'"));
  EXPECT_THAT(error("'<f4'", "False", "(4,)"), HasSubstr("shape (4)"));
  EXPECT_THAT(error("'<f4'", "False", "(2, 2, 1)"), HasSubstr("(2, 2, 1)"));
  EXPECT_THAT(error("'<f4'", "False", "(4, 0)"), HasSubstr("(4, 0)"));
  EXPECT_THAT(error("[('x', '<f4')]", "False", "(2, 2)"),
              HasSubstr("not a dictionary"));
}

// The bytes of the numbers [rows x dim], row-major, in a form of `descr`, such
// as ">f8".
std::string BytesOf(const std::vector<double>& values, size_t dim,
                    const std::string& descr, bool fortran_order) {
  const size_t rows = values.size() / dim;
  std::string bytes;
  for (size_t i = 0; i < values.size(); ++i) {
    const double wide =
        fortran_order ? values[i % rows * dim + i / rows] : values[i];
    const float narrow = static_cast<float>(wide);
    const uint16_t half = simd::HalfFromFloat(narrow);
    const size_t width = static_cast<size_t>(descr[2] - '0');
    const void* const from = width == 8   ? static_cast<const void*>(&wide)
                             : width == 4 ? static_cast<const void*>(&narrow)
                                          : &half;
    std::string number(static_cast<const char*>(from), width);
    if (descr[0] == '>') std::reverse(number.begin(), number.end());
    bytes += number;
  }
  return bytes;
}

std::string DictionaryOf(const std::string& descr, bool fortran_order,
                         size_t rows, size_t dim) {
  return absl::StrCat("{'descr': '", descr,
                      "', 'fortran_order': ", fortran_order ? "True" : "False",
                      ", 'shape': (", rows, ", ", dim, "), }");
}

// A file of the numbers in this form.
std::string WriteForm(const std::vector<double>& values, size_t dim,
                      const std::string& descr, bool fortran_order,
                      const std::string& padding = "") {
  const std::string path = ScratchPath("form.npy");
  const std::string file = FileOf(
      DictionaryOf(descr, fortran_order, values.size() / dim, dim) + padding,
      BytesOf(values, dim, descr, fortran_order));
  EXPECT_TRUE(WriteFileAtomically(path, file).ok());
  return path;
}

// More rows than are converted together, one of zeros; halves hold all numbers.
std::vector<double> ManyNumbers() {
  std::vector<double> values;
  for (int i = 0; i < 300 * 3; ++i) values.push_back((i % 1021 - 500) * 0.125);
  std::fill_n(values.begin() + 261 * 3, 3, 0.0);
  return values;
}

TEST(Npy, EveryFormOfTheSameNumbersIsTheSameMatrix) {
  const std::vector<double> values = ManyNumbers();
  const std::vector<float> narrow(values.begin(), values.end());
  for (const std::string descr : {"<f2", ">f2", "<f4", ">f4", "<f8", ">f8"}) {
    for (const bool fortran_order : {false, true}) {
      for (const std::string padding : {"", " ", "  ", "   "}) {
        const auto matrix = NpyMatrix::Open(
            WriteForm(values, 3, descr, fortran_order, padding));
        ASSERT_TRUE(matrix.ok()) << matrix.status();
        const bool half = descr[2] == '2';
        EXPECT_EQ((*matrix)->type(),
                  half ? NpyType::kFloat16 : NpyType::kFloat32);
        EXPECT_EQ((*matrix)->rows(), 300);
        EXPECT_EQ((*matrix)->dim(), 3);
        EXPECT_EQ((*matrix)->SampleRows(300), narrow) << descr << fortran_order;
        EXPECT_THAT((*matrix)->zero_rows(), ElementsAre(261));
        EXPECT_EQ((*matrix)->largest(), 62.5f);
        EXPECT_EQ((*matrix)->conversion().empty(),
                  !fortran_order && (descr == "<f2" || descr == "<f4"));
      }
    }
  }
}

TEST(Npy, AConversionSaysWhatWouldNeedNone) {
  const auto told = [](const std::string& descr, bool fortran_order) {
    return (*NpyMatrix::Open(WriteForm({1, 2}, 1, descr, fortran_order)))
        ->conversion();
  };
  const std::string path = ScratchPath("form.npy");
  EXPECT_EQ(told(">f8", true),
            path +
                ": its numbers are float64, big-endian, in Fortran order; they "
                "are converted in memory. A matrix saved with .astype('<f4', "
                "order='C') needs no conversion");
  EXPECT_THAT(told("<f8", false), HasSubstr("are float64; they"));
  EXPECT_THAT(told("<f4", true), HasSubstr("are in Fortran order; they"));
  EXPECT_THAT(
      told(">f2", false),
      HasSubstr("are big-endian; they are converted in memory. A matrix "
                "saved with .astype('<f2', order='C')"));
}

TEST(Npy, RoundsFloat64OnceAndRefusesWhatDoesNotFit) {
  const auto matrix = NpyMatrix::Open(WriteForm(
      {0.1, 3.4028234663852886e38, 1e-60, -16777217.5}, 2, "<f8", true));
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_THAT(
      (*matrix)->Float32(),
      ElementsAre(0.1f, std::numeric_limits<float>::max(), 0.0f, -16777218.0f));
  for (const bool fortran_order : {false, true}) {
    const absl::Status status =
        NpyMatrix::Open(
            WriteForm({1, 2, 3, 4, 5, -1e39}, 2, "<f8", fortran_order),
            {.value = 100})
            .status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(status.message(),
                HasSubstr("form.npy: row 2, column 1 is "
                          "-1e+39; must be from -100 to 100"));
  }
  EXPECT_THAT(
      NpyMatrix::Open(WriteForm({1, 2, 3, -INFINITY}, 2, "<f8", true))
          .status()
          .message(),
      HasSubstr("row 1, column 1 is -inf; every number must be finite"));
  EXPECT_THAT(NpyMatrix::Open(WriteForm({1, 2, NAN, 4}, 2, ">f8", true))
                  .status()
                  .message(),
              HasSubstr("row 1, column 0 is nan; every number must be finite"));
}

TEST(Npy, RefusesConvertedFormsThatAreCutOrTooLong) {
  for (const std::string descr : {">f2", ">f4", "<f8", ">f8"}) {
    const std::string file =
        *ReadFile(WriteForm({1, 2, 3, 4, 5, 6}, 2, descr, true));
    const size_t bytes = BytesOf({1, 2, 3, 4, 5, 6}, 2, descr, true).size();
    for (size_t cut = 1; cut <= bytes; ++cut) {
      ASSERT_THAT(
          ErrorOf(file.substr(0, file.size() - cut)),
          HasSubstr(absl::StrCat("but ", bytes - cut, " bytes follow")));
    }
    EXPECT_THAT(ErrorOf(file + "x"), HasSubstr("bytes follow")) << descr;
  }
  // 2^31 x 2^30 x 8 bytes is 0 modulo 2^64.
  EXPECT_THAT(
      ErrorOf(FileOf(DictionaryOf("<f8", true, 1u << 31, 1u << 30), "")),
      HasSubstr("0 bytes follow"));
}

// A change of the file is seen, so nothing was copied.
TEST(Npy, WhatNeedsNoConversionStaysMapped) {
  const std::string path = WriteMatrix({1, 2, 3, 4}, 2);
  const auto matrix = NpyMatrix::Open(path);
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  const float changed = 5;
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(128);
  file.write(reinterpret_cast<const char*>(&changed), sizeof(changed));
  file.close();
  EXPECT_THAT((*matrix)->Float32(), ElementsAre(5, 2, 3, 4));
}

TEST(Npy, RefusesHostileHeaders) {
  const std::string good = *ReadFile(WriteMatrix({1, 2, 3, 4}, 2));
  for (size_t length = 0; length < good.size(); ++length) {
    ASSERT_NE(ErrorOf(good.substr(0, length)), "") << length;
  }
  EXPECT_THAT(ErrorOf(good + "x"), HasSubstr("but 17 bytes follow"));
  // 2^32 x 2^32 x 4 bytes is 0 modulo 2^64.
  EXPECT_THAT(ErrorOf(FileOf("{'descr': '<f4', 'fortran_order': False, "
                             "'shape': (4294967296, 4294967296)}",
                             "")),
              HasSubstr("0 bytes follow"));
  EXPECT_THAT(ErrorOf(FileOf("{'descr': '<f4', 'fortran_order': False, "
                             "'shape': (99999999999999999999, 1)}",
                             "")),
              HasSubstr("not a dictionary"));
  EXPECT_THAT(ErrorOf(FileOf("{'descr': '<f4', 'descr': '<f4'}", "")),
              HasSubstr("not a dictionary"));
  EXPECT_THAT(ErrorOf("\x93NUMPY\x02" + std::string(1, '\0') +
                      "\xff\xff\xff\xff" + std::string(20, ' ')),
              HasSubstr("4294967295 bytes, the file has 32"));
  EXPECT_THAT(ErrorOf(FileOf("{}", "", 9)), HasSubstr("version 9"));
  for (size_t i = 0; i < 64; ++i) {  // no crash, whatever byte changes
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      ErrorOf(bad);
    }
  }
}

TEST(Npy, NamesRowAndColumnOfWhatIsNotFinite) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_THAT(
      NpyMatrix::Open(WriteMatrix({1, 2, 3, NAN}, 2)).status().message(),
      HasSubstr("matrix.npy: row 1, column 1 is nan"));
  EXPECT_THAT(NpyMatrix::Open(WriteMatrix({1, -infinity}, 1, NpyType::kFloat16))
                  .status()
                  .message(),
              HasSubstr("row 1, column 0 is -inf"));
}

TEST(OutputFile, LeavesNothingBehindUnlessPublished) {
  const std::string path = ScratchPath("dropped.npy");
  std::filesystem::remove(path);
  { auto writer = NpyWriter::Create(path, 2, NpyType::kFloat32); }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

}  // namespace
}  // namespace marquee
