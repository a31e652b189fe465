#include "offline/data/spelling.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace marquee {
namespace {

// IsForNothing's fast path knows the first characters of these.
constexpr absl::string_view kForNothing[] = {
    "", "nan", "<na>", "none", "null", "n/a", "[]", "(no genres listed)"};

struct Character {
  uint32_t code;
  size_t bytes;
};

// Returns the first character of a text. Requires: the text is not empty. For
// characters of four bytes, none of which matters here, and for damaged ones,
// it returns a single byte.
Character FirstOf(absl::string_view text) {
  const auto byte = [&](size_t i) -> uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  if (byte(0) >> 5 == 0b110) {
    return {(byte(0) & 0x1F) << 6 | (byte(1) & 0x3F),
            std::min<size_t>(2, text.size())};
  }
  if (byte(0) >> 4 == 0b1110) {
    return {(byte(0) & 0xF) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F),
            std::min<size_t>(3, text.size())};
  }
  return {byte(0), 1};
}

bool IsSpace(uint32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x2007 ||
         c == 0x202F || c == 0x3000;
}

// Control characters, the soft hyphen, characters without width, marks of
// direction and byte order.
bool IsInvisible(Character character) {
  const uint32_t c = character.code;
  if (character.bytes == 1) return c < 0x20 || c == 0x7F;
  return (c >= 0x80 && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         c == 0xFEFF;
}

bool IsPlain(absl::string_view text) {
  return absl::c_all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

bool IsForNothing(absl::string_view text) {
  const absl::string_view word = absl::StripAsciiWhitespace(text);
  // Fast path: most words begin with another character.
  if (!word.empty() && !absl::StrContains("nN(<[", word[0])) return false;
  return word == "NA" || word == "NaT" ||
         absl::c_any_of(kForNothing, [word](absl::string_view nothing) {
           return absl::EqualsIgnoreCase(word, nothing);
         });
}

std::string VisibleText(absl::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::string visible;
  size_t end = 0;  // after the last character that is not a space
  while (!text.empty()) {
    const Character character = FirstOf(text);
    const bool is_space = IsSpace(character.code);
    if ((!is_space && !IsInvisible(character)) ||
        (is_space && !visible.empty())) {
      absl::StrAppend(&visible, text.substr(0, character.bytes));
      if (!is_space) end = visible.size();
    }
    text.remove_prefix(character.bytes);
  }
  visible.resize(end);
  return visible;
}

std::string SpellingKey(absl::string_view text) {
  return absl::AsciiStrToLower(VisibleText(text));
}

std::string FirstInvisible(absl::string_view text) {
  while (!text.empty()) {
    const Character character = FirstOf(text);
    if (!IsSpace(character.code) && IsInvisible(character)) {
      return absl::StrFormat("U+%04X", character.code);
    }
    text.remove_prefix(character.bytes);
  }
  return "";
}

absl::string_view Difference(absl::string_view a, absl::string_view b) {
  if (VisibleText(a) == VisibleText(b)) {
    return FirstInvisible(a) == FirstInvisible(b)
               ? "spaces at the ends"
               : "characters that are not seen";
  }
  return absl::AsciiStrToLower(a) == absl::AsciiStrToLower(b)
             ? "case"
             : "case and spaces";
}

}  // namespace marquee
