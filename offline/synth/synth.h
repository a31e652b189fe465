// Writes a synthetic streaming service (synth_world.h, synth_viewing.h) as a
// dataset: items.jsonl, users.jsonl, interactions.csv and truth.json and, if
// requested, the latent vectors as embeddings.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const SynthSummary summary,
//       WriteSynth({.users = 1000, .items = 200}, {.directory = "data"}));
//
// The same options give the same bytes. Users are computed and written one by
// one. Memory is about 0.3 KB per item, for any number of users.
#ifndef MARQUEE_OFFLINE_SYNTH_SYNTH_H_
#define MARQUEE_OFFLINE_SYNTH_SYNTH_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "offline/formats/npy.h"
#include "offline/synth/synth_world.h"

namespace marquee {

struct SynthOutput {
  std::string directory;  // created if it is missing
  // Also writes user_embeddings.npy, item_embeddings.npy, users.txt and
  // items.txt: the latent truth, for tests at scale without training.
  bool embeddings = false;
  NpyType user_type = NpyType::kFloat32;
};

struct SynthSummary {
  uint64_t users = 0;
  uint64_t items = 0;
  uint64_t franchises = 0;
  uint64_t interactions = 0;
  // Of item-country pairs, at the end of the data; estimated from at most
  // 20,000 items.
  double licensed_share = 0;
};

// Return "t1" and "u1" for number 0.
std::string SynthItemId(uint64_t number);
std::string SynthUserId(uint64_t number);

// The files appear together. Errors: InvalidArgument as SynthWorld::Create;
// those of the disk.
absl::StatusOr<SynthSummary> WriteSynth(const SynthOptions& options,
                                        const SynthOutput& output);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_SYNTH_SYNTH_H_
