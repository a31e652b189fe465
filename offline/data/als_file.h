// als.json: what `marquee train als` wrote of its vectors.
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
  // The lengths of the vectors, and how many there are; absent: it does not
  // tell.
  std::optional<uint64_t> factors, users, items;
  // Of the vectors that were trained; absent: it does not tell.
  std::optional<VectorProbe> user_vectors, item_vectors;
  // The parameters that change the features of vectors.
  std::string recipe;
  // Until when they have seen interactions, as the call of the trainer had it;
  // empty: all of the file.
  std::string until;
  // What they learnt from; empty: every event.
  std::vector<std::string> events;
  // Absent in files of other programs.
  std::optional<SeenInteractions> seen;
};

// Absent when there is no such file. Errors: those of ReadFile; DataLoss when
// it is damaged.
absl::StatusOr<std::optional<AlsFile>> ReadAlsFile(const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_ALS_FILE_H_
