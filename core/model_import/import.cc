#include "core/model_import/import.h"

#include <cstddef>
#include <span>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/files/mapped_file.h"
#include "core/model_import/foreign_model.h"
#include "core/model_import/lightgbm_text.h"
#include "core/model_import/xgboost_model.h"

namespace marquee {
namespace {

// A UBJSON object begins with a brace too. Then comes the type of the first
// key's length, or a mark of a typed or counted container.
bool IsUbjson(absl::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '{' &&
         absl::string_view("iUIlL$#").find(bytes[1]) != absl::string_view::npos;
}

// Returns `read`, or a better message if the file is a known foreign format.
absl::StatusOr<std::unique_ptr<const Forest>> OrForeign(
    absl::StatusOr<std::unique_ptr<const Forest>> read, absl::string_view bytes,
    absl::string_view name) {
  if (read.ok()) return read;
  const std::string foreign = TellForeignModel(bytes);
  if (foreign.empty()) return read;
  return absl::UnimplementedError(absl::StrCat(name, ": ", foreign));
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Forest>> ImportForest(
    absl::string_view file, absl::string_view name) {
  const absl::string_view bytes = WithoutByteOrderMark(file);
  if (IsLightGbmText(bytes)) return ImportLightGbmText(bytes, name);
  if (IsUbjson(bytes)) return ImportXgboostUbjson(bytes, name);
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(bytes), "{")) {
    return OrForeign(ImportXgboostJson(bytes, name), bytes, name);
  }
  return OrForeign(
      absl::DataLossError(absl::StrCat(
          name,
          ": is not a tree model: expected a LightGBM text file, which begins "
          "with the line 'tree', or an XGBoost JSON or UBJSON file, which "
          "begins with '{'")),
      bytes, name);
}

absl::StatusOr<std::unique_ptr<const Forest>> ImportForestFile(
    const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<const MappedFile> file,
                           MappedFile::Open(path));
  const std::span<const std::byte> bytes = file->bytes();
  return ImportForest(
      {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
}

}  // namespace marquee
