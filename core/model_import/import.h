// Reads a tree model of any supported format.
#ifndef MARQUEE_CORE_MODEL_IMPORT_IMPORT_H_
#define MARQUEE_CORE_MODEL_IMPORT_IMPORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"

namespace marquee {

// The format is told by the content: LightGBM text, XGBoost JSON or UBJSON,
// with a byte order mark or without. `name` is for errors. Memory stays within
// 36 times the bytes, whatever they say: the worst are names of one letter;
// trees take 4 to 18 times.
// Errors: as ImportLightGbmText and ImportXgboostJson; Unimplemented for
// formats that are known and not read (foreign_model.h); DataLoss for anything
// else.
absl::StatusOr<std::unique_ptr<const Forest>> ImportForest(
    absl::string_view file, absl::string_view name);

// The same of a file. Errors also as MappedFile::Open.
absl::StatusOr<std::unique_ptr<const Forest>> ImportForestFile(
    const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_IMPORT_H_
