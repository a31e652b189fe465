// A synthetic service with every kind of rule, built into a snapshot.
#ifndef MARQUEE_TESTS_INTEGRATION_LAWFUL_WORLD_H_
#define MARQUEE_TESTS_INTEGRATION_LAWFUL_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/files/atomic_file.h"
#include "core/snapshot/snapshot.h"
#include "offline/build/snapshot_builder.h"
#include "offline/data/interaction_set.h"
#include "offline/synth/synth.h"
#include "offline/train/als.h"
#include "offline/train/embeddings.h"
#include "offline/train/ranker_data.h"
#include "offline/train/sparse_rows.h"
#include "offline/train/xgboost_ranker.h"
#include "tests/integration/lawful_checker.h"

namespace marquee {

inline constexpr int64_t kLawfulDay = 86400;
inline constexpr int kLawfulFactors = 16;

inline std::string Rfc3339(int64_t second) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(second),
                          absl::UTCTimeZone());
}

// ALS on the data set of `directory`: items without a play have no vector.
inline absl::Status TrainLawfulAls(const std::string& directory) {
  MARQUEE_ASSIGN_OR_RETURN(
      const InteractionSet set,
      LoadInteractions(directory + "/interactions.csv", {}));
  const SparseRows pairs = SparseFromPairs(set.user, set.item, set.weight,
                                           set.users.size(), set.items.size());
  MARQUEE_ASSIGN_OR_RETURN(const AlsModel model,
                           TrainAls(pairs, {.factors = kLawfulFactors,
                                            .iterations = 4,
                                            .regularization = 1}));
  return WriteEmbeddings(
      directory,
      {kLawfulFactors, set.users, set.items, model.users, model.items},
      "als.json", R"({"alpha": 2, "regularization": 1})");
}

// A few trees on the features of the server, learnt from what all users
// watched: the quality does not matter here, that it reorders does.
inline absl::Status TrainLawfulRanker(const std::string& directory,
                                      int64_t until) {
  MARQUEE_ASSIGN_OR_RETURN(const BuildSummary built,
                           BuildSnapshot({.data = directory,
                                          .embeddings = directory,
                                          .snapshots = directory + "/before",
                                          .until = until,
                                          .golden_requests = 0}));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(built.path));
  const Pipeline pipeline(*snapshot, {.candidates = 200}, Clock::Real());
  InteractionFilter later;
  later.since = until;
  MARQUEE_ASSIGN_OR_RETURN(
      const InteractionSet labels,
      LoadInteractions(directory + "/interactions.csv", later));
  MARQUEE_ASSIGN_OR_RETURN(
      const RankerData data,
      CollectRankerData(pipeline, labels, {.candidates = 200}, nullptr));
  MARQUEE_ASSIGN_OR_RETURN(
      const RankerModel model,
      TrainRanker(data, {.rounds = 8, .leaves = 8, .hold_back_every = 0},
                  nullptr));
  return WriteFileAtomically(directory + "/ranker.json", model.json);
}

// The rules of the test. Tells the judge of the blocks; pins and the rest
// change no answer's lawfulness.
inline std::string LawfulPolicy(const Judge& judge, int64_t now,
                                std::vector<JudgeBlock>* blocks) {
  *blocks = {{.attribute = "genre", .value = "Horror", .scene = "kids"},
             {.attribute = "genre",
              .value = "Animation",
              .scene = "cartoons",
              .only = true},
             {.attribute = "genre",
              .value = "Comedy",
              .country = "DE",
              .start = now - 20 * kLawfulDay,
              .end = now + 10 * kLawfulDay}};
  std::string text = R"(
    caps { name: "franchise" attribute: "franchise" max: 3
           strict: true }
    caps { name: "genre-run" attribute: "genre" max: 2 window: 4 }
    freshness { name: "new" multiplier: 2 half_life_days: 60 }
    boosts { name: "drama" match { attribute: "genre" values: "Drama" }
             multiplier: 1.5 }
    diversity { name: "mix" strength: 0.3 })";
  for (size_t i = 0; i < blocks->size(); ++i) {
    const JudgeBlock& block = (*blocks)[i];
    absl::StrAppend(&text, "\nblocks { name: \"block-", i,
                    "\" match { attribute: \"", block.attribute,
                    "\" values: \"", block.value, "\" } audience {");
    if (!block.country.empty())
      absl::StrAppend(&text, " countries: \"", block.country, "\"");
    if (!block.scene.empty())
      absl::StrAppend(&text, " scenes: \"", block.scene, "\"");
    absl::StrAppend(&text, " }");
    if (block.start != 0) {
      absl::StrAppend(&text, " window { start: \"", Rfc3339(block.start),
                      "\" end: \"", Rfc3339(block.end), "\" }");
    }
    absl::StrAppend(&text, block.only ? " only: true }" : " }");
  }
  // Items that are licensed here and there, from time to time.
  int position = 1;
  for (size_t i = 0; i < judge.items().size() && position <= 9; i += 97) {
    const JudgeItem& item = judge.items()[i];
    if (item.licences && item.licences->empty()) continue;
    absl::StrAppend(&text, "\npins { name: \"pin-", position, "\" item_id: \"",
                    item.id, "\" position: ", position, " }");
    position += 2;
  }
  return text;
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_INTEGRATION_LAWFUL_WORLD_H_
