#include "offline/import/title_forms.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace marquee {
namespace {

constexpr std::array<absl::string_view, 21> kRoman = {
    "",   "I",   "II",   "III", "IV", "V",   "VI",   "VII",   "VIII", "IX", "X",
    "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX",  "XX"};
constexpr std::array<absl::string_view, 11> kWords = {
    "",    "One",   "Two",   "Three", "Four", "Five",
    "Six", "Seven", "Eight", "Nine",  "Ten"};
constexpr std::array<absl::string_view, 6> kPartWords = {
    "Part", "Episode", "Chapter", "Vol.", "Volume", "Season"};

std::string KeyOf(absl::string_view text) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(text, {{"&", "and"}}));
}

absl::string_view Trim(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  while (!text.empty() && absl::StrContains(",:-", text.back())) {
    text.remove_suffix(1);
    text = absl::StripTrailingAsciiWhitespace(text);
  }
  return text;
}

// Returns "Godfather, The" or "The Godfather" without the article.
absl::string_view WithoutArticle(absl::string_view text) {
  text = Trim(text);
  for (const absl::string_view article :
       {"The", "A", "An", "Le", "La", "Les", "Der", "Die", "Das", "El", "Il"}) {
    const std::string behind = absl::StrCat(", ", article);
    if (absl::EndsWithIgnoreCase(text, behind)) {
      return Trim(text.substr(0, text.size() - behind.size()));
    }
  }
  for (const absl::string_view article : {"The ", "A ", "An "}) {
    if (absl::StartsWithIgnoreCase(text, article)) {
      return Trim(text.substr(article.size()));
    }
  }
  return text;
}

template <size_t N>
int IndexOf(const std::array<absl::string_view, N>& names,
            absl::string_view word) {
  for (size_t i = 1; i < N; ++i) {
    if (names[i] == word) return static_cast<int>(i);
  }
  return 0;
}

// Returns the sequel number that a word means; 0 for none.
int SequelNumber(absl::string_view word, bool behind_part) {
  int number = 0;
  if (absl::SimpleAtoi(word, &number) && absl::ascii_isdigit(word[0])) {
    // Death Race 2000 is not a sequel.
    return number >= (behind_part ? 1 : 2) && number <= 99 ? number : 0;
  }
  number = IndexOf(kRoman, word);
  // Malcolm X is not the tenth Malcolm.
  if (!behind_part && (number == 1 || number == 10)) return 0;
  if (number == 0 && behind_part) number = IndexOf(kWords, word);
  return number;
}

struct Stripped {
  absl::string_view text;
  int number;
};

// Takes a sequel number off the end.
std::optional<Stripped> StripNumber(absl::string_view text) {
  size_t space = text.rfind(' ');
  if (space == absl::string_view::npos) return std::nullopt;
  absl::string_view word = text.substr(space + 1);
  if (word.size() == 3 && absl::StartsWith(word, "1/")) {  // "2 1/2"
    text = text.substr(0, space);
    space = text.rfind(' ');
    if (space == absl::string_view::npos) return std::nullopt;
    word = text.substr(space + 1);
  }
  absl::string_view rest = Trim(text.substr(0, space));
  bool behind_part = false;
  for (const absl::string_view part : kPartWords) {
    if (absl::EndsWithIgnoreCase(rest, absl::StrCat(" ", part))) {
      behind_part = true;
      rest = Trim(rest.substr(0, rest.size() - part.size()));
      break;
    }
  }
  const int number = SequelNumber(word, behind_part);
  if (number == 0 || rest.empty()) return std::nullopt;
  return Stripped{rest, number};
}

void AddBase(absl::string_view text, BaseKind kind, int number,
             TitleForm* form) {
  text = WithoutArticle(text);
  std::string key = KeyOf(text);
  if (key.empty() || key == form->whole) return;
  for (TitleBase& base : form->bases) {
    if (base.key != key) continue;
    if (kind == BaseKind::kNumber && base.kind != BaseKind::kNumber) {
      base.kind = kind;
      base.number = number;
    }
    return;
  }
  form->bases.push_back({std::move(key), std::string(text), kind, number});
}

void AddNumberBase(absl::string_view text, TitleForm* form) {
  if (const auto stripped = StripNumber(WithoutArticle(text))) {
    AddBase(stripped->text, BaseKind::kNumber, stripped->number, form);
  }
}

TitleForm FormOf(absl::string_view text) {
  TitleForm form;
  text = WithoutArticle(text);
  form.whole = KeyOf(text);
  AddNumberBase(text, &form);
  for (const absl::string_view separator : {": ", " - "}) {
    for (size_t at = text.find(separator); at != absl::string_view::npos;
         at = text.find(separator, at + 1)) {
      AddBase(text.substr(0, at), BaseKind::kSeparator, 0, &form);
      AddNumberBase(text.substr(0, at), &form);
    }
  }
  for (const absl::string_view joint : {" and the ", " & the "}) {
    const size_t at = text.find(joint);
    if (at == absl::string_view::npos) continue;
    AddBase(text.substr(0, at), BaseKind::kAndThe, 0, &form);
  }
  std::stable_sort(form.bases.begin(), form.bases.end(),
                   [](const TitleBase& a, const TitleBase& b) {
                     return a.key.size() < b.key.size();
                   });
  return form;
}

}  // namespace

std::vector<TitleForm> FormsOfTitle(absl::string_view title) {
  std::vector<TitleForm> forms;
  const size_t open = title.find(" (");
  forms.push_back(FormOf(title.substr(0, open)));
  while (title.find('(') != absl::string_view::npos) {
    title.remove_prefix(title.find('(') + 1);
    absl::string_view inner = title.substr(0, title.find(')'));
    for (const absl::string_view prefix : {"a.k.a. ", "aka ", "a.k.a "}) {
      if (absl::StartsWithIgnoreCase(inner, prefix)) {
        inner.remove_prefix(prefix.size());
      }
    }
    TitleForm form = FormOf(inner);
    if (!form.whole.empty()) forms.push_back(std::move(form));
  }
  return forms;
}

}  // namespace marquee
