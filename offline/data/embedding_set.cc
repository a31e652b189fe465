#include "offline/data/embedding_set.h"

#include <cmath>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/base/atomic_file.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace marquee {
namespace {

absl::Status CheckRows(const NpyMatrix& matrix, const IdDictionary& ids,
                       const std::string& id_path) {
  if (matrix.rows() == ids.size()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(matrix.path(), " has ", matrix.rows(), " rows, ", id_path,
                   " has ", ids.size(), " ids: they are not of one training"));
}

absl::StatusOr<AlsParameters> ReadAls(const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, 1 << 20));
  const nlohmann::json als =
      nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto number = [&](const char* name) -> absl::StatusOr<float> {
    if (!als.is_object() || !als.contains(name) || !als[name].is_number()) {
      return absl::DataLossError(
          absl::StrCat(path, ": needs a number '", name, "'"));
    }
    const float value = als[name].get<float>();
    if (!std::isfinite(value) || value <= 0) {
      return absl::DataLossError(
          absl::StrCat(path, ": '", name, "' must be more than 0"));
    }
    return value;
  };
  AlsParameters parameters;
  MARQUEE_ASSIGN_OR_RETURN(parameters.alpha, number("alpha"));
  MARQUEE_ASSIGN_OR_RETURN(parameters.regularization, number("regularization"));
  return parameters;
}

}  // namespace

absl::StatusOr<EmbeddingSet> ReadEmbeddings(const std::string& directory) {
  const auto path = [&](const char* name) {
    return absl::StrCat(directory, "/", name);
  };
  EmbeddingSet set;
  MARQUEE_ASSIGN_OR_RETURN(set.users, ReadIdList(path("users.txt")));
  MARQUEE_ASSIGN_OR_RETURN(set.items, ReadIdList(path("items.txt")));
  MARQUEE_ASSIGN_OR_RETURN(set.user_vectors,
                           NpyMatrix::Open(path("user_embeddings.npy")));
  MARQUEE_ASSIGN_OR_RETURN(set.item_vectors,
                           NpyMatrix::Open(path("item_embeddings.npy")));
  MARQUEE_RETURN_IF_ERROR(
      CheckRows(*set.user_vectors, set.users, path("users.txt")));
  MARQUEE_RETURN_IF_ERROR(
      CheckRows(*set.item_vectors, set.items, path("items.txt")));
  if (set.user_vectors->dim() != set.item_vectors->dim()) {
    return absl::FailedPreconditionError(
        absl::StrCat(set.user_vectors->path(), " has ", set.user_vectors->dim(),
                     " columns, ", set.item_vectors->path(), " has ",
                     set.item_vectors->dim(), ": they must be equal"));
  }
  if (std::filesystem::exists(path("als.json"))) {
    MARQUEE_ASSIGN_OR_RETURN(set.als, ReadAls(path("als.json")));
  }
  return set;
}

}  // namespace marquee
