#include "offline/data/embedding_set.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/near_names.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/files/atomic_file.h"
#include "core/forest/forest.h"
#include "offline/data/als_file.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr absl::string_view kNotItsAnyMore =
    ": they are not of one training; train again, or remove als.json where the "
    "vectors are not its any more";

bool Exists(const std::string& path) {
  std::error_code none;
  return std::filesystem::exists(path, none);
}

// Whether the id is the name of a table's column, as pandas writes one, and not
// an id. "0" is the name of a column without one.
bool IsHeader(absl::string_view id) {
  constexpr absl::string_view kNames[] = {"itemid", "item", "movieid", "userid",
                                          "user",   "id",   "0"};
  return absl::c_any_of(kNames, [id](absl::string_view name) {
    return NameDistance(id, name) == 0;
  });
}

absl::Status CheckRows(const NpyMatrix& matrix, const IdDictionary& ids,
                       const std::string& id_path) {
  if (matrix.rows() == ids.size()) return absl::OkStatus();
  const bool has_header = ids.size() == matrix.rows() + 1 && IsHeader(ids[0]);
  return absl::FailedPreconditionError(absl::StrCat(
      matrix.path(), " has ", matrix.rows(), " rows, ", id_path, " has ",
      ids.size(), " ids: ",
      has_header ? absl::StrCat("its first line, ", QuoteForError(ids[0]),
                                ", is probably a header: delete it")
                 : "they are not of one training"));
}

absl::StatusOr<EmbeddingTable> Read(const std::string& id_path,
                                    const std::string& matrix_path,
                                    const NpyLimits& limits) {
  EmbeddingTable found;
  MARQUEE_ASSIGN_OR_RETURN(IdDictionary ids, ReadIdList(id_path));
  MARQUEE_ASSIGN_OR_RETURN(found.matrix, NpyMatrix::Open(matrix_path, limits));
  MARQUEE_RETURN_IF_ERROR(CheckRows(*found.matrix, ids, id_path));
  // Of all rows, as the trainer wrote them: the rows of zeros go below.
  found.ids_digest = DigestOfIds(ids);
  const std::span<const size_t> zeros = found.matrix->zero_rows();
  for (uint32_t row = 0; row < ids.size(); ++row) {
    if (std::binary_search(zeros.begin(), zeros.end(), row)) continue;
    found.rows.push_back(row);
    if (!zeros.empty()) found.ids.FindOrAdd(ids[row]);
  }
  if (zeros.empty()) found.ids = std::move(ids);
  return found;
}

// Without this check, a file of another training would attribute the vectors to
// it.
absl::Status CheckCount(const std::string& als_path, const char* name,
                        const std::optional<uint64_t>& said,
                        const NpyMatrix* matrix, size_t count) {
  if (!said || matrix == nullptr || *said == count) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(als_path, ": '", name, "' is ", *said, ", ", matrix->path(),
                   " has ", count, kNotItsAnyMore));
}

absl::Status CheckProbe(const std::string& als_path,
                        const std::optional<VectorProbe>& said,
                        const EmbeddingTable& embeddings) {
  const NpyMatrix* const matrix = embeddings.matrix.get();
  if (!said || matrix == nullptr) return absl::OkStatus();
  const VectorProbe found =
      ProbeVectors(embeddings.ids_digest, matrix->rows(), matrix->dim(),
                   [matrix](size_t row, std::span<float> out) {
                     matrix->CopyRow(row, out);
                   });
  if (said->ids != found.ids) {
    return absl::FailedPreconditionError(
        absl::StrCat(als_path, ": was written beside other ids than those of ",
                     matrix->path(), ", or in another order", kNotItsAnyMore));
  }
  if (AreAlike(*said, found)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      als_path, ": was written beside other vectors than those of ",
      matrix->path(), kNotItsAnyMore));
}

absl::Status CheckTraining(const AlsFile& als, const std::string& path,
                           const EmbeddingSet& set) {
  const NpyMatrix* const users = set.users.matrix.get();
  const NpyMatrix* const items = set.items.matrix.get();
  MARQUEE_RETURN_IF_ERROR(
      CheckCount(path, "factors", als.factors, items, set.items.dim()));
  MARQUEE_RETURN_IF_ERROR(
      CheckCount(path, "items", als.items, items, items->rows()));
  MARQUEE_RETURN_IF_ERROR(CheckCount(path, "users", als.users, users,
                                     users != nullptr ? users->rows() : 0));
  MARQUEE_RETURN_IF_ERROR(CheckProbe(path, als.item_vectors, set.items));
  return CheckProbe(path, als.user_vectors, set.users);
}

absl::Status ReadRecipe(const std::string& path, EmbeddingSet& set) {
  // The byte order mark and the end of the line are not part of the recipe.
  const absl::StatusOr<std::string> text =
      ReadFile(path, kByteOrderMark.size() + kMaxRecipeBytes + 2);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  absl::string_view line = *text;
  absl::ConsumePrefix(&line, kByteOrderMark);
  line = absl::StripAsciiWhitespace(line);
  if (!IsRecipe(line)) {
    return absl::DataLossError(absl::StrCat(
        path,
        ": must be one line of text that says how the vectors were made"));
  }
  set.recipe = std::string(line);
  set.names_recipe = true;
  return absl::OkStatus();
}

}  // namespace

std::vector<float> EmbeddingTable::Sample(size_t count) const {
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
  for (const EmbeddingTable* const embeddings : {&users, &items}) {
    if (embeddings->matrix == nullptr) continue;
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
  // If both are missing, users get vectors from their histories.
  if (Exists(path("users.txt")) || Exists(path("user_embeddings.npy"))) {
    MARQUEE_ASSIGN_OR_RETURN(
        set.users,
        Read(path("users.txt"), path("user_embeddings.npy"), kUserLimits));
  }
  MARQUEE_ASSIGN_OR_RETURN(
      set.items,
      Read(path("items.txt"), path("item_embeddings.npy"), kItemLimits));
  if (set.users.matrix && set.users.dim() != set.items.dim()) {
    return absl::FailedPreconditionError(
        absl::StrCat(set.users.matrix->path(), " has ", set.users.dim(),
                     " columns, ", set.items.matrix->path(), " has ",
                     set.items.dim(), ": they must be equal"));
  }
  set.recipe = absl::StrCat("vectors of ", set.items.dim(), " numbers");
  MARQUEE_ASSIGN_OR_RETURN(const auto als, ReadAlsFile(path("als.json")));
  if (als) {
    MARQUEE_RETURN_IF_ERROR(CheckTraining(*als, path("als.json"), set));
    set.als = als->parameters;
    set.recipe = als->recipe;
    set.names_recipe = true;
    set.seen = als->seen;
    set.events = als->events;
  }
  // Last, because it replaces the recipe of als.json.
  MARQUEE_RETURN_IF_ERROR(ReadRecipe(path("recipe.txt"), set));
  return set;
}

}  // namespace marquee
