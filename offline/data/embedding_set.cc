#include "offline/data/embedding_set.h"

#include <cmath>
#include <utility>

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

// als.json as it stands; null when there is no such file. A damaged one is not
// an absent one: without it a snapshot has no fold-in and a ranker may learn
// from what its embeddings have seen.
absl::StatusOr<nlohmann::json> ReadAlsJson(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path, 1 << 20);
  if (absl::IsNotFound(text.status())) return nlohmann::json();
  if (!text.ok()) return text.status();
  nlohmann::json als =
      nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (als.is_object()) return als;
  return absl::DataLossError(absl::StrCat(
      path,
      ": is damaged, it must be one JSON object: train again, or remove "
      "the file if the vectors are not of ALS"));
}

absl::StatusOr<float> PositiveNumber(const nlohmann::json& als,
                                     const std::string& path,
                                     const char* name) {
  if (!als.contains(name) || !als[name].is_number()) {
    return absl::DataLossError(
        absl::StrCat(path, ": needs a number '", name, "'"));
  }
  const float value = als[name].get<float>();
  if (!std::isfinite(value) || value <= 0) {
    return absl::DataLossError(
        absl::StrCat(path, ": '", name, "' is ", als[name].dump(),
                     ", must be more than 0 and at most 3.4e38"));
  }
  return value;
}

absl::StatusOr<std::optional<AlsParameters>> ReadAls(const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(const nlohmann::json als, ReadAlsJson(path));
  if (als.is_null()) return std::nullopt;
  AlsParameters parameters;
  MARQUEE_ASSIGN_OR_RETURN(parameters.alpha,
                           PositiveNumber(als, path, "alpha"));
  MARQUEE_ASSIGN_OR_RETURN(parameters.regularization,
                           PositiveNumber(als, path, "regularization"));
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
  MARQUEE_ASSIGN_OR_RETURN(
      set.user_vectors,
      NpyMatrix::Open(path("user_embeddings.npy"), kUserLimits));
  MARQUEE_ASSIGN_OR_RETURN(
      set.item_vectors,
      NpyMatrix::Open(path("item_embeddings.npy"), kItemLimits));
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
  MARQUEE_ASSIGN_OR_RETURN(set.als, ReadAls(path("als.json")));
  return set;
}

absl::StatusOr<std::string> ReadTrainedUntil(const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/als.json");
  MARQUEE_ASSIGN_OR_RETURN(const nlohmann::json als, ReadAlsJson(path));
  if (als.is_null() || !als.contains("until") || als["until"].is_null()) {
    return std::string();
  }
  if (als["until"].is_string()) return als["until"].get<std::string>();
  return absl::DataLossError(absl::StrCat(
      path, ": 'until' is ", als["until"].dump(),
      ", must be null or a string such as \"2026-05-01T12:00:00Z\""));
}

}  // namespace marquee
