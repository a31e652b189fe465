#include "core/ranking/ranker.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/model_import/import.h"
#include "core/scoring/bit_sliced_scorer.h"
#include "core/scoring/compile_scorer.h"
#include "core/scoring/golden_scores.h"

namespace marquee {
namespace {

absl::StatusOr<std::shared_ptr<const Forest>> ImportFirst(const ArrayFile& file,
                                                          size_t iterations) {
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view model, file.Text("model"));
  MARQUEE_ASSIGN_OR_RETURN(std::shared_ptr<const Forest> forest,
                           ImportForest(model, file.name()));
  if (iterations == 0) return forest;
  auto first = forest->FirstIterations(iterations);
  if (first.ok()) return *std::move(first);
  return absl::Status(
      first.status().code(),
      absl::StrCat(file.name(), ": ", first.status().message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ranker>> Ranker::Make(
    const std::shared_ptr<const Forest>& forest, absl::string_view name,
    const FeatureSources& sources) {
  if (forest->feature_names().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        name,
        ": has no feature names; train it with the names of the schema "
        "(`marquee inspect --features SNAPSHOTS` lists them)"));
  }
  if (!forest->numbered_categories().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ": the trainer has, or may have, numbered the categories of ",
        forest->NamesOf(forest->numbered_categories()),
        ", but a server gives the values of its features; train on whole "
        "numbers of 0 or more, not on a column of categories of a table (with "
        "LightGBM, categorical_feature=[…])"));
  }
  std::unique_ptr<Ranker> ranker(new Ranker);
  ranker->feature_names_.assign(forest->feature_names().begin(),
                                forest->feature_names().end());
  ranker->trees_ = forest->trees().size();
  auto extractor = FeatureExtractor::Create(sources, ranker->feature_names_);
  if (!extractor.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": ", extractor.status().message()));
  }
  ranker->extractor_ = *std::move(extractor);
  MARQUEE_ASSIGN_OR_RETURN(ranker->scorer_, CompileScorer(forest));
  if (ranker->engine() != BitSlicedScorer::kName) {
    ranker->why_not_ranks_ =
        absl::StrCat("the engine '", ranker->engine(), "' reads features");
    return ranker;
  }
  auto request_scorer =
      RequestScorer::Create(*forest, ranker->extractor_->scopes());
  if (request_scorer.ok()) {
    ranker->request_scorer_ = *std::move(request_scorer);
  } else {
    ranker->why_not_ranks_ = std::string(request_scorer.status().message());
  }
  return ranker;
}

absl::StatusOr<std::unique_ptr<const Ranker>> Ranker::Create(
    const std::shared_ptr<const Forest>& forest, absl::string_view name,
    const FeatureSources& sources) {
  return Make(forest, name, sources);
}

absl::StatusOr<std::unique_ptr<const Ranker>> Ranker::Open(
    const ArrayFile& model, size_t iterations, const ArrayFile& item_ranks,
    const FeatureSources& sources) {
  MARQUEE_ASSIGN_OR_RETURN(const auto forest, ImportFirst(model, iterations));
  MARQUEE_ASSIGN_OR_RETURN(std::unique_ptr<Ranker> ranker,
                           Make(forest, model.name(), sources));
  // Both ways to score must give the stored scores.
  MARQUEE_RETURN_IF_ERROR(CheckGoldenScores(model, *ranker->scorer_));
  if (!ranker->ranks_items()) return ranker;
  const RequestScorer& scorer = *ranker->request_scorer_;
  MARQUEE_RETURN_IF_ERROR(CheckGoldenScores(
      model, ranker->feature_names_.size(), "request",
      [&](const FeatureMatrix& rows, std::span<double> scores) {
        scorer.ScoreRows(rows, scores);
      }));
  MARQUEE_ASSIGN_OR_RETURN(ranker->item_ranks_,
                           ItemRanks::Open(item_ranks, scorer.item_layout(),
                                           sources.catalog->size()));
  MARQUEE_RETURN_IF_ERROR(
      ranker->CheckItemRanks(item_ranks.name(), sources.catalog->size()));
  return ranker;
}

absl::Status Ranker::CheckItemRanks(absl::string_view name,
                                    size_t items) const {
  // Checking all of half a million items would take a second.
  constexpr size_t kSampled = 4096;
  const size_t step = items / kSampled + 1;
  std::vector<float> values(feature_names_.size());
  std::vector<uint8_t> ranks(request_scorer_->item_layout().bytes);
  for (size_t item = 0; item < items; item += step) {
    const ItemRow row{static_cast<uint32_t>(item)};
    extractor_->ExtractItem(row, values);
    request_scorer_->RankItem(values, ranks);
    if (std::equal(ranks.begin(), ranks.end(), (*item_ranks_)[row])) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        name, ": item ", item,
        " has other ranks than its features: this program does not compute "
        "what the builder of the snapshot did"));
  }
  return absl::OkStatus();
}

void Ranker::WriteItemRanks(size_t items, ArrayFileWriter& out) const {
  if (!ranks_items()) return;
  std::vector<float> values(feature_names_.size());
  ::marquee::WriteItemRanks(
      request_scorer_->item_layout(), items,
      [&](ItemRow row, std::span<uint8_t> ranks) {
        extractor_->ExtractItem(row, values);
        request_scorer_->RankItem(values, ranks);
      },
      out);
}

RankerScratch Ranker::MakeScratch(size_t max_candidates) const {
  RankerScratch scratch;
  scratch.features = FeatureMatrix(max_candidates, feature_names_.size());
  // ExtractRequest leaves the columns of other scopes as they are.
  scratch.request.resize(feature_names_.size(),
                         std::numeric_limits<float>::quiet_NaN());
  scratch.items.reserve(max_candidates);
  // A request is scored in one of two ways, so one buffer serves both.
  const size_t of_request =
      ranks_items() ? request_scorer_->scratch_bytes() : 0;
  scratch.scorer =
      AlignedBuffer<std::byte>(std::max(scorer_->scratch_bytes(), of_request));
  return scratch;
}

void Ranker::Score(const UserContext& user,
                   std::span<const Candidate> candidates,
                   std::span<const CandidateOrigin> origins,
                   RankerScratch& scratch, std::span<double> scores) const {
  if (!ranks_items()) {
    ScoreByFeatures(user, candidates, origins, scratch, scores);
    return;
  }
  MARQUEE_CHECK(item_ranks_ != nullptr);
  extractor_->ExtractRequest(user, scratch.request);
  extractor_->ExtractRows(user, candidates, origins, scratch.extraction,
                          scratch.features);
  scratch.items.clear();
  for (const Candidate& candidate : candidates) {
    scratch.items.push_back(candidate.row);
  }
  request_scorer_->Score({.matrix = scratch.features,
                          .request = scratch.request,
                          .items = scratch.items},
                         *item_ranks_, scratch.scorer.span(), scores);
}

void Ranker::ScoreByFeatures(const UserContext& user,
                             std::span<const Candidate> candidates,
                             std::span<const CandidateOrigin> origins,
                             RankerScratch& scratch,
                             std::span<double> scores) const {
  extractor_->Extract(user, candidates, origins, scratch.extraction,
                      scratch.features);
  scorer_->Score(scratch.features, scratch.scorer.span(), scores);
}

}  // namespace marquee
