// Makes a snapshot from a data set, vectors, a model and a policy.
//
//   BuildOptions options;
//   options.data = "data";
//   options.embeddings = "vectors";
//   options.snapshots = "snapshots";
//   MARQUEE_ASSIGN_OR_RETURN(const BuildSummary summary,
//                            BuildSnapshot(options));
//   std::cout << summary.path;  // snapshots/7
#ifndef MARQUEE_OFFLINE_BUILD_SNAPSHOT_BUILDER_H_
#define MARQUEE_OFFLINE_BUILD_SNAPSHOT_BUILDER_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "offline/build/retrieval_sections.h"
#include "offline/data/seen_interactions.h"

namespace marquee {

struct BuildOptions {
  // A version directory. The new version is that one with another policy,
  // another ranker, or both; nothing else is read. Empty: build from data.
  std::string from;
  std::string data;  // directory: items.jsonl, users.jsonl, interactions.csv
  std::string embeddings;  // directory: a trainer's output
  // Model file; empty: candidates keep the order of retrieval.
  std::string ranker;
  // Iterations of the ranker to use, as Forest::FirstIterations; absent: all.
  std::optional<size_t> ranker_iterations;
  std::string policy;     // policy file; empty: no rules
  std::string snapshots;  // directory of the versions
  // Reads only interactions before this moment, in Unix seconds.
  int64_t until = std::numeric_limits<int64_t>::max();
  // The events that are signs of liking. Empty: those that the embeddings
  // learnt from, or all if the embeddings do not say.
  std::vector<std::string> events;
  // The age that items without an age rating count as. Absent: they are not
  // shown to users with an age limit.
  std::optional<int> unrated_is;
  RetrievalOptions retrieval;
  // The moment of the golden requests; absent: now.
  std::optional<absl::Time> now;
  size_t golden_requests = 16;
  // Also builds a snapshot that can show some users nothing, now or in the
  // following days (availability.h).
  bool allow_empty = false;
  // Also builds with a ranker that was trained on other vectors.
  bool allow_other_vectors = false;
  // Also builds from files whose ids hardly match (id_match.h).
  bool allow_unmatched = false;
};

struct BuildSummary {
  uint64_t version = 0;
  uint64_t from_version = 0;  // 0: from data
  std::string path;
  uint64_t bytes = 0;
  size_t items = 0;
  size_t items_with_vector = 0;
  size_t unrated_items = 0;       // without an age rating
  std::optional<int> unrated_is;  // of the snapshot, see BuildOptions
  size_t users = 0;
  size_t users_with_vector = 0;
  size_t folded_users = 0;  // of those: by history, not by training
  // that vectors and history are made of. The latter are absent in a version
  // from another.
  std::string vectors;
  std::optional<SeenInteractions> vectors_seen, history;
  size_t trees = 0;
  std::string ranker_vectors;  // recipe in its training; empty: unknown
  size_t rules = 0;
  struct Engine {
    std::string name;
    double recall = 0;  // as RetrievalOptions::recall
  };
  std::vector<Engine> engines;
  // Left out because the catalogue does not have them.
  std::vector<std::string> unknown_embedded_items;
  uint64_t unknown_interactions = 0;
  std::string unknown_interaction;  // the item of one of them
  // Vectors of zeros, which count as absent.
  size_t zero_item_vectors = 0;
  size_t zero_user_vectors = 0;
  // One line for each matrix that was converted while it was read.
  std::vector<std::string> conversions;
  // Lawful input that the caller hardly meant, "FILE:LINE: WHAT": in the data
  // that was read, and in the snapshot that it gives.
  std::vector<std::string> data_warnings;
  std::vector<std::string> warnings;
};

// Writes a new version. Loads it before publishing it, so a server will load
// what this returns. Shows progress on the standard error. Errors: those of the
// readers, of WriteEngineSections and of Snapshot::Load; FailedPrecondition if
// some users can be shown nothing. A failed build leaves nothing behind.
absl::StatusOr<BuildSummary> BuildSnapshot(const BuildOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_SNAPSHOT_BUILDER_H_
