#include "core/features/extractor.h"

#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/catalog/attribute.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

float Length(const float* vector, size_t dimension) {
  return std::sqrt(simd::Dot(vector, vector, dimension));
}

float DeviceNumber(absl::string_view device) {
  static constexpr std::array<absl::string_view, 5> kKnown = {
      "tv", "mobile", "tablet", "web", "console"};
  for (size_t i = 0; i < kKnown.size(); ++i) {
    if (kKnown[i] == device) return static_cast<float>(i);
  }
  return kMissing;
}

bool IsTitleFeature(FeatureKind kind) { return kind <= FeatureKind::kNumber; }
bool IsCrossFeature(FeatureKind kind) {
  return kind >= FeatureKind::kSimilarity && kind <= FeatureKind::kPosition;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const FeatureExtractor>>
FeatureExtractor::Create(const FeatureSources& sources,
                         std::span<const std::string> names) {
  std::unique_ptr<FeatureExtractor> extractor(new FeatureExtractor);
  const Catalog& catalog = *sources.catalog;
  extractor->sources_ = sources;
  extractor->genre_ = catalog.FindAttribute("genre");
  extractor->franchise_ = catalog.FindAttribute("franchise");
  extractor->language_ = catalog.FindAttribute("language");
  for (const float watches : sources.watches) {
    extractor->log_watches_.push_back(std::log1p(watches));
  }
  for (size_t at = 0; at < sources.vectors.size(); at += sources.dimension) {
    extractor->vector_length_.push_back(
        Length(sources.vectors.data() + at, sources.dimension));
  }
  const FeatureSchema schema(catalog);
  for (const std::string& name : names) {
    const std::optional<FeatureSpec> spec = schema.Find(name);
    if (!spec) {
      return absl::InvalidArgumentError(absl::StrCat(
          "feature '", name, "': not one of the ", schema.features().size(),
          " features of this catalogue (`marquee inspect --features` lists "
          "them)"));
    }
    Column column{*spec};
    if (IsTitleFeature(spec->kind))
      column.of_title = extractor->TitleColumn(*spec);
    extractor->columns_.push_back(std::move(column));
  }
  return extractor;
}

std::vector<float> FeatureExtractor::TitleColumn(
    const FeatureSpec& spec) const {
  const Catalog& catalog = *sources_.catalog;
  std::vector<float> values(catalog.size(), kMissing);
  for (uint32_t i = 0; i < catalog.size(); ++i) {
    const ItemRow row{i};
    switch (spec.kind) {
      case FeatureKind::kLogWatches:
        values[i] = log_watches_[i];
        break;
      case FeatureKind::kMaturity:
        values[i] = static_cast<float>(catalog.Maturity(row));
        break;
      case FeatureKind::kReleasedDay:
        if (catalog.ReleasedDay(row) != Catalog::kUnknownDay) {
          values[i] = static_cast<float>(catalog.ReleasedDay(row));
        }
        break;
      case FeatureKind::kVectorLength:
        if (i < vector_length_.size()) values[i] = vector_length_[i];
        break;
      case FeatureKind::kGenreCount:
        values[i] = genre_ ? static_cast<float>(genre_->Codes(row).size()) : 0;
        break;
      case FeatureKind::kGenre:
        values[i] = genre_->Has(row, spec.argument) ? 1 : 0;
        break;
      default:
        MARQUEE_CHECK(spec.kind == FeatureKind::kNumber);
        values[i] =
            catalog.FindNumber(catalog.number_names()[spec.argument])[i];
    }
  }
  return values;
}

void FeatureExtractor::Extract(const Viewer& viewer,
                               std::span<const FeatureCandidate> candidates,
                               FeatureScratch& scratch,
                               FeatureMatrix& matrix) const {
  MARQUEE_CHECK(matrix.features() == columns_.size());
  matrix.SetRows(candidates.size());
  CountFranchises(viewer, scratch);
  for (size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    if (IsTitleFeature(column.spec.kind)) {
      for (size_t i = 0; i < candidates.size(); ++i) {
        matrix.At(i, c) = column.of_title[Index(candidates[i].row)];
      }
    } else if (IsCrossFeature(column.spec.kind)) {
      FillCross(viewer, candidates, column.spec.kind, c, scratch, matrix);
    } else {
      FillConstant(viewer, column.spec.kind, c, matrix);
    }
  }
  ForgetFranchises(viewer, scratch);
}

void FeatureExtractor::FillConstant(const Viewer& viewer, FeatureKind kind,
                                    size_t column,
                                    FeatureMatrix& matrix) const {
  float value = kMissing;
  switch (kind) {
    case FeatureKind::kUserWatches:
      value = std::log1p(viewer.taste.watches);
      break;
    case FeatureKind::kUserReleasedDay:
      value = viewer.taste.mean_released_day;
      break;
    case FeatureKind::kUserLogWatches:
      value = viewer.taste.mean_log_watches;
      break;
    case FeatureKind::kUserVectorLength:
      if (!viewer.vector.empty())
        value = Length(viewer.vector.data(), viewer.vector.size());
      break;
    case FeatureKind::kLocalHour:
      if (viewer.local_hour) value = static_cast<float>(*viewer.local_hour);
      break;
    case FeatureKind::kDevice:
      value = DeviceNumber(viewer.device);
      break;
    default:
      MARQUEE_CHECK(false);
  }
  for (size_t i = 0; i < matrix.rows(); ++i) matrix.At(i, column) = value;
}

void FeatureExtractor::FillCross(const Viewer& viewer,
                                 std::span<const FeatureCandidate> candidates,
                                 FeatureKind kind, size_t column,
                                 const FeatureScratch& scratch,
                                 FeatureMatrix& matrix) const {
  const Catalog& catalog = *sources_.catalog;
  const float length = viewer.vector.empty()
                           ? 0
                           : Length(viewer.vector.data(), viewer.vector.size());
  const std::optional<uint32_t> language =
      language_ ? language_->Find(viewer.language) : std::nullopt;
  const auto value = [&](size_t i) -> float {
    const auto [row, similarity, position] = candidates[i];
    const int32_t day = catalog.ReleasedDay(row);
    switch (kind) {
      case FeatureKind::kSimilarity:
        return similarity;
      case FeatureKind::kCosine: {
        if (Index(row) >= vector_length_.size()) return kMissing;
        const float product = length * vector_length_[Index(row)];
        return product > 0 ? similarity / product : kMissing;
      }
      case FeatureKind::kRetrievalRank:
        return static_cast<float>(i);
      case FeatureKind::kGenreAffinity: {
        float sum = 0;
        int counted = 0;
        if (genre_ == nullptr) return kMissing;
        for (const uint32_t code : genre_->Codes(row)) {
          if (code >= viewer.taste.genre_share.size()) continue;
          sum += static_cast<float>(viewer.taste.genre_share[code]);
          ++counted;
        }
        return counted == 0 ? kMissing
                            : sum / (255.0f * static_cast<float>(counted));
      }
      case FeatureKind::kReleaseGap:
        return day == Catalog::kUnknownDay
                   ? kMissing
                   : static_cast<float>(day) - viewer.taste.mean_released_day;
      case FeatureKind::kWatchesGap:
        return log_watches_[Index(row)] - viewer.taste.mean_log_watches;
      case FeatureKind::kFranchiseSeen: {
        float seen = 0;
        if (franchise_ == nullptr) return seen;
        for (const uint32_t code : franchise_->Codes(row)) {
          seen += static_cast<float>(scratch.franchise_seen_[code]);
        }
        return seen;
      }
      case FeatureKind::kLanguageMatch:
        if (viewer.language.empty() || language_ == nullptr) return kMissing;
        return language && language_->Has(row, *language) ? 1 : 0;
      case FeatureKind::kPosition:
        return position;
      default:  // kAge
        return day == Catalog::kUnknownDay
                   ? kMissing
                   : static_cast<float>(viewer.day - day);
    }
  };
  for (size_t i = 0; i < candidates.size(); ++i)
    matrix.At(i, column) = value(i);
}

void FeatureExtractor::CountFranchises(const Viewer& viewer,
                                       FeatureScratch& scratch) const {
  if (franchise_ == nullptr) return;
  scratch.franchise_seen_.resize(franchise_->values(), 0);
  for (const ItemRow row : viewer.seen) {
    for (const uint32_t code : franchise_->Codes(row))
      ++scratch.franchise_seen_[code];
  }
}

void FeatureExtractor::ForgetFranchises(const Viewer& viewer,
                                        FeatureScratch& scratch) const {
  if (franchise_ == nullptr) return;
  for (const ItemRow row : viewer.seen) {
    for (const uint32_t code : franchise_->Codes(row))
      scratch.franchise_seen_[code] = 0;
  }
}

}  // namespace marquee
