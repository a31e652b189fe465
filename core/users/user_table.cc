#include "core/users/user_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/catalog.h"
#include "core/catalog/locale_codes.h"
#include "core/catalog/records.h"

namespace marquee {

// A number that is cut off is larger.
constexpr uint64_t kMostPlays = std::numeric_limits<uint32_t>::max() - 2;

// A user without a limit may see items without a rating.
static_assert(Catalog::kUnrated <= UserTable::kNoMaturityLimit);

absl::StatusOr<std::unique_ptr<const UserTable>> UserTable::Open(
    const ArrayFile& file, size_t items) {
  std::unique_ptr<UserTable> users(new UserTable);
  users->items_ = items;
  MARQUEE_ASSIGN_OR_RETURN(users->ids_, IdIndex::Open(file));
  MARQUEE_ASSIGN_OR_RETURN(users->countries_,
                           StringTable::Open(file, "countries"));
  MARQUEE_ASSIGN_OR_RETURN(users->languages_,
                           StringTable::Open(file, "languages"));
  MARQUEE_ASSIGN_OR_RETURN(users->country_, file.Array<uint16_t>("country"));
  MARQUEE_ASSIGN_OR_RETURN(users->language_, file.Array<uint16_t>("language"));
  MARQUEE_ASSIGN_OR_RETURN(users->maturity_limit_,
                           file.Array<uint8_t>("maturity_limit"));
  MARQUEE_ASSIGN_OR_RETURN(users->watches_, file.Array<float>("watches"));
  MARQUEE_ASSIGN_OR_RETURN(users->mean_released_day_,
                           file.Array<float>("mean_released_day"));
  MARQUEE_ASSIGN_OR_RETURN(users->mean_log_watches_,
                           file.Array<float>("mean_log_watches"));
  MARQUEE_ASSIGN_OR_RETURN(users->genre_share_,
                           file.Array<uint8_t>("genre_share"));
  MARQUEE_ASSIGN_OR_RETURN(users->seen_begin_,
                           file.Array<uint64_t>("seen.begin"));
  MARQUEE_ASSIGN_OR_RETURN(users->seen_, file.Array<uint8_t>("seen"));
  MARQUEE_ASSIGN_OR_RETURN(users->last_play_,
                           file.Array<uint32_t>("last_play"));
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const uint32_t> genres,
                           file.Array<uint32_t>("genres"));
  if (genres.size() != 1 || genres[0] > TasteProfile::kMaxGenres) {
    return absl::DataLossError(
        absl::StrCat(file.name(), ": array 'genres' is not a small number"));
  }
  users->genres_ = genres[0];
  MARQUEE_RETURN_IF_ERROR(users->Check(file));
  return users;
}

absl::Status UserTable::Check(const ArrayFile& file) const {
  const auto bad = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat(file.name(), ": ", what));
  };
  const size_t rows = size();
  if (country_.size() != rows || language_.size() != rows ||
      maturity_limit_.size() != rows || watches_.size() != rows ||
      mean_released_day_.size() != rows || mean_log_watches_.size() != rows ||
      last_play_.size() != rows || genre_share_.size() != rows * genres_) {
    return bad("the columns are not of one length");
  }
  const auto above = [](std::span<const uint16_t> codes, size_t limit) {
    return std::any_of(codes.begin(), codes.end(),
                       [limit](uint16_t c) { return c >= limit; });
  };
  if (above(country_, countries_.size()))
    return bad("array 'country' leaves its dictionary");
  if (above(language_, languages_.size()))
    return bad("array 'language' leaves its dictionary");
  if (seen_begin_.size() != rows + 1 || seen_begin_.front() != 0 ||
      seen_begin_.back() != seen_.size() ||
      !std::is_sorted(seen_begin_.begin(), seen_begin_.end())) {
    return bad("array 'seen.begin' does not partition 'seen'");
  }
  for (size_t i = 0; i < countries_.size(); ++i) {
    const absl::string_view country = countries_[i];
    if (!country.empty() && !LooksLikeCountry(country)) {
      return bad(absl::StrCat("array 'countries': '", country,
                              "' is not two upper-case letters"));
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    if (maturity_limit_[i] > kMaxMaturity &&
        maturity_limit_[i] != kNoMaturityLimit) {
      return bad(absl::StrCat("array 'maturity_limit': user row ", i, " has ",
                              maturity_limit_[i], ", must be 0 to ",
                              kMaxMaturity, " or none"));
    }
    // NaN is allowed for the day: none of the items has a known one.
    if (!std::isfinite(watches_[i]) || !std::isfinite(mean_log_watches_[i]) ||
        std::isinf(mean_released_day_[i])) {
      return bad(
          absl::StrCat("user row ", i, " has a statistic that is not finite"));
    }
  }
  return CheckSeen(file);
}

// Checks every row once, so that lookups need no checks.
absl::Status UserTable::CheckSeen(const ArrayFile& file) const {
  for (size_t user = 0; user < size(); ++user) {
    const auto bad = [&](absl::string_view what) {
      return absl::DataLossError(absl::StrCat(
          file.name(), ": array 'seen': the items of user row ", user, what));
    };
    const uint64_t end = seen_begin_[user + 1];
    uint64_t item = 0;
    bool first = true;
    for (uint64_t at = seen_begin_[user]; at < end;) {
      const uint64_t delta = NextNumber(at, end);
      item += delta;
      if (item >= items_ || (delta == 0 && !first)) {
        return bad(" are not ascending rows of the catalogue");
      }
      first = false;
      const uint64_t bits = NextNumber(at, end);
      if (60 * (bits >> kMinutesShift) > last_play_[user]) {
        return bad(" have a play before 1970");
      }
      if ((bits & kMany) != 0 && NextNumber(at, end) > kMostPlays) {
        return bad(" have a number of plays that is cut off");
      }
    }
  }
  return absl::OkStatus();
}

std::optional<UserRow> UserTable::Find(absl::string_view id) const {
  const std::optional<uint32_t> row = ids_.Find(id);
  if (!row) return std::nullopt;
  return UserRow{*row};
}

std::vector<UserTable::Profile> UserTable::Profiles() const {
  // A limit is a byte.
  constexpr size_t kLimits = 256;
  std::vector<bool> occurs(countries_.size() * kLimits);
  for (size_t i = 0; i < size(); ++i) {
    occurs[country_[i] * kLimits + maturity_limit_[i]] = true;
  }
  std::vector<Profile> profiles;
  for (size_t i = 0; i < occurs.size(); ++i) {
    if (!occurs[i]) continue;
    profiles.push_back({.country = countries_[i / kLimits],
                        .maturity_limit = static_cast<int>(i % kLimits)});
  }
  return profiles;
}

TasteProfile UserTable::Taste(UserRow row) const {
  const size_t i = Index(row);
  return {.watches = watches_[i],
          .mean_released_day = mean_released_day_[i],
          .mean_log_watches = mean_log_watches_[i],
          .genre_share = genre_share_.subspan(i * genres_, genres_)};
}

}  // namespace marquee
