// Recognises model files that Marquee does not import: dumps, pickles, formats
// of other trainers, other encodings, and files that are not a model.
#ifndef MARQUEE_CORE_MODEL_IMPORT_FOREIGN_MODEL_H_
#define MARQUEE_CORE_MODEL_IMPORT_FOREIGN_MODEL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Returns what the file seems to be and what to do instead, without the file's
// name: "is a JSON dump of …; save the model with …". Returns an empty string
// if it recognises nothing. Never recognises an XGBoost model file, damaged or
// not. Searches the whole file for words, so call it only after an import has
// failed.
std::string TellForeignModel(absl::string_view bytes);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_FOREIGN_MODEL_H_
