#include "core/textproto/open_braces.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace marquee {
namespace {

bool IsOfWord(char c) { return absl::ascii_isalnum(c) || c == '_'; }

// Takes one token from the front: a comment, a quoted text (which ends at the
// end of its line at the latest), a word or a single character.
absl::string_view TakeToken(absl::string_view& text) {
  size_t end = 1;
  if (text[0] == '#') {
    end = std::min(text.find('\n'), text.size());
  } else if (text[0] == '"' || text[0] == '\'') {
    while (end < text.size() && text[end] != text[0] && text[end] != '\n') {
      end += text[end] == '\\' ? 2 : 1;
    }
    end = std::min(end + 1, text.size());
  } else if (IsOfWord(text[0])) {
    while (end < text.size() && IsOfWord(text[end])) ++end;
  }
  const absl::string_view token = text.substr(0, end);
  text.remove_prefix(end);
  return token;
}

absl::string_view WithoutQuotes(absl::string_view token) {
  const bool closed = token.size() > 1 && token.back() == token.front();
  return token.substr(1, token.size() - (closed ? 2 : 1));
}

}  // namespace

OpenBraces FindOpenBraces(absl::string_view text, size_t offset) {
  OpenBraces found;
  std::vector<OpenBrace> open;
  bool passed = false;
  int line = 1;
  std::string word;  // the last
  absl::string_view rest = text;
  while (!rest.empty()) {
    if (!passed && text.size() - rest.size() >= offset) {
      passed = true;
      found.braces = open;
    }
    const absl::string_view token = TakeToken(rest);
    const char first = token[0];
    if (first == '{') {
      open.push_back({word, line});
    } else if (first == '}' && !open.empty()) {
      open.pop_back();
    } else if ((first == '"' || first == '\'') && word == "name" &&
               open.size() == 1 && found.name.empty()) {
      found.name = std::string(WithoutQuotes(token));
    } else if (IsOfWord(first)) {
      word = std::string(token);
    }
    if (open.empty() && passed) break;
    if (open.empty()) found.name.clear();
    line += static_cast<int>(std::count(token.begin(), token.end(), '\n'));
  }
  if (!passed) found.braces = open;
  if (found.braces.empty()) found.name.clear();
  return found;
}

}  // namespace marquee
