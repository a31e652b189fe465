// als.json: what `marquee train als` recorded about its vectors.
#ifndef MARQUEE_OFFLINE_DATA_ALS_FILE_H_
#define MARQUEE_OFFLINE_DATA_ALS_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/item_vectors.h"
#include "offline/data/seen_interactions.h"
#include "offline/data/vector_probe.h"

namespace marquee {

struct AlsFile {
  AlsParameters parameters;
  // The dimension of the vectors, and their numbers; absent: the file does not
  // say.
  std::optional<uint64_t> factors, users, items;
  // Of the training; absent: the file does not say.
  std::optional<uint64_t> iterations, seed;
  // Of the trained vectors; absent: the file does not say.
  std::optional<VectorProbe> user_vectors, item_vectors;
  // The parameters of training that change the features of vectors.
  std::string recipe;
  // The end of the interactions that training saw, as given to the trainer;
  // empty: the whole file.
  std::string until;
  // The events that the vectors learnt from; empty: every event.
  std::vector<std::string> events;
  // Absent in files of other programs.
  std::optional<SeenInteractions> seen;
};

// Absent if there is no such file. Errors: those of ReadFile; DataLoss if the
// file is damaged.
absl::StatusOr<std::optional<AlsFile>> ReadAlsFile(const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_ALS_FILE_H_
