// Texts that look alike to a person and are different to a computer.
#ifndef MARQUEE_OFFLINE_DATA_SPELLING_H_
#define MARQUEE_OFFLINE_DATA_SPELLING_H_

#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Whether tables write it where nothing stands: "nan", "None", "NULL", "N/A",
// "(no genres listed)", spaces alone. "NA" is, "na" is not: it is
// Nauruan; "NaT" is, "Nat" is not.
bool IsForNothing(absl::string_view text);

// The UTF-8 text without spaces at its ends and without characters that have no
// width, such as U+200B, or control characters.
std::string VisibleText(absl::string_view text);

// VisibleText in small letters of ASCII: texts of one key look alike.
std::string SpellingKey(absl::string_view text);

// "U+200B": the first character that VisibleText drops inside of the text;
// empty when there is none.
std::string FirstInvisible(absl::string_view text);

// In what two texts of one key differ: "case", "spaces at the ends".
absl::string_view Difference(absl::string_view a, absl::string_view b);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_SPELLING_H_
