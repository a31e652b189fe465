#include "core/files/file_kind.h"

#include "absl/strings/match.h"

namespace marquee {
namespace {

using Form = FileKind::Form;

struct Beginning {
  absl::string_view bytes;
  FileKind kind;
};

// Each has a byte that UTF-8 text does not have, or a control character.
constexpr Beginning kBeginnings[] = {
    {"\x1f\x8b", {"a gzip file", Form::kPacked}},
    {"PK\x03\x04", {"a zip archive", Form::kPacked}},
    {"\x28\xb5\x2f\xfd", {"a zstd file", Form::kPacked}},
    {"\xfd"
     "7zXZ",
     {"an xz file", Form::kPacked}},
    {"\x04\x22\x4d\x18", {"an lz4 file", Form::kPacked}},
    {"PAR1\x15", {"a Parquet file", Form::kData}},
    {"\x89HDF", {"an HDF5 file", Form::kData}},
    {"\x93NUMPY", {"a NumPy array", Form::kData}},
};

// Whether the bytes begin a pickle of protocol 2 to 5.
bool IsPickle(absl::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x80' && bytes[1] >= 2 &&
         bytes[1] <= 5;
}

bool EndsLinesWithReturns(absl::string_view text) {
  const size_t first = text.find('\r');
  return first != absl::string_view::npos && first + 1 < text.size() &&
         text.find('\n') == absl::string_view::npos;
}

}  // namespace

std::optional<FileKind> FindFileKind(absl::string_view bytes) {
  for (const Beginning& beginning : kBeginnings) {
    if (absl::StartsWith(bytes, beginning.bytes)) return beginning.kind;
  }
  if (!IsPickle(bytes)) return std::nullopt;
  return FileKind{"a Python pickle or joblib file", Form::kPickle};
}

bool IsUtf16(absl::string_view text) {
  if (absl::StartsWith(text, "\xFF\xFE") ||
      absl::StartsWith(text, "\xFE\xFF")) {
    return true;
  }
  if (text.size() < 4) return false;
  const auto zeros_at = [text](size_t first) {
    return text[first] == 0 && text[first + 2] == 0 && text[1 - first] != 0 &&
           text[3 - first] != 0;
  };
  return zeros_at(0) || zeros_at(1);
}

absl::string_view FindTextFault(absl::string_view text) {
  if (IsUtf16(text)) {
    return "is text in UTF-16, as Excel and PowerShell write it; save it as "
           "UTF-8, as `iconv -f utf-16 -t utf-8` does";
  }
  if (EndsLinesWithReturns(text)) {
    return "its lines end with a carriage return alone: write newlines, as "
           "`tr '\\r' '\\n'` does";
  }
  return "";
}

}  // namespace marquee
