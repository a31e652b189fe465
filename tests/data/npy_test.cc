#include "offline/data/npy.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "core/base/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/data/npy_header.h"
#include "tests/data/scratch.h"

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
  EXPECT_THAT(error("'<f8'", "False", "(1, 2)"), HasSubstr(".astype('<f4')"));
  EXPECT_THAT(error("'>f4'", "False", "(2, 2)"), HasSubstr("'>f4'"));
  EXPECT_THAT(error("'<f4'", "True", "(2, 2)"), HasSubstr("ascontiguousarray"));
  EXPECT_THAT(error("'<f4'", "False", "(4,)"), HasSubstr("shape (4)"));
  EXPECT_THAT(error("'<f4'", "False", "(2, 2, 1)"), HasSubstr("(2, 2, 1)"));
  EXPECT_THAT(error("'<f4'", "False", "(4, 0)"), HasSubstr("(4, 0)"));
  EXPECT_THAT(error("[('x', '<f4')]", "False", "(2, 2)"),
              HasSubstr("not a dictionary"));
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
