// Texts that look alike to a person but differ for a computer.
#ifndef MARQUEE_OFFLINE_DATA_SPELLING_H_
#define MARQUEE_OFFLINE_DATA_SPELLING_H_

#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Whether tables write this text for nothing: "nan", "None", "NULL", "N/A",
// "(no genres listed)", only spaces. "NA" is one, but "na" is not: it is the
// language Nauruan. "NaT" is one, but "Nat" is not.
bool IsForNothing(absl::string_view text);

// Returns the UTF-8 text without spaces at its ends, characters without width,
// such as U+200B, and control characters.
std::string VisibleText(absl::string_view text);

// Returns VisibleText with ASCII letters in lower case. Texts with equal keys
// look alike.
std::string SpellingKey(absl::string_view text);

// Returns "U+200B": the first character inside the text that VisibleText drops;
// empty if there is none.
std::string FirstInvisible(absl::string_view text);

// Returns how two texts with equal keys differ: "case", "spaces at the ends".
absl::string_view Difference(absl::string_view a, absl::string_view b);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_SPELLING_H_
