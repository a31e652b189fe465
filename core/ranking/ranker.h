// The ranking model of a snapshot, ready to run: its engine and the features it
// needs.
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<const Ranker> ranker,
//                            Ranker::Open(model, 0, item_ranks, sources));
//   RankerScratch scratch = ranker->MakeScratch(500);  // per worker
//   ranker->Score(user, candidates, origins, scratch, scores);
#ifndef MARQUEE_CORE_RANKING_RANKER_H_
#define MARQUEE_CORE_RANKING_RANKER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/aligned_buffer.h"
#include "core/base/ids.h"
#include "core/features/extractor.h"
#include "core/features/feature_matrix.h"
#include "core/files/array_file.h"
#include "core/forest/forest.h"
#include "core/forest/scorer.h"
#include "core/scoring/item_ranks.h"
#include "core/scoring/request_scorer.h"

namespace marquee {

// Working memory of one worker for one ranker. Externally synchronised.
struct RankerScratch {
  FeatureScratch extraction;
  FeatureMatrix features;
  std::vector<float> request;  // [features]
  std::vector<ItemRow> items;
  AlignedBuffer<std::byte> scorer;
};

// Immutable after construction.
class Ranker {
 public:
  // Creates a ranker without the ranks of items, which WriteItemRanks computes.
  // `name` is for errors. The forest's feature names must be in the schema.
  // Errors: InvalidArgument if it has no names, one that the schema does not
  // have, or categories that a trainer has, or may have, numbered;
  // FailedPrecondition for several outputs.
  static absl::StatusOr<std::unique_ptr<const Ranker>> Create(
      const std::shared_ptr<const Forest>& forest, absl::string_view name,
      const FeatureSources& sources);

  // Loads a ranker as a server does, from the section of the model and the
  // section of the ranks. Both must outlive the ranker. Uses the first
  // `iterations` of the model; 0: all. Errors: those of ImportForest,
  // Forest::FirstIterations, Create, CheckGoldenScores (of both ways to score)
  // and ItemRanks::Open; FailedPrecondition if a sampled item has other ranks
  // than its features.
  static absl::StatusOr<std::unique_ptr<const Ranker>> Open(
      const ArrayFile& model, size_t iterations, const ArrayFile& item_ranks,
      const FeatureSources& sources);

  // Writes the ranks of all items; writes nothing if ranks_items() is false.
  void WriteItemRanks(size_t items, ArrayFileWriter& out) const;

  RankerScratch MakeScratch(size_t max_candidates) const;

  // scores[i] = the raw score of candidate i. `origins`: as of
  // FeatureExtractor::Extract. Requires: a ranker made by Open;
  // scratch that no other thread uses; scores.size() == candidates.size().
  // Allocates nothing once the scratch has grown.
  void Score(const UserContext& user, std::span<const Candidate> candidates,
             std::span<const CandidateOrigin> origins, RankerScratch& scratch,
             std::span<double> scores) const;

  // Gives the same bits as Score for candidates of position 0. Computes all
  // features of all candidates and leaves them in scratch.features.
  void ScoreByFeatures(const UserContext& user,
                       std::span<const Candidate> candidates,
                       std::span<const CandidateOrigin> origins,
                       RankerScratch& scratch, std::span<double> scores) const;

  // The name of the engine that scores.
  absl::string_view engine() const { return scorer_->name(); }
  // Whether Score reads ranks of items. If not, it computes all features of all
  // candidates, which takes several times as long.
  bool ranks_items() const { return request_scorer_ != nullptr; }
  // The reason if ranks_items() is false; else empty.
  const std::string& why_not_ranks() const { return why_not_ranks_; }
  const FeatureExtractor& extractor() const { return *extractor_; }
  const std::vector<std::string>& feature_names() const {
    return feature_names_;
  }
  size_t trees() const { return trees_; }

 private:
  Ranker() = default;
  static absl::StatusOr<std::unique_ptr<Ranker>> Make(
      const std::shared_ptr<const Forest>& forest, absl::string_view name,
      const FeatureSources& sources);

  // Checks for a sample of items that their stored ranks are those of their
  // features. Errors: FailedPrecondition that names the item. `name`: the name
  // of the file.
  absl::Status CheckItemRanks(absl::string_view name, size_t items) const;

  // For ScoreByFeatures. Compiled independently of request_scorer_.
  std::unique_ptr<const Scorer> scorer_;
  // nullptr for a forest that it can not score.
  std::unique_ptr<const RequestScorer> request_scorer_;
  std::unique_ptr<const ItemRanks> item_ranks_;
  std::unique_ptr<const FeatureExtractor> extractor_;
  std::string why_not_ranks_;
  std::vector<std::string> feature_names_;
  size_t trees_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_RANKER_H_
