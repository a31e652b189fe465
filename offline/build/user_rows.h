// The users of a data set and their histories, in the row order of a snapshot.
#ifndef MARQUEE_OFFLINE_BUILD_USER_ROWS_H_
#define MARQUEE_OFFLINE_BUILD_USER_ROWS_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/catalog/catalog.h"
#include "core/catalog/popularity_writer.h"
#include "core/catalog/records.h"
#include "core/files/array_file.h"
#include "core/users/user_table_writer.h"
#include "offline/build/folded_users.h"
#include "offline/build/history_rows.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/seen_interactions.h"
#include "offline/doubts/id_match.h"

namespace marquee {

// Ten million users with thirty items each take 5 GB, and 9 GB while their rows
// are read; if none of them has a vector, 6 GB more. Externally synchronised.
class UserRows {
 public:
  struct Options {
    std::string directory;  // with users.jsonl and interactions.csv
    HistoryOptions history;
  };

  // `embedded`: the users with a vector, in order; they are the first rows.
  // Then follow the users of users.jsonl, then those that only interactions
  // name. `items`: by row. Errors: those of the readers.
  static absl::StatusOr<UserRows> Read(const Options& options,
                                       const IdDictionary& embedded,
                                       const IdDictionary& items);

  size_t size() const { return ids_.size(); }
  const IdDictionary& ids() const { return ids_; }
  UserRecord Record(uint32_t row) const;
  // The user's plays, in the order of the file.
  std::span<const Play> Plays(uint32_t row) const {
    return std::span(plays_).subspan(plays_begin_[row],
                                     plays_begin_[row + 1] - plays_begin_[row]);
  }
  // The items of those plays that are a sign of liking.
  std::vector<ItemRow> Liked(uint32_t row) const;
  // Rows of interactions.csv: all of them, those that were kept, and those with
  // items that the catalogue does not have.
  uint64_t rows_read() const { return history_.rows_read; }
  uint64_t interactions() const { return plays_.size(); }
  uint64_t unknown_items() const { return history_.unknown_items; }
  const std::string& unknown_item() const { return history_.unknown_item; }
  // All likes before HistoryOptions::until, including those of unknown items.
  const SeenInteractions& likes() const { return history_.likes; }
  // Users that users.jsonl does not have: without country and age limit.
  size_t without_profile() const { return size() - profiled_; }
  // Requires: without_profile() > 0.
  std::string OneWithoutProfile() const;
  // Users of users.jsonl, and those of them without a country.
  size_t profiled() const { return profiled_; }
  size_t without_country() const;
  // Returns a warning for each unknown country or language of users.jsonl.
  std::vector<std::string> TellUnknownCodes(const std::string& directory) const;
  // Remarks about interactions.csv, as in HistoryRows.
  const std::vector<std::string>& remarks() const { return history_.remarks; }

  // Checks with CheckMatch that the ids of the files match each other.
  absl::Status CheckIds(const Options& options, const std::string& embeddings,
                        const IdDictionary& items) const;

  // Moves out the likes of users without a vector, in the order of the file.
  std::vector<UserLike> TakeLikesWithoutVector() {
    return std::move(history_.likes_without_vector);
  }
  // The interactions that are signs of liking, by item and country.
  const PopularityWriter& popularity() const { return popularity_; }
  // Writes the section `users`; its row i is user order[i]. `catalog`: that of
  // the snapshot.
  absl::Status WriteUsers(const Catalog& catalog,
                          std::span<const uint32_t> order,
                          ArrayFileWriter& out) const;

 private:
  // How the ids of users in each file match those of the others.
  struct UserIdMatches {
    IdMatch liking, embedded, profiled;
    size_t without_profile = 0;
  };
  UserIdMatches MatchUserIds(const std::string& csv,
                             const std::string& profiles,
                             const std::string& embeddings) const;
  absl::Status CheckUserIds(const UserIdMatches& matches) const;

  struct Profile {
    uint32_t country = 0;  // index into strings_
    uint32_t language = 0;
    int16_t maturity_limit = -1;  // -1: no limit
  };

  absl::Status ReadProfiles(const std::string& path);
  absl::Status ReadHistories(const Options& options, const IdDictionary& items);
  void GroupByUser();
  absl::string_view CountryOf(uint32_t row) const;
  uint32_t FindOrAddString(const std::string& text);
  bool HasLiked(uint32_t row) const;

  IdDictionary ids_;
  IdDictionary strings_;  // countries and languages; index 0: unknown
  std::vector<Profile> profiles_;
  std::vector<uint64_t> plays_begin_;  // [users + 1]
  std::vector<Play> plays_;
  size_t profiled_ = 0;
  HistoryRows history_;  // its rows are moved to plays_
  PopularityWriter popularity_{0};
  size_t embedded_ = 0;  // users with a vector
  size_t known_ = 0;     // users with a vector or in users.jsonl
  std::vector<bool> has_profile_;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_USER_ROWS_H_
