#include "offline/train/embeddings.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/files/output_file.h"
#include "offline/formats/npy.h"

namespace marquee {
namespace {

absl::StatusOr<std::unique_ptr<OutputFile>> WriteIds(const std::string& path,
                                                     const IdDictionary& ids) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, OutputFile::Create(path));
  for (uint32_t i = 0; i < ids.size(); ++i) {
    file->Append(ids[i]);
    file->Append("\n");
  }
  return file;
}

}  // namespace

absl::Status WriteEmbeddings(const std::string& directory,
                             const Embeddings& embeddings,
                             absl::string_view parameters_name,
                             absl::string_view parameters_json) {
  const size_t dim = embeddings.dim;
  MARQUEE_CHECK(
      embeddings.user_vectors.size() == embeddings.users.size() * dim &&
      embeddings.item_vectors.size() == embeddings.items.size() * dim);
  MARQUEE_RETURN_IF_ERROR(MakeDirectory(directory));
  MARQUEE_ASSIGN_OR_RETURN(
      auto users, NpyWriter::Create(directory + "/user_embeddings.npy", dim,
                                    NpyType::kFloat32));
  MARQUEE_ASSIGN_OR_RETURN(
      auto items, NpyWriter::Create(directory + "/item_embeddings.npy", dim,
                                    NpyType::kFloat32));
  users->Append(embeddings.user_vectors);
  items->Append(embeddings.item_vectors);
  MARQUEE_ASSIGN_OR_RETURN(
      auto user_ids, WriteIds(directory + "/users.txt", embeddings.users));
  MARQUEE_ASSIGN_OR_RETURN(
      auto item_ids, WriteIds(directory + "/items.txt", embeddings.items));
  MARQUEE_ASSIGN_OR_RETURN(
      auto parameters,
      OutputFile::Create(absl::StrCat(directory, "/", parameters_name)));
  parameters->Append(parameters_json);
  return PublishAll({users->Finish(), items->Finish(), user_ids.get(),
                     item_ids.get(), parameters.get()});
}

}  // namespace marquee
