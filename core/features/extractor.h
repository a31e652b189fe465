// Computes the features of candidates. Training and serving share this one
// implementation.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       auto extractor,
//       FeatureExtractor::Create(sources, model.feature_names()));
//   extractor->Extract(user, candidates, scratch, matrix);
//
// Extract computes all features of all candidates. A server computes a feature
// as often as its scope requires: ExtractItem when the snapshot is built,
// ExtractRequest once per request, ExtractRows for each candidate.
#ifndef MARQUEE_CORE_FEATURES_EXTRACTOR_H_
#define MARQUEE_CORE_FEATURES_EXTRACTOR_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/candidate.h"
#include "core/catalog/catalog.h"
#include "core/catalog/popularity.h"
#include "core/features/feature_matrix.h"
#include "core/features/feature_scope.h"
#include "core/features/schema.h"
#include "core/users/user_context.h"

namespace marquee {

// The sources of item features. All must outlive the extractor.
struct FeatureSources {
  const Catalog* catalog = nullptr;
  const Popularity* popularity = nullptr;
  // [items with a vector × dimension], row-major: the first items of the
  // catalogue.
  std::span<const float> vectors;
  size_t dimension = 0;
};

// Working memory of one worker. Externally synchronised.
class FeatureScratch {
 private:
  friend class FeatureExtractor;
  // By franchise code: number of items seen. All zero between requests.
  std::vector<uint16_t> franchise_seen_;
};

// Immutable after construction.
class FeatureExtractor {
 public:
  // `names`: the columns to compute, in order. Errors: those of
  // FeatureSchema::Resolve.
  static absl::StatusOr<std::unique_ptr<const FeatureExtractor>> Create(
      const FeatureSources& sources, std::span<const std::string> names);

  // Fills matrix rows 0 to candidates.size() - 1 in the order of the
  // candidates. Their scores must be inner products with the user's vector, or
  // NaN. `origins`: of the candidates; empty: unknown. `positions`: in
  // training, the place of each impression, [candidates]; when serving, empty,
  // so that no candidate gains by its position. Allocates nothing once the
  // scratch has grown. Requires: matrix.features() == the number of names; room
  // for the candidates.
  void Extract(const UserContext& user, std::span<const Candidate> candidates,
               std::span<const CandidateOrigin> origins,
               FeatureScratch& scratch, FeatureMatrix& matrix,
               std::span<const float> positions = {}) const;

  // Fills only the columns of scope kRow, as Extract does. Leaves the others
  // unchanged.
  void ExtractRows(const UserContext& user,
                   std::span<const Candidate> candidates,
                   std::span<const CandidateOrigin> origins,
                   FeatureScratch& scratch, FeatureMatrix& matrix) const;
  // Fills the values of scope kRequest in `values`, [features]. The position of
  // an impression gets its default.
  void ExtractRequest(const UserContext& user, std::span<float> values) const;
  // Fills the values of scope kItem in `values`, [features].
  void ExtractItem(ItemRow row, std::span<float> values) const;

  size_t features() const { return columns_.size(); }
  // [features]
  std::span<const FeatureSpec> specs() const { return columns_; }
  std::span<const FeatureScope> scopes() const { return scopes_; }

 private:
  FeatureExtractor() = default;
  void TakeShares(const Popularity& popularity);
  float ItemValue(const FeatureSpec& spec, ItemRow row) const;
  float RequestValue(const UserContext& user, FeatureKind kind) const;
  void FillCross(const UserContext& user, std::span<const Candidate> candidates,
                 std::span<const CandidateOrigin> origins, size_t column,
                 const FeatureScratch& scratch, FeatureMatrix& matrix) const;
  static void FillOrigin(const FeatureSpec& spec,
                         std::span<const Candidate> candidates,
                         std::span<const CandidateOrigin> origins,
                         size_t column, FeatureMatrix& matrix);
  float SinceBegin(const UserContext& user, ItemRow row) const;
  float Cosine(const Candidate& candidate, float user_length) const;
  float GenreAffinity(const UserContext& user, ItemRow row) const;
  float FranchiseSeen(const FeatureScratch& scratch, ItemRow row) const;
  void GroupLanguages();
  // Returns the values of the attribute in the tag's language, of any region.
  std::span<const uint32_t> ValuesOf(absl::string_view tag) const;
  void CountFranchises(const UserContext& user, FeatureScratch& scratch) const;
  void ForgetFranchises(const UserContext& user, FeatureScratch& scratch) const;

  FeatureSources sources_;
  const Attribute* genre_ = nullptr;
  const Attribute* franchise_ = nullptr;
  const Attribute* language_ = nullptr;
  // Key: LanguageOf a value, in lower case.
  absl::flat_hash_map<std::string, std::vector<uint32_t>> values_of_language_;
  std::vector<std::span<const float>> numbers_;  // numbers of the catalogue
  std::vector<float> log_watches_;               // [items]
  // By horizon, [items]: the logarithm of the share of plays.
  std::array<std::vector<float>, kHorizons> log_share_;
  std::vector<float> vector_length_;  // [items with a vector]
  std::vector<int64_t>
      begin_;  // [items], Unix seconds, or Popularity::kNoBegin
  std::vector<FeatureSpec> columns_;
  std::vector<FeatureScope> scopes_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FEATURES_EXTRACTOR_H_
