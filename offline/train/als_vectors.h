// Trains vectors by ALS and writes their directory, for `marquee train als` and
// for the past moments of `marquee train ranker`.
#ifndef MARQUEE_OFFLINE_TRAIN_ALS_VECTORS_H_
#define MARQUEE_OFFLINE_TRAIN_ALS_VECTORS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "offline/train/als.h"

namespace marquee {

struct TrainAlsCall {
  std::string interactions;  // CSV file
  std::string out;           // directory
  std::vector<std::string> events;
  std::string until;  // as ParseTimestamp; empty: all
  AlsOptions als;
};

struct TrainedAls {
  std::vector<std::string> remarks;  // about the interactions
  size_t used = 0;                   // interactions
  uint64_t rows_read = 0;
  uint64_t pairs = 0;
  size_t users = 0;
  size_t items = 0;
  std::vector<double> losses;  // one per iteration, if requested
  double seconds = 0;
  nlohmann::ordered_json parameters;  // what als.json says, without the probes
};

// Shows progress on the standard error. Errors: those of CheckAlsOptions,
// LoadInteractions, TrainAls and WriteEmbeddings.
absl::StatusOr<TrainedAls> TrainAlsVectors(const TrainAlsCall& call);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_ALS_VECTORS_H_
