// Codes of countries and languages: which are known, and which are equal.
#ifndef MARQUEE_CORE_CATALOG_LOCALE_CODES_H_
#define MARQUEE_CORE_CATALOG_LOCALE_CODES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Whether the code is two upper-case letters.
bool LooksLikeCountry(absl::string_view code);

// Whether the code is in ISO 3166-1 alpha-2, upper case, or XK, which Kosovo
// uses.
bool IsCountryCode(absl::string_view code);

// Returns a message for people about an unknown code: "'UK' is not a country
// code of ISO 3166-1, perhaps GB".
std::string TellUnknownCountry(absl::string_view code);
std::string TellUnknownLanguage(absl::string_view tag);

// Tags of BCP 47 name languages: "de", "de-AT", "zh-Hant-TW". Comparisons
// ignore the case of letters, and '_' counts as '-'.

// Whether the tag has the form of a language tag. The language must be a
// two-letter code of ISO 639-1, or a three-letter code for which there is no
// two-letter one ("deu" is "de"); three-letter codes are not looked up
// otherwise. Each further part must be one to eight letters and digits.
bool IsLanguageTag(absl::string_view tag);

// Whether the tag matches the range by basic filtering (RFC 4647): it equals
// the range or continues after it with another part. "de-AT" matches "de"; "de"
// does not match "de-AT". An empty range matches nothing.
bool IsOfLanguage(absl::string_view tag, absl::string_view range);

// Returns the language of a tag, without script and region: "de" of "de-AT".
absl::string_view LanguageOf(absl::string_view tag);

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_LOCALE_CODES_H_
