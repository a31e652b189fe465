// The smallest snapshot that has something in every section.
#ifndef MARQUEE_TESTS_SNAPSHOT_TINY_SNAPSHOT_H_
#define MARQUEE_TESTS_SNAPSHOT_TINY_SNAPSHOT_H_

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "core/acceptance/golden.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/pipeline/pipeline.h"
#include "marquee/config/manifest.pb.h"
#include "tests/pipeline/small_world.h"

namespace marquee {

// One split on the similarity, two leaves, as LightGBM writes a model.
inline constexpr char kTinyModel[] =
    "tree\n"
    "version=v3\n"
    "num_class=1\n"
    "num_tree_per_iteration=1\n"
    "label_index=0\n"
    "max_feature_idx=0\n"
    "objective=lambdarank\n"
    "feature_names=cross.similarity\n"
    "feature_infos=[-10:10]\n"
    "tree_sizes=200\n"
    "\n"
    "Tree=0\n"
    "num_leaves=2\n"
    "num_cat=0\n"
    "split_feature=0\n"
    "split_gain=1\n"
    "threshold=0.5\n"
    "decision_type=2\n"
    "left_child=-1\n"
    "right_child=-2\n"
    "leaf_value=-0.25 0.75\n"
    "leaf_weight=1 1\n"
    "leaf_count=1 1\n"
    "internal_value=0\n"
    "internal_weight=2\n"
    "internal_count=2\n"
    "is_linear=0\n"
    "shrinkage=1\n"
    "\n"
    "\n"
    "end of trees\n";

inline SmallWorld TinyWorld() {
  SmallWorld world;
  world.AddItem("a", {1, 0}, "saga");
  world.AddItem("b", {0.5f, 0.5f}, "saga");
  world.AddItem("c", {0, 1});
  world.AddItem("d", {});
  world.items[0].released = absl::CivilDay(2026, 5, 1);
  world.items[2].licences = {{"DE", absl::FromUnixSeconds(kSmallNow - 100),
                              absl::FromUnixSeconds(kSmallNow + 100)}};
  world.AddUser("u", {1, 0.25f});
  world.AddUser("v", {0, 1});
  world.users[1].country = "DE";
  world.users[1].maturity_limit = 12;
  world.interactions = {{"u", "b", 5, "play", 1}, {"v", "d", 6, "play", 1}};
  world.als = AlsParameters{2, 1};
  world.policy =
      "caps { name: \"one\" attribute: \"franchise\" max: 1 }\n"
      "pins { name: \"top\" item_id: \"a\" position: 2 }\n";
  world.ranker = kTinyModel;
  world.golden_requests = 3;
  return world;
}

// What a server does before it serves a version.
inline absl::Status LoadAndProve(const std::string& version,
                                 const SnapshotOptions& options = {}) {
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot,
                           Snapshot::Load(version, options));
  const FakeClock clock(absl::FromUnixSeconds(kSmallNow));
  const Pipeline pipeline(*snapshot, {}, clock);
  return CheckGolden(pipeline, snapshot->manifest());
}

// Builds one version in DIRECTORY/snapshots; returns its path.
inline std::string BuildTiny(const SmallWorld& world,
                             const std::string& directory) {
  world.Write(directory);
  const auto built = BuildSnapshot(world.OptionsFor(directory));
  EXPECT_TRUE(built.ok()) << built.status();
  return built.ok() ? built->path : "";
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_SNAPSHOT_TINY_SNAPSHOT_H_
