// Finds what the wording of one title says about its franchise (the rules are
// in franchise.h).
#ifndef MARQUEE_OFFLINE_IMPORT_TITLE_FORMS_H_
#define MARQUEE_OFFLINE_IMPORT_TITLE_FORMS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

enum class BaseKind { kSeparator, kNumber, kAndThe };

// A possible franchise name.
struct TitleBase {
  std::string key;   // lower case, for comparing
  std::string name;  // as spelt in the title
  BaseKind kind = BaseKind::kSeparator;
  int number = 0;  // the sequel number, for kNumber
};

struct TitleForm {
  std::string whole;             // key of the title without articles
  std::vector<TitleBase> bases;  // shortest first, each key once and not whole
};

// Returns the forms of the main title and of the alternatives in parentheses.
std::vector<TitleForm> FormsOfTitle(absl::string_view title);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_IMPORT_TITLE_FORMS_H_
