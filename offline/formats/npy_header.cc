#include "offline/formats/npy_header.h"

#include <charconv>
#include <optional>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/files/file_kind.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr absl::string_view kMagic("\x93NUMPY", 6);
constexpr size_t kWrittenBytes = 128;
constexpr size_t kMaxDimensions = 32;

uint32_t LittleEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

// Parses the few forms of Python literals that a header consists of.
class Literals {
 public:
  explicit Literals(absl::string_view text) : rest_(text) {}

  bool Take(absl::string_view token) {
    rest_ = absl::StripLeadingAsciiWhitespace(rest_);
    return absl::ConsumePrefix(&rest_, token);
  }

  bool TakeString(std::string* value) {
    rest_ = absl::StripLeadingAsciiWhitespace(rest_);
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return false;
    const size_t close = rest_.find(rest_[0], 1);
    if (close == absl::string_view::npos) return false;
    *value = std::string(rest_.substr(1, close - 1));
    rest_.remove_prefix(close + 1);
    return true;
  }

  bool TakeBool(bool* value) {
    *value = Take("True");
    return *value || Take("False");
  }

  bool TakeShape(std::vector<uint64_t>* shape) {
    if (!Take("(")) return false;
    while (!Take(")")) {
      rest_ = absl::StripLeadingAsciiWhitespace(rest_);
      uint64_t extent = 0;
      const auto [stop, error] =
          std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (error != std::errc() || shape->size() == kMaxDimensions) return false;
      rest_.remove_prefix(static_cast<size_t>(stop - rest_.data()));
      shape->push_back(extent);
      if (!Take(",") && !absl::StartsWith(rest_, ")")) return false;
    }
    return true;
  }

 private:
  absl::string_view rest_;
};

absl::Status ParseDictionary(absl::string_view text, NpyHeader* header) {
  const absl::Status malformed = absl::DataLossError(
      absl::StrCat("its header is not a dictionary of 'descr', "
                   "'fortran_order' and 'shape': ",
                   QuoteForError(absl::StripAsciiWhitespace(text))));
  Literals literals(text);
  int seen = 0;
  if (!literals.Take("{")) return malformed;
  while (!literals.Take("}")) {
    std::string key;
    if (!literals.TakeString(&key) || !literals.Take(":")) return malformed;
    const int bit = key == "descr"           ? 1
                    : key == "fortran_order" ? 2
                    : key == "shape"         ? 4
                                             : 0;
    const bool taken = bit == 1   ? literals.TakeString(&header->descr)
                       : bit == 2 ? literals.TakeBool(&header->fortran_order)
                       : bit == 4 ? literals.TakeShape(&header->shape)
                                  : false;
    if (!taken || (seen & bit) != 0) return malformed;
    seen |= bit;
    if (!literals.Take(",")) {
      if (!literals.Take("}")) return malformed;
      break;
    }
  }
  return seen == 7 ? absl::OkStatus() : malformed;
}

absl::Status NotNpy(absl::string_view file) {
  const std::optional<FileKind> kind = FindFileKind(file);
  if (!kind || absl::StartsWith(file, kMagic)) {
    return absl::DataLossError(
        "is not an .npy file: it does not begin with \\x93NUMPY");
  }
  return absl::DataLossError(absl::StrCat(
      "is ", kind->name, "; save the matrix alone, with numpy.save"));
}

}  // namespace

absl::StatusOr<NpyHeader> ParseNpyHeader(absl::string_view file) {
  if (file.size() < 12 || !absl::StartsWith(file, kMagic)) {
    return NotNpy(file);
  }
  // Six bytes of magic, two of the version, the length of the dictionary in two
  // bytes (four from version 2 on), and the dictionary.
  const int version = static_cast<unsigned char>(file[6]);
  if (version < 1 || version > 3) {
    return absl::DataLossError(absl::StrCat("is of .npy format version ",
                                            version, "; 1, 2 and 3 are known"));
  }
  const size_t length_bytes = version == 1 ? 2 : 4;
  const size_t begin = 8 + length_bytes;
  const size_t length = LittleEndian(file.substr(8, length_bytes));
  if (length > file.size() - begin) {
    return absl::DataLossError(absl::StrCat("its header is said to have ",
                                            length, " bytes, the file has ",
                                            file.size()));
  }
  NpyHeader header;
  MARQUEE_RETURN_IF_ERROR(ParseDictionary(file.substr(begin, length), &header));
  header.data_offset = begin + length;
  return header;
}

std::string FormatNpyHeader(absl::string_view descr, uint64_t rows,
                            uint64_t dim) {
  std::string header = absl::StrCat(
      kMagic, absl::string_view("\x01\0", 2),
      absl::string_view("\x76\0", 2),  // 118: the bytes that follow, up to 128
      "{'descr': '", descr, "', 'fortran_order': False, 'shape': (", rows, ", ",
      dim, "), }");
  MARQUEE_CHECK(header.size() < kWrittenBytes);
  header.append(kWrittenBytes - 1 - header.size(), ' ');
  header.push_back('\n');
  return header;
}

}  // namespace marquee
