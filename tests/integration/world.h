// A small service for whole-binary tests, made by the real tool: data,
// embeddings, a model, rules, and as many versions of the snapshot as wanted.
#ifndef MARQUEE_TESTS_INTEGRATION_WORLD_H_
#define MARQUEE_TESTS_INTEGRATION_WORLD_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/paths.h"

namespace marquee {

// Every TEST is a process with a world of its own.
class World {
 public:
  World() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    directory_ = absl::StrCat(::testing::TempDir(), "marquee_world_",
                              test->test_suite_name(), "_", test->name());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    Run("synth --users 200 --items 500 --out " + Path("data"));
    AddItems();
    Run(absl::StrCat("train als --interactions ", Path("data"),
                     "/interactions.csv --out ", Path("embeddings"),
                     " --factors 16 --iterations 3"));
    WriteModel();
    std::filesystem::create_directories(snapshots());
  }
  ~World() { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const {
    return directory_ + "/" + name;
  }
  std::string snapshots() const { return Path("snapshots"); }

  // Writes the next version; `policy` in text format.
  void Build(const std::string& policy = "",
             const std::string& options = "") const {
    std::ofstream(Path("policy.textproto")) << "# rules\n" << policy;
    Run(absl::StrCat("build --data ", Path("data"), " --embeddings ",
                     Path("embeddings"), " --ranker ", Path("model.txt"),
                     " --policy ", Path("policy.textproto"), " --out ",
                     snapshots(), " ", options));
  }

  // Runs the tool.
  static void Run(const std::string& arguments) {
    const std::string command =
        absl::StrCat(BinaryDir(), "/marquee ", arguments, " >/dev/null");
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  // Changes one byte in the middle of a section.
  void Damage(int version, const std::string& section) const {
    const std::string path =
        absl::StrCat(snapshots(), "/", version, "/", section);
    std::filesystem::permissions(path, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle =
        static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
    file.seekg(middle);
    const char byte = static_cast<char>(file.get());
    file.seekp(middle);
    file.put(static_cast<char>(byte ^ 0x20));
  }

 private:
  // Items that no user has watched, each with one thing that keeps it back.
  void AddItems() const {
    std::ofstream(Path("data/items.jsonl"), std::ios::app)
        << R"({"item_id":"only-fr","title":"F","maturity":0,"licences":[{"country":"FR"}]})"
        << "\n"
        << R"({"item_id":"adult","title":"A","maturity":18})"
        << "\n"
        << R"({"item_id":"blocked","title":"B","maturity":0})"
        << "\n"
        << R"({"item_id":"unwatched","title":"U","maturity":0,"genres":["Nobody"]})"
        << "\n";
  }

  // One split: the candidates nearest to the user, and the rest.
  void WriteModel() const {
    const std::string tree =
        "Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nsplit_gain=1\n"
        "threshold=0.5\ndecision_type=10\nleft_child=-1\nright_child=-2\n"
        "leaf_value=0.1 0.9\nleaf_weight=1 1\nleaf_count=1 1\n"
        "internal_value=0\ninternal_weight=2\ninternal_count=2\n"
        "is_linear=0\nshrinkage=1\n\n\n";
    std::ofstream(Path("model.txt"))
        << "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\n"
           "label_index=0\nmax_feature_idx=1\nobjective=regression\n"
           "feature_names=cross.similarity item.log_watches\n"
           "feature_infos=[-10:10] [0:20]\ntree_sizes="
        << tree.size() << "\n\n"
        << tree << "end of trees\n\nfeature_importances:\n\nparameters:\n"
        << "end of parameters\n\npandas_categorical:null\n";
  }

  std::string directory_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_INTEGRATION_WORLD_H_
