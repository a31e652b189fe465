#include "offline/build/user_rows.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/users/user_table_writer.h"
#include "offline/data/jsonl.h"
#include "offline/doubts/id_match.h"
#include "offline/doubts/unknown_codes.h"

namespace marquee {
namespace {

// Takes number 0. No country or language is written like this.
constexpr char kNone[] = "-";

}  // namespace

absl::StatusOr<UserRows> UserRows::Read(const Options& options,
                                        const IdDictionary& embedded,
                                        const IdDictionary& items) {
  UserRows rows;
  // These steps give the order of the rows: embedded_ is where users with a
  // vector end, known_ is where the others of users.jsonl end.
  rows.strings_.FindOrAdd(kNone);
  for (uint32_t i = 0; i < embedded.size(); ++i)
    rows.ids_.FindOrAdd(embedded[i]);
  rows.embedded_ = embedded.size();
  MARQUEE_RETURN_IF_ERROR(
      rows.ReadProfiles(absl::StrCat(options.directory, "/users.jsonl")));
  rows.known_ = rows.ids_.size();
  MARQUEE_RETURN_IF_ERROR(rows.ReadHistories(options, items));
  rows.profiles_.resize(rows.ids_.size());
  rows.has_profile_.resize(rows.ids_.size());
  return rows;
}

uint32_t UserRows::FindOrAddString(const std::string& text) {
  return text.empty() ? 0 : strings_.FindOrAdd(text);
}

absl::Status UserRows::ReadProfiles(const std::string& path) {
  profiles_.resize(ids_.size());
  has_profile_.resize(ids_.size());
  return ReadUsers(path, [&](const UserRecord& user, uint64_t) {
    const uint32_t row = ids_.FindOrAdd(user.id);
    if (row >= profiles_.size()) {
      profiles_.resize(row + 1);
      has_profile_.resize(row + 1);
    }
    has_profile_[row] = true;
    ++profiled_;
    profiles_[row] = {.country = FindOrAddString(user.country),
                      .language = FindOrAddString(user.language),
                      .maturity_limit = static_cast<int16_t>(
                          user.maturity_limit.value_or(-1))};
    return absl::OkStatus();
  });
}

absl::Status UserRows::ReadHistories(const Options& options,
                                     const IdDictionary& items) {
  MARQUEE_ASSIGN_OR_RETURN(
      history_,
      ReadHistoryRows(absl::StrCat(options.directory, "/interactions.csv"),
                      options.history, embedded_, ids_, items));
  popularity_ = PopularityWriter(items.size());
  for (size_t row = 0; row < history_.events.size(); ++row) {
    const HistoryRows::Event& event = history_.events[row];
    if (!event.liked) continue;
    popularity_.Add(CountryOf(event.user), ItemRow{event.item},
                    history_.moments[row]);
  }
  GroupByUser();
  history_.moments = std::vector<uint32_t>();  // frees their memory, too
  history_.events = std::vector<HistoryRows::Event>();
  return absl::OkStatus();
}

// A counting sort, which keeps the order of a user's events.
void UserRows::GroupByUser() {
  const std::vector<HistoryRows::Event>& events = history_.events;
  plays_begin_.assign(ids_.size() + 1, 0);
  for (const HistoryRows::Event& event : events) ++plays_begin_[event.user + 1];
  for (size_t i = 1; i < plays_begin_.size(); ++i)
    plays_begin_[i] += plays_begin_[i - 1];
  plays_.resize(events.size());
  std::vector<uint64_t> next(plays_begin_.begin(), plays_begin_.end() - 1);
  for (size_t i = 0; i < events.size(); ++i) {
    plays_[next[events[i].user]++] = {.row = ItemRow{events[i].item},
                                      .moment = history_.moments[i],
                                      .liked = events[i].liked != 0};
  }
}

absl::Status UserRows::CheckIds(const Options& options,
                                const std::string& embeddings,
                                const IdDictionary& items) const {
  const std::string csv = absl::StrCat(options.directory, "/interactions.csv");
  const std::string profiles = absl::StrCat(options.directory, "/users.jsonl");
  MARQUEE_RETURN_IF_ERROR(CheckMatch(
      {.file = csv,
       .what = "rows' items",
       .where = absl::StrCat(options.directory, "/items.jsonl"),
       .count = interactions() + unknown_items(),
       .unmatched = unknown_items(),
       .example = unknown_item(),
       .there_example = items.size() > 0 ? std::string(items[0]) : ""}));
  return CheckUserIds(MatchUserIds(csv, profiles, embeddings));
}

UserRows::UserIdMatches UserRows::MatchUserIds(
    const std::string& csv, const std::string& profiles,
    const std::string& embeddings) const {
  UserIdMatches matches;
  IdMatch& liking = matches.liking;
  IdMatch& embedded = matches.embedded;
  IdMatch& profiled = matches.profiled;
  liking = {.file = csv,
            .what = "users who like something",
            .where = absl::StrCat(profiles, " or ", embeddings),
            .there_example = known_ > 0 ? std::string(ids_[0]) : ""};
  embedded = {.file = absl::StrCat(embeddings, "/users.txt"),
              .what = "users",
              .where = absl::StrCat(profiles, " or ", csv),
              .count = embedded_};
  profiled = {.file = profiles,
              .what = "users",
              .where = absl::StrCat(csv, " or ", embeddings),
              .count = profiled_};
  const auto miss = [this](IdMatch& match, uint32_t row) {
    if (match.unmatched++ == 0) match.example = std::string(ids_[row]);
  };
  for (uint32_t row = 0; row < size(); ++row) {
    const bool watches = !Plays(row).empty();
    const bool likes = HasLiked(row);
    liking.count += likes ? 1 : 0;
    if (likes && row >= known_) miss(liking, row);
    if (row >= embedded_ && embedded.there_example.empty()) {
      embedded.there_example = std::string(ids_[row]);
    }
    if (has_profile_[row]) {
      if (row >= embedded_ && !watches) miss(profiled, row);
      continue;
    }
    ++matches.without_profile;
    if (row < embedded_ && !watches) miss(embedded, row);
    if (profiled.there_example.empty()) {
      profiled.there_example = std::string(ids_[row]);
    }
  }
  return matches;
}

absl::Status UserRows::CheckUserIds(const UserIdMatches& matches) const {
  const IdMatch& profiled = matches.profiled;
  MARQUEE_RETURN_IF_ERROR(CheckMatch(matches.liking));
  MARQUEE_RETURN_IF_ERROR(CheckMatch(matches.embedded));
  // A service may know far more users than those who watch, or have few
  // profiles. It is another system only if less than a tenth of the ids that
  // can match do.
  const size_t others = size() - profiled.unmatched;
  const size_t matched = profiled_ - profiled.unmatched;
  if (2 * matches.without_profile <= others ||
      10 * matched >= std::min(profiled_, others)) {
    return absl::OkStatus();
  }
  return CheckMatch(profiled);
}

std::vector<ItemRow> UserRows::Liked(uint32_t row) const {
  std::vector<ItemRow> liked;
  for (const Play& play : Plays(row)) {
    if (play.liked) liked.push_back(play.row);
  }
  return liked;
}

bool UserRows::HasLiked(uint32_t row) const {
  return absl::c_any_of(Plays(row), [](const Play& p) { return p.liked; });
}

UserRecord UserRows::Record(uint32_t row) const {
  const Profile& profile = profiles_[row];
  UserRecord user;
  user.id = std::string(ids_[row]);
  if (profile.country != 0)
    user.country = std::string(strings_[profile.country]);
  if (profile.language != 0)
    user.language = std::string(strings_[profile.language]);
  if (profile.maturity_limit >= 0) user.maturity_limit = profile.maturity_limit;
  return user;
}

std::string UserRows::OneWithoutProfile() const {
  const auto row = absl::c_find(has_profile_, false) - has_profile_.begin();
  return std::string(ids_[static_cast<uint32_t>(row)]);
}

size_t UserRows::without_country() const {
  size_t count = 0;
  for (uint32_t row = 0; row < profiles_.size(); ++row) {
    count += has_profile_[row] && profiles_[row].country == 0;
  }
  return count;
}

std::vector<std::string> UserRows::TellUnknownCodes(
    const std::string& directory) const {
  std::vector<uint64_t> countries(strings_.size());
  std::vector<uint64_t> languages(strings_.size());
  for (const Profile& profile : profiles_) {
    ++countries[profile.country];
    ++languages[profile.language];
  }
  UnknownCodes codes;
  for (uint32_t i = 1; i < strings_.size(); ++i) {
    codes.AddCountry(strings_[i], countries[i]);
    codes.AddLanguage(strings_[i], languages[i]);
  }
  return codes.Tell(absl::StrCat(directory, "/users.jsonl"), "users");
}

// A user without a profile has no country.
absl::string_view UserRows::CountryOf(uint32_t row) const {
  const uint32_t country = row < profiles_.size() ? profiles_[row].country : 0;
  return country == 0 ? absl::string_view() : strings_[country];
}

absl::Status UserRows::WriteUsers(const Catalog& catalog,
                                  std::span<const uint32_t> order,
                                  ArrayFileWriter& out) const {
  UserTableWriter writer(catalog, popularity_.watches());
  for (const uint32_t row : order) {
    MARQUEE_RETURN_IF_ERROR(writer.Add(Record(row), Plays(row)));
  }
  return writer.Write(out);
}

}  // namespace marquee
