// Codes of countries and languages: which are known, and which are the same.
#ifndef MARQUEE_CORE_CATALOG_LOCALE_CODES_H_
#define MARQUEE_CORE_CATALOG_LOCALE_CODES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Two upper-case letters.
bool LooksLikeCountry(absl::string_view code);

// Of ISO 3166-1 alpha-2, upper case; and XK, which Kosovo uses.
bool IsCountryCode(absl::string_view code);

// For people, of a code that is none: "'UK' is no country of ISO 3166-1,
// perhaps GB".
std::string TellUnknownCountry(absl::string_view code);
std::string TellUnknownLanguage(absl::string_view tag);

// Languages are named by BCP 47: "de", "de-AT", "zh-Hant-TW". Letters are
// compared without case, and '_' counts as '-'.

// Whether it may be one: the language is of ISO 639-1, or has three letters,
// for which there are no two ("deu" is "de") and which are not looked up; each
// further part has one to eight letters and digits.
bool IsLanguageTag(absl::string_view tag);

// Whether the tag is of the range (basic filtering of RFC 4647): the same, or
// it goes on behind it. "de-AT" is of "de", "de" is not of "de-AT". An empty
// tag is of none.
bool IsOfLanguage(absl::string_view tag, absl::string_view range);

// The language of a tag, without region and script: "de" of "de-AT".
absl::string_view LanguageOf(absl::string_view tag);

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_LOCALE_CODES_H_
