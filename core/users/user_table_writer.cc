#include "core/users/user_table_writer.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/locale_codes.h"
#include "core/users/taste.h"

namespace marquee {
namespace {

absl::Status CheckRecord(const UserRecord& user) {
  const std::string& country = user.country;
  if (!country.empty() && !LooksLikeCountry(country)) {
    return absl::InvalidArgumentError(
        absl::StrCat("user '", user.id, "': country '", country,
                     "': must be two upper-case letters"));
  }
  if (user.maturity_limit &&
      (*user.maturity_limit < 0 || *user.maturity_limit > 99)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "user '", user.id, "': maturity_limit ", *user.maturity_limit,
        ": must be an age of 0 to 99 years"));
  }
  return absl::OkStatus();
}

}  // namespace

UserTableWriter::UserTableWriter(const Catalog& catalog,
                                 std::span<const uint64_t> watches)
    : catalog_(catalog), watches_of_item_(watches) {}

absl::StatusOr<uint16_t> UserTableWriter::Dictionary::Code(
    const std::string& value) {
  const auto [it, is_new] =
      codes.try_emplace(value, static_cast<uint16_t>(values.size()));
  if (is_new) {
    if (values.size() >= 0xFFFF) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", value, "': more than 65,535 different countries or languages"));
    }
    values.Add(value);
  }
  return it->second;
}

absl::Status UserTableWriter::Add(const UserRecord& user,
                                  std::span<const Play> plays) {
  MARQUEE_RETURN_IF_ERROR(CheckRecord(user));
  MARQUEE_ASSIGN_OR_RETURN(const uint16_t country,
                           countries_.Code(user.country));
  MARQUEE_ASSIGN_OR_RETURN(const uint16_t language,
                           languages_.Code(user.language));
  MARQUEE_RETURN_IF_ERROR(ids_.Add(user.id));
  country_.push_back(country);
  language_.push_back(language);
  maturity_limit_.push_back(static_cast<uint8_t>(
      user.maturity_limit.value_or(UserTable::kNoMaturityLimit)));
  plays_.assign(plays.begin(), plays.end());
  std::sort(plays_.begin(), plays_.end(),
            [](const Play& a, const Play& b) { return a.row < b.row; });
  items_.clear();
  for (const Play& play : plays_) {
    if (items_.empty() || items_.back() != play.row) items_.push_back(play.row);
  }
  std::array<uint8_t, TasteProfile::kMaxGenres> genre_share{};
  const TasteProfile taste =
      ComputeTaste(catalog_, watches_of_item_, items_, genre_share);
  watches_.push_back(taste.watches);
  mean_released_day_.push_back(taste.mean_released_day);
  mean_log_watches_.push_back(taste.mean_log_watches);
  genre_share_.insert(genre_share_.end(), taste.genre_share.begin(),
                      taste.genre_share.end());
  AddSeen();
  return absl::OkStatus();
}

void UserTableWriter::AddSeen() {
  uint32_t last_play = 0;
  for (const Play& play : plays_) last_play = std::max(last_play, play.moment);
  last_play_.push_back(last_play);
  uint32_t row_before = 0;
  for (size_t begin = 0, end = 0; begin < plays_.size(); begin = end) {
    const ItemRow row = plays_[begin].row;
    uint32_t last = 0;
    bool liked = false;
    for (end = begin; end < plays_.size() && plays_[end].row == row; ++end) {
      last = std::max(last, plays_[end].moment);
      liked = liked || plays_[end].liked;
    }
    const uint64_t minutes = (last_play - last) / 60;
    const bool many = end - begin > 1;
    AppendNumber(Index(row) - row_before);
    AppendNumber(minutes << UserTable::kMinutesShift |
                 (liked ? UserTable::kLiked : 0) |
                 (many ? UserTable::kMany : 0));
    if (many) AppendNumber(end - begin - 2);
    row_before = Index(row);
  }
  seen_begin_.push_back(seen_.size());
}

// As LEB128: seven bits a byte, the low ones first. The high bit says that
// another byte follows.
void UserTableWriter::AppendNumber(uint64_t number) {
  for (; number >= 0x80; number >>= 7) {
    seen_.push_back(static_cast<uint8_t>(number | 0x80));
  }
  seen_.push_back(static_cast<uint8_t>(number));
}

absl::Status UserTableWriter::Write(ArrayFileWriter& out) const {
  MARQUEE_RETURN_IF_ERROR(ids_.Write(out));
  MARQUEE_RETURN_IF_ERROR(countries_.values.Write("countries", out));
  MARQUEE_RETURN_IF_ERROR(languages_.values.Write("languages", out));
  out.Add<uint16_t>("country", country_);
  out.Add<uint16_t>("language", language_);
  out.Add<uint8_t>("maturity_limit", maturity_limit_);
  out.Add<float>("watches", watches_);
  out.Add<float>("mean_released_day", mean_released_day_);
  out.Add<float>("mean_log_watches", mean_log_watches_);
  const uint32_t genres = static_cast<uint32_t>(CountedGenres(catalog_));
  out.Add<uint32_t>("genres", std::span(&genres, 1));
  out.Add<uint8_t>("genre_share", genre_share_);
  out.Add<uint64_t>("seen.begin", seen_begin_);
  out.Add<uint8_t>("seen", seen_);
  out.Add<uint32_t>("last_play", last_play_);
  return absl::OkStatus();
}

}  // namespace marquee
