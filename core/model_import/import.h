// Imports a tree model of any supported format.
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<const Forest> forest,
//                            ImportForestFile("ranker.txt"));
#ifndef MARQUEE_CORE_MODEL_IMPORT_IMPORT_H_
#define MARQUEE_CORE_MODEL_IMPORT_IMPORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"

namespace marquee {

// Detects the format by the content: LightGBM text, XGBoost JSON or UBJSON,
// each with or without a byte order mark. `name` is for errors. Memory stays
// within 36 times the size of the file, whatever it says: names of one letter
// take the most; trees take 4 to 18 times. Errors: those of ImportLightGbmText
// and ImportXgboostJson; Unimplemented for a known format that is not imported
// (foreign_model.h); DataLoss for anything else.
absl::StatusOr<std::unique_ptr<const Forest>> ImportForest(
    absl::string_view file, absl::string_view name);

// Imports a file. Errors: also those of MappedFile::Open.
absl::StatusOr<std::unique_ptr<const Forest>> ImportForestFile(
    const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_IMPORT_H_
