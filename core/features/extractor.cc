#include "core/features/extractor.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/catalog/attribute.h"
#include "core/catalog/locale_codes.h"
#include "core/simd/dot.h"
#include "core/users/devices.h"

namespace marquee {
namespace {

constexpr int64_t kSecondsPerHour = 60 * 60;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

float LengthOf(const UserContext& user) {
  return user.vector.empty()
             ? 0
             : simd::Length(user.vector.data(), user.vector.size());
}

float DeviceNumber(absl::string_view device) {
  const std::optional<size_t> number = FindDevice(device);
  return number ? static_cast<float>(*number) : kMissing;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const FeatureExtractor>>
FeatureExtractor::Create(const FeatureSources& sources,
                         std::span<const std::string> names) {
  std::unique_ptr<FeatureExtractor> extractor(new FeatureExtractor);
  const Catalog& catalog = *sources.catalog;
  MARQUEE_CHECK(sources.popularity->watches().size() == catalog.size());
  MARQUEE_CHECK(sources.vectors.empty() || sources.dimension > 0);
  extractor->sources_ = sources;
  extractor->genre_ = catalog.FindAttribute("genre");
  extractor->franchise_ = catalog.FindAttribute("franchise");
  extractor->language_ = catalog.FindAttribute("language");
  extractor->GroupLanguages();
  for (const std::string& name : catalog.number_names()) {
    extractor->numbers_.push_back(catalog.FindNumber(name));
  }
  // Logarithms and lengths are computed once here, not for each candidate of a
  // request.
  extractor->TakeShares(*sources.popularity);
  extractor->begin_ = sources.popularity->BeginsByRow();
  for (const uint64_t watches : sources.popularity->watches()) {
    extractor->log_watches_.push_back(std::log1p(static_cast<float>(watches)));
  }
  for (size_t at = 0; at < sources.vectors.size(); at += sources.dimension) {
    extractor->vector_length_.push_back(
        simd::Length(sources.vectors.data() + at, sources.dimension));
  }
  const FeatureSchema schema(catalog);
  MARQUEE_ASSIGN_OR_RETURN(extractor->columns_, schema.Resolve(names));
  for (const FeatureSpec& spec : extractor->columns_) {
    extractor->scopes_.push_back(ScopeOf(spec.kind));
  }
  return extractor;
}

void FeatureExtractor::TakeShares(const Popularity& popularity) {
  for (size_t h = 0; h < kHorizons; ++h) {
    const RankedItems items = popularity.Everywhere(static_cast<Horizon>(h));
    log_share_[h].resize(items.rows.size());
    for (size_t i = 0; i < items.rows.size(); ++i) {
      log_share_[h][Index(items.rows[i])] =
          items.shares[i] > 0 ? std::log(items.shares[i]) : kMissing;
    }
  }
}

float FeatureExtractor::ItemValue(const FeatureSpec& spec, ItemRow row) const {
  const Catalog& catalog = *sources_.catalog;
  switch (spec.kind) {
    case FeatureKind::kLogWatches:
      return log_watches_[Index(row)];
    case FeatureKind::kLogShare:
      return log_share_[spec.argument][Index(row)];
    case FeatureKind::kTrend:
      return log_share_[spec.argument][Index(row)] -
             log_share_[static_cast<size_t>(Horizon::kMonth)][Index(row)];
    case FeatureKind::kMaturity:
      return catalog.IsRated(row) ? static_cast<float>(catalog.Maturity(row))
                                  : kMissing;
    case FeatureKind::kReleasedDay: {
      const int32_t day = catalog.ReleasedDay(row);
      return day == Catalog::kUnknownDay ? kMissing : static_cast<float>(day);
    }
    case FeatureKind::kVectorLength:
      return Index(row) < vector_length_.size() ? vector_length_[Index(row)]
                                                : kMissing;
    case FeatureKind::kGenreCount:
      return genre_ ? static_cast<float>(genre_->Codes(row).size()) : 0;
    case FeatureKind::kGenre:
      return genre_->Has(row, spec.argument) ? 1 : 0;
    default:
      MARQUEE_CHECK(spec.kind == FeatureKind::kNumber);
      return numbers_[spec.argument][Index(row)];
  }
}

void FeatureExtractor::Extract(const UserContext& user,
                               std::span<const Candidate> candidates,
                               std::span<const CandidateOrigin> origins,
                               FeatureScratch& scratch, FeatureMatrix& matrix,
                               std::span<const float> positions) const {
  MARQUEE_CHECK(positions.empty() || positions.size() == candidates.size());
  ExtractRows(user, candidates, origins, scratch, matrix);
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (scopes_[c] == FeatureScope::kRow) continue;
    const FeatureSpec& spec = columns_[c];
    const bool is_of_item = scopes_[c] == FeatureScope::kItem;
    const float value = is_of_item ? kMissing : RequestValue(user, spec.kind);
    for (size_t i = 0; i < candidates.size(); ++i) {
      matrix.At(i, c) =
          is_of_item ? ItemValue(spec, candidates[i].row)
          : spec.kind == FeatureKind::kPosition && !positions.empty()
              ? positions[i]
              : value;
    }
  }
}

void FeatureExtractor::ExtractRows(const UserContext& user,
                                   std::span<const Candidate> candidates,
                                   std::span<const CandidateOrigin> origins,
                                   FeatureScratch& scratch,
                                   FeatureMatrix& matrix) const {
  MARQUEE_CHECK(matrix.features() == columns_.size());
  MARQUEE_CHECK(origins.empty() || origins.size() == candidates.size());
  matrix.SetRows(candidates.size());
  CountFranchises(user, scratch);
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (scopes_[c] != FeatureScope::kRow) continue;
    FillCross(user, candidates, origins, c, scratch, matrix);
  }
  ForgetFranchises(user, scratch);
}

void FeatureExtractor::ExtractRequest(const UserContext& user,
                                      std::span<float> values) const {
  MARQUEE_CHECK(values.size() == columns_.size());
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (scopes_[c] != FeatureScope::kRequest) continue;
    values[c] = RequestValue(user, columns_[c].kind);
  }
}

void FeatureExtractor::ExtractItem(ItemRow row, std::span<float> values) const {
  MARQUEE_CHECK(values.size() == columns_.size());
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (scopes_[c] != FeatureScope::kItem) continue;
    values[c] = ItemValue(columns_[c], row);
  }
}

float FeatureExtractor::RequestValue(const UserContext& user,
                                     FeatureKind kind) const {
  switch (kind) {
    case FeatureKind::kUserWatches:
      return std::log1p(user.taste.watches);
    case FeatureKind::kUserReleasedDay:
      return user.taste.mean_released_day;
    case FeatureKind::kUserLogWatches:
      return user.taste.mean_log_watches;
    case FeatureKind::kUserVectorLength:
      return user.vector.empty()
                 ? kMissing
                 : simd::Length(user.vector.data(), user.vector.size());
    case FeatureKind::kUserSinceLast:
      return user.last_play == 0
                 ? kMissing
                 : static_cast<float>((int64_t{user.now} - user.last_play) /
                                      kSecondsPerHour);
    case FeatureKind::kPosition:
      return DefaultOf(kind);
    case FeatureKind::kLocalHour:
      return user.local_hour ? static_cast<float>(*user.local_hour) : kMissing;
    default:
      MARQUEE_CHECK(kind == FeatureKind::kDevice);
      return DeviceNumber(user.device);
  }
}

void FeatureExtractor::GroupLanguages() {
  if (language_ == nullptr) return;
  for (uint32_t code = 0; code < language_->values(); ++code) {
    const absl::string_view language = LanguageOf(language_->Value(code));
    values_of_language_[absl::AsciiStrToLower(language)].push_back(code);
  }
}

std::span<const uint32_t> FeatureExtractor::ValuesOf(
    absl::string_view tag) const {
  const auto found =
      values_of_language_.find(absl::AsciiStrToLower(LanguageOf(tag)));
  if (found == values_of_language_.end()) return {};
  return found->second;
}

// Longer than one screen, because each case is the definition of one feature.
void FeatureExtractor::FillCross(const UserContext& user,
                                 std::span<const Candidate> candidates,
                                 std::span<const CandidateOrigin> origins,
                                 size_t column, const FeatureScratch& scratch,
                                 FeatureMatrix& matrix) const {
  const Catalog& catalog = *sources_.catalog;
  // `value` computes the feature of a candidate. Each kind gets its own loop.
  const auto fill = [&](auto value) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      matrix.At(i, column) = value(candidates[i]);
    }
  };
  // `value` computes the feature from the day of release.
  const auto fill_by_day = [&](auto value) {
    fill([&](const Candidate& candidate) {
      const int32_t day = catalog.ReleasedDay(candidate.row);
      return day == Catalog::kUnknownDay ? kMissing : value(day);
    });
  };
  switch (columns_[column].kind) {
    case FeatureKind::kSimilarity:
      return fill([](const auto& candidate) { return candidate.score; });
    case FeatureKind::kCosine:
      return fill([&, length = LengthOf(user)](const auto& candidate) {
        return Cosine(candidate, length);
      });
    case FeatureKind::kSourceRank:
    case FeatureKind::kBecause:
      return FillOrigin(columns_[column], candidates, origins, column, matrix);
    case FeatureKind::kSinceBegin:
      return fill([&](const auto& candidate) {
        return SinceBegin(user, candidate.row);
      });
    case FeatureKind::kGenreAffinity:
      return fill([&](const auto& candidate) {
        return GenreAffinity(user, candidate.row);
      });
    case FeatureKind::kReleaseGap:
      return fill_by_day([&](int32_t day) {
        return static_cast<float>(day) - user.taste.mean_released_day;
      });
    case FeatureKind::kWatchesGap:
      return fill([&](const auto& candidate) {
        return log_watches_[Index(candidate.row)] - user.taste.mean_log_watches;
      });
    case FeatureKind::kFranchiseSeen:
      return fill([&](const auto& candidate) {
        return FranchiseSeen(scratch, candidate.row);
      });
    case FeatureKind::kLanguageMatch: {
      if (user.language.empty() || language_ == nullptr) {
        return fill([](const auto&) { return kMissing; });
      }
      const std::span<const uint32_t> same = ValuesOf(user.language);
      return fill([&](const auto& candidate) {
        const auto is_same = [&](uint32_t code) {
          return language_->Has(candidate.row, code);
        };
        return std::any_of(same.begin(), same.end(), is_same) ? 1.0f : 0.0f;
      });
    }
    default:
      MARQUEE_CHECK(columns_[column].kind == FeatureKind::kAge);
      return fill_by_day(
          [&](int32_t day) { return static_cast<float>(user.day() - day); });
  }
}

void FeatureExtractor::FillOrigin(const FeatureSpec& spec,
                                  std::span<const Candidate> candidates,
                                  std::span<const CandidateOrigin> origins,
                                  size_t column, FeatureMatrix& matrix) {
  const auto value = [&](size_t i) {
    if (origins.empty()) return kMissing;
    if (spec.kind == FeatureKind::kBecause) return origins[i].because_score;
    const uint16_t rank = origins[i].rank[spec.argument];
    return rank == 0 ? kMissing : static_cast<float>(rank);
  };
  for (size_t i = 0; i < candidates.size(); ++i)
    matrix.At(i, column) = value(i);
}

// A request may be of a moment before the beginning.
float FeatureExtractor::SinceBegin(const UserContext& user, ItemRow row) const {
  const int64_t begin = begin_[Index(row)];
  if (begin == Popularity::kNoBegin) return kMissing;
  return static_cast<float>((int64_t{user.now} - begin) / kSecondsPerHour);
}

float FeatureExtractor::Cosine(const Candidate& candidate,
                               float user_length) const {
  if (Index(candidate.row) >= vector_length_.size()) return kMissing;
  const float product = user_length * vector_length_[Index(candidate.row)];
  // The score is the product of both vectors, so the vectors need not be read.
  return product > 0 ? candidate.score / product : kMissing;
}

float FeatureExtractor::GenreAffinity(const UserContext& user,
                                      ItemRow row) const {
  if (genre_ == nullptr) return kMissing;
  float sum = 0;
  int counted = 0;
  for (const uint32_t code : genre_->Codes(row)) {
    // A taste counts only the first genres, in 255ths.
    if (code >= user.taste.genre_share.size()) continue;
    sum += static_cast<float>(user.taste.genre_share[code]);
    ++counted;
  }
  return counted == 0 ? kMissing : sum / (255.0f * static_cast<float>(counted));
}

float FeatureExtractor::FranchiseSeen(const FeatureScratch& scratch,
                                      ItemRow row) const {
  float seen = 0;
  if (franchise_ == nullptr) return seen;
  for (const uint32_t code : franchise_->Codes(row)) {
    seen += static_cast<float>(scratch.franchise_seen_[code]);
  }
  return seen;
}

void FeatureExtractor::CountFranchises(const UserContext& user,
                                       FeatureScratch& scratch) const {
  if (franchise_ == nullptr) return;
  scratch.franchise_seen_.resize(franchise_->values(), 0);
  for (const ItemRow row : user.seen) {
    for (const uint32_t code : franchise_->Codes(row))
      ++scratch.franchise_seen_[code];
  }
}

void FeatureExtractor::ForgetFranchises(const UserContext& user,
                                        FeatureScratch& scratch) const {
  if (franchise_ == nullptr) return;
  // Only what was counted: a catalogue has many franchises, of which a user has
  // seen few.
  for (const ItemRow row : user.seen) {
    for (const uint32_t code : franchise_->Codes(row))
      scratch.franchise_seen_[code] = 0;
  }
}

}  // namespace marquee
