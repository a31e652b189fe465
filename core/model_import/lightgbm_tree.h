// Reads one tree of a LightGBM text model.
#ifndef MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TREE_H_
#define MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TREE_H_

#include <cstddef>
#include <span>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"
#include "core/model_import/text_section.h"

namespace marquee {

// The keys of the fields that matter for predictions.
std::span<const absl::string_view> LightGbmTreeKeys();

// Returns the tree; its `output` is 0. `section` must keep LightGbmTreeKeys().
// `index` is for errors. Errors: DataLoss for a tree that is cut off or
// contradicts itself, Unimplemented for one of LightGBM 2.0.4 or older.
absl::StatusOr<Tree> ReadLightGbmTree(const TextSection& section, size_t index);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TREE_H_
