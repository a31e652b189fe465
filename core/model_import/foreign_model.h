// Models that are known and not read: dumps, pickles, other trainers' formats,
// other encodings, and files that are no model at all.
#ifndef MARQUEE_CORE_MODEL_IMPORT_FOREIGN_MODEL_H_
#define MARQUEE_CORE_MODEL_IMPORT_FOREIGN_MODEL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// What the file seems to be and what would be right, without its name: "is a
// JSON dump of …; save the model with …". Empty: it is none that is known.
// Looks for words in the whole file, so it is for those that are not read. An
// XGBoost model file, damaged or not, is none of these.
std::string TellForeignModel(absl::string_view bytes);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_FOREIGN_MODEL_H_
