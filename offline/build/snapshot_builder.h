// Makes a snapshot of a data set, vectors, a model and a policy.
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
  // A version directory: the new version is that one with another policy, or
  // another ranker, or both, and nothing else is read; empty: from data.
  std::string from;
  std::string data;  // directory: items.jsonl, users.jsonl, interactions.csv
  std::string embeddings;  // directory: what a trainer wrote
  std::string
      ranker;  // model file; empty: candidates keep the order of retrieval
  // Of the ranker, as Forest::FirstIterations takes it; absent: all.
  std::optional<size_t> ranker_iterations;
  std::string policy;     // policy file; empty: no rules
  std::string snapshots;  // directory of the versions
  // Only interactions before this moment, in Unix seconds.
  int64_t until = std::numeric_limits<int64_t>::max();
  // Those that are signs of liking; empty: what the embeddings learnt from,
  // else all.
  std::vector<std::string> events;
  // The age that titles without one count as; absent: nobody with an age limit
  // is shown them.
  std::optional<int> unrated_is;
  RetrievalOptions retrieval;
  // The moment of the golden requests; absent: now.
  std::optional<absl::Time> now;
  size_t golden_requests = 16;
  // Builds also what can show somebody nothing, now or in the days to come
  // (availability.h).
  bool allow_empty = false;
  // Builds also with a ranker that was trained on other vectors.
  bool allow_other_vectors = false;
  // Builds also of files whose ids hardly match (id_match.h).
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
  std::optional<int> unrated_is;  // as BuildOptions, of the snapshot
  size_t users = 0;
  size_t users_with_vector = 0;
  size_t folded_users = 0;  // of those; by their history, not by training
  // As EmbeddingSet; and what its history is made of. Absent in a version from
  // another.
  std::string vectors;
  std::optional<SeenInteractions> vectors_seen, history;
  size_t trees = 0;
  std::string ranker_vectors;  // of its training; empty: it does not tell
  size_t rules = 0;
  struct Engine {
    std::string name;
    double recall = 0;  // as RetrievalOptions::recall
  };
  std::vector<Engine> engines;
  // Left out, because the catalogue does not have them.
  std::vector<std::string> unknown_embedded_items;
  uint64_t unknown_interactions = 0;
  std::string unknown_interaction;  // the title of one of them
  // Of zeros, which count as none.
  size_t zero_item_vectors = 0;
  size_t zero_user_vectors = 0;
  // A line for each matrix that was converted while it was read.
  std::vector<std::string> conversions;
  // What the caller hardly meant and is no fault, "FILE:LINE: WHAT": of the
  // data that was read, and of what it makes.
  std::vector<std::string> data_warnings;
  std::vector<std::string> warnings;
};

// Writes a new version and loads it again before it is published: what this
// returns, a server will load. Shows progress on the standard error. Errors:
// those of the readers, of WriteEngineSections and of Snapshot::Load;
// FailedPrecondition when somebody can be shown nothing. A failed build leaves
// nothing behind.
absl::StatusOr<BuildSummary> BuildSnapshot(const BuildOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_SNAPSHOT_BUILDER_H_
