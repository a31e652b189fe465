#include "offline/build/ranker_sections.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/catalog.h"
#include "core/catalog/item_vectors.h"
#include "core/catalog/popularity.h"
#include "core/features/extractor.h"
#include "core/files/array_file.h"
#include "core/files/atomic_file.h"
#include "core/forest/scorer.h"
#include "core/model_import/import.h"
#include "core/ranking/ranker.h"
#include "core/scoring/golden_scores.h"
#include "core/snapshot/manifest.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

absl::Status WriteNoRanker(SnapshotWriter& out) {
  MARQUEE_RETURN_IF_ERROR(
      out.WriteSection("ranker", [](ArrayFileWriter& section) {
        section.AddText("model", "");
        return absl::OkStatus();
      }));
  return out.WriteSection("item_ranks",
                          [](ArrayFileWriter&) { return absl::OkStatus(); });
}

// XGBoost numbers the categories of a table itself for training, and does not
// always keep their values.
void WarnOfUntoldCategories(const std::string& path, ChosenRanker& model) {
  const auto features = model.forest->untold_categories();
  if (features.empty()) return;
  model.warnings.push_back(absl::StrCat(
      path, ": has categories of ", model.forest->NamesOf(features),
      ", and the file does not say what they stand for: right only if it was "
      "trained on the values themselves, not on a column of categories of a "
      "table"));
}

void DescribeRanker(const Forest& forest, config::Manifest& manifest) {
  const bool is_lightgbm = forest.arithmetic() == Arithmetic::kLightGbm;
  auto& model = *manifest.mutable_ranker_model();
  model.set_trainer(absl::StrCat(is_lightgbm ? "LightGBM" : "XGBoost",
                                 forest.version().empty() ? "" : " ",
                                 forest.version()));
  model.set_objective(forest.objective());
  model.set_trees(static_cast<uint32_t>(forest.trees().size()));
  model.set_vectors(forest.vectors());
}

}  // namespace

std::string TellUnusedBest(const std::string& path, const Forest& forest,
                           const char* option) {
  const size_t all = forest.num_iterations();
  const std::optional<size_t> best = forest.best_iteration();
  if (!best.has_value() || *best + 1 >= all) return "";
  return absl::StrCat(path, ": early stopping found the first ", *best + 1,
                      " iterations best, all ", all, " are used: ", option,
                      " best uses those, ", option, " ", all,
                      " is without this warning");
}

absl::StatusOr<ChosenRanker> ReadRanker(const std::string& path,
                                        std::optional<size_t> iterations) {
  ChosenRanker model;
  if (path.empty()) return model;
  const auto fault = [&](const absl::Status& status) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", status.message()));
  };
  auto text = ReadFile(path);
  if (!text.ok()) return absl::FailedPreconditionError(text.status().message());
  model.text = *std::move(text);
  auto forest = ImportForest(model.text, path);
  if (!forest.ok()) {
    return absl::FailedPreconditionError(forest.status().message());
  }
  model.forest = *std::move(forest);
  const absl::Status single = CheckSingleOutput(*model.forest);
  if (!single.ok()) return fault(single);
  WarnOfUntoldCategories(path, model);
  if (iterations.has_value()) {
    auto first = model.forest->FirstIterations(*iterations);
    if (!first.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--ranker-iterations: ", path, ": ", first.status().message()));
    }
    model.forest = *std::move(first);
    model.iterations = model.forest->num_iterations();
    return model;
  }
  std::string unused =
      TellUnusedBest(path, *model.forest, "--ranker-iterations");
  if (!unused.empty()) model.warnings.push_back(std::move(unused));
  return model;
}

absl::Status CheckVectors(const ChosenRanker& model,
                          const std::string& model_path,
                          const std::string& recipe,
                          const std::string& vectors_path) {
  if (!model.forest || recipe.empty() || model.forest->vectors().empty() ||
      model.forest->vectors() == recipe) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      model_path, ": was trained on other vectors than those of ", vectors_path,
      ": '", model.forest->vectors(), "', not '", recipe,
      "'; train it on vectors like these, or insist with "
      "--allow-other-vectors"));
}

absl::Status WriteRankerSections(const ChosenRanker& model,
                                 SnapshotWriter& out) {
  if (!model.forest) return WriteNoRanker(out);
  MARQUEE_ASSIGN_OR_RETURN(const auto catalog_file, out.OpenSection("catalog"));
  MARQUEE_ASSIGN_OR_RETURN(const auto catalog, Catalog::Open(*catalog_file));
  MARQUEE_ASSIGN_OR_RETURN(const auto popularity_file,
                           out.OpenSection("popularity"));
  MARQUEE_ASSIGN_OR_RETURN(const auto popularity,
                           Popularity::Open(*popularity_file, catalog->size()));
  MARQUEE_ASSIGN_OR_RETURN(const auto vector_file,
                           out.OpenSection("item_vectors"));
  MARQUEE_ASSIGN_OR_RETURN(const auto vectors, ItemVectors::Open(*vector_file));
  const FeatureSources sources = {.catalog = catalog.get(),
                                  .popularity = popularity.get(),
                                  .vectors = vectors->values(),
                                  .dimension = vectors->dimension()};
  // Must come first: a model that it accepts has no more features than the
  // catalogue.
  MARQUEE_ASSIGN_OR_RETURN(
      const auto ranker,
      Ranker::Create(model.forest, absl::StrCat(out.path(), "/ranker"),
                     sources));
  ListRankerFeatures(ranker->extractor().specs(), out.manifest());
  DescribeRanker(*model.forest, out.manifest());
  if (model.iterations) {
    out.manifest().set_ranker_iterations(
        static_cast<uint32_t>(*model.iterations));
  }
  MARQUEE_RETURN_IF_ERROR(
      out.WriteSection("ranker", [&](ArrayFileWriter& section) {
        section.AddText("model", model.text);
        WriteGoldenScores(model.forest, section);
        return absl::OkStatus();
      }));
  return out.WriteSection("item_ranks", [&](ArrayFileWriter& section) {
    ranker->WriteItemRanks(catalog->size(), section);
    return absl::OkStatus();
  });
}

}  // namespace marquee
