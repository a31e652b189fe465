// Writes the output of every trainer of embeddings, which is the input of
// `marquee build`: user_embeddings.npy, item_embeddings.npy, users.txt and
// items.txt.
#ifndef MARQUEE_OFFLINE_TRAIN_EMBEDDINGS_H_
#define MARQUEE_OFFLINE_TRAIN_EMBEDDINGS_H_

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "offline/data/id_dictionary.h"

namespace marquee {

struct Embeddings {
  size_t dim = 0;
  const IdDictionary& users;
  const IdDictionary& items;
  std::span<const float> user_vectors;  // [users x dim], row-major
  std::span<const float> item_vectors;  // [items x dim], row-major
};

// Writes the four files, and `parameters_json` as `parameters_name`, to the
// directory. Creates it if it is missing. The files appear together.
absl::Status WriteEmbeddings(const std::string& directory,
                             const Embeddings& embeddings,
                             absl::string_view parameters_name,
                             absl::string_view parameters_json);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_EMBEDDINGS_H_
