#include "offline/data/embedding_set.h"

#include <algorithm>
#include <cmath>
#include <span>
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

absl::StatusOr<Embeddings> Read(const std::string& id_path,
                                const std::string& matrix_path,
                                const NpyLimits& limits) {
  Embeddings found;
  MARQUEE_ASSIGN_OR_RETURN(IdDictionary ids, ReadIdList(id_path));
  MARQUEE_ASSIGN_OR_RETURN(found.matrix, NpyMatrix::Open(matrix_path, limits));
  MARQUEE_RETURN_IF_ERROR(CheckRows(*found.matrix, ids, id_path));
  const std::span<const size_t> zeros = found.matrix->zero_rows();
  for (uint32_t row = 0; row < ids.size(); ++row) {
    if (std::binary_search(zeros.begin(), zeros.end(), row)) continue;
    found.rows.push_back(row);
    if (!zeros.empty()) found.ids.FindOrAdd(ids[row]);
  }
  if (zeros.empty()) found.ids = std::move(ids);
  return found;
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

std::vector<float> Embeddings::Sample(size_t count) const {
  count = std::min(count, size());
  std::vector<float> sample(count * dim());
  for (size_t i = 0; i < count; ++i) {
    Copy(static_cast<uint32_t>(i * size() / count),
         std::span(sample).subspan(i * dim(), dim()));
  }
  return sample;
}

std::vector<std::string> EmbeddingSet::Conversions() const {
  std::vector<std::string> lines;
  for (const Embeddings* const embeddings : {&users, &items}) {
    const std::string& line = embeddings->matrix->conversion();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

absl::StatusOr<EmbeddingSet> ReadEmbeddings(const std::string& directory) {
  const auto path = [&](const char* name) {
    return absl::StrCat(directory, "/", name);
  };
  EmbeddingSet set;
  MARQUEE_ASSIGN_OR_RETURN(
      set.users,
      Read(path("users.txt"), path("user_embeddings.npy"), kUserLimits));
  MARQUEE_ASSIGN_OR_RETURN(
      set.items,
      Read(path("items.txt"), path("item_embeddings.npy"), kItemLimits));
  if (set.users.dim() != set.items.dim()) {
    return absl::FailedPreconditionError(
        absl::StrCat(set.users.matrix->path(), " has ", set.users.dim(),
                     " columns, ", set.items.matrix->path(), " has ",
                     set.items.dim(), ": they must be equal"));
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
