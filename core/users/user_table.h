// The users as columns: profile, taste statistics and the items they have seen.
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<const UserTable> users,
//                            UserTable::Open(section, catalog->size()));
//   const std::optional<UserRow> row = users->Find("user-4711");
//   if (row) users->ForEachSeen(*row, [&](ItemRow item) { exclude(item); });
#ifndef MARQUEE_CORE_USERS_USER_TABLE_H_
#define MARQUEE_CORE_USERS_USER_TABLE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/id_index.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"

namespace marquee {

// What the ranker knows of a user besides the vector. One definition for stored
// users and for users known only by the events of a request.
struct TasteProfile {
  static constexpr size_t kMaxGenres = 32;

  float watches = 0;  // number of items seen
  // Mean of the known release days of the items seen; NaN if none is known.
  float mean_released_day = 0;
  // Mean of log(1 + watches of the item) over the items seen.
  float mean_log_watches = 0;
  // The share of the items seen that have genre g (the g-th value of the
  // attribute "genre"), 0 to 255.
  std::span<const uint8_t> genre_share;
};

// An item that a user has seen.
struct SeenItem {
  ItemRow row{};
  // Whether one of the plays is a sign of liking.
  bool liked = false;
  uint32_t plays = 1;
  // The moment of the last play: Unix seconds, to the minute.
  int64_t last = 0;
};

// A view of the section `users`, which must outlive it. Immutable after
// construction.
class UserTable {
 public:
  static constexpr int kNoMaturityLimit = 255;

  // `items`: the number of items of the catalogue. Errors: DataLoss that names
  // the array.
  static absl::StatusOr<std::unique_ptr<const UserTable>> Open(
      const ArrayFile& file, size_t items);

  size_t size() const { return ids_.size(); }
  absl::string_view Id(UserRow row) const { return ids_.Id(Index(row)); }
  std::optional<UserRow> Find(absl::string_view id) const;
  // Empty: unknown.
  absl::string_view Country(UserRow row) const {
    return countries_[country_[Index(row)]];
  }
  absl::string_view Language(UserRow row) const {
    return languages_[language_[Index(row)]];
  }
  // Items above this age are never shown. kNoMaturityLimit: no limit.
  int MaturityLimit(UserRow row) const { return maturity_limit_[Index(row)]; }
  // The fields of a user that eligibility reads.
  struct Profile {
    absl::string_view country;  // empty: unknown
    int maturity_limit = kNoMaturityLimit;
  };
  // Returns the profiles that occur, each once. Reads all users.
  std::vector<Profile> Profiles() const;
  TasteProfile Taste(UserRow row) const;
  // Unix seconds; 0: the user has seen nothing.
  int64_t LastPlay(UserRow row) const { return last_play_[Index(row)]; }
  size_t genres() const { return genres_; }

  // Calls visit(const SeenItem&) for every item that the user has seen, in the
  // order of the rows.
  template <typename Visit>
  void ForEachSeen(UserRow row, Visit visit) const {
    const uint64_t end = seen_begin_[Index(row) + 1];
    SeenItem item;
    for (uint64_t at = seen_begin_[Index(row)]; at < end;) {
      ReadSeen(Index(row), at, end, item);
      visit(static_cast<const SeenItem&>(item));
    }
  }

 private:
  friend class UserTableWriter;  // the bits of a seen item

  UserTable() = default;
  absl::Status Check(const ArrayFile& file) const;
  absl::Status CheckSeen(const ArrayFile& file) const;

  // The bits of an item's second number. Above them are the minutes between the
  // item's last play and the user's.
  static constexpr uint64_t kMany = 1;  // a third number follows: plays - 2
  static constexpr uint64_t kLiked = 2;
  static constexpr int kMinutesShift = 2;

  // Reads the next item after `item`, and moves `at` behind it.
  void ReadSeen(size_t user, uint64_t& at, uint64_t end, SeenItem& item) const {
    item.row =
        ItemRow{static_cast<uint32_t>(Index(item.row) + NextNumber(at, end))};
    const uint64_t bits = NextNumber(at, end);
    item.liked = (bits & kLiked) != 0;
    item.last = static_cast<int64_t>(last_play_[user]) -
                60 * static_cast<int64_t>(bits >> kMinutesShift);
    item.plays = (bits & kMany) != 0
                     ? static_cast<uint32_t>(NextNumber(at, end) + 2)
                     : 1;
  }

  // Reads a number of 7 bits per byte, low bits first, and moves `at` behind
  // it. For a number that is cut off by `end` or longer than five bytes,
  // returns a value too large for any, which CheckSeen refuses.
  uint64_t NextNumber(uint64_t& at, uint64_t end) const {
    uint64_t delta = 0;
    for (int shift = 0; shift < 35 && at < end; shift += 7) {
      const uint8_t byte = seen_[at++];
      delta |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return delta;
    }
    return uint64_t{1} << 40;
  }

  size_t items_ = 0;
  size_t genres_ = 0;
  IdIndex ids_;
  StringTable countries_;
  StringTable languages_;
  std::span<const uint16_t> country_;
  std::span<const uint16_t> language_;
  std::span<const uint8_t> maturity_limit_;
  std::span<const float> watches_;
  std::span<const float> mean_released_day_;
  std::span<const float> mean_log_watches_;
  std::span<const uint8_t> genre_share_;  // [users × genres]
  std::span<const uint64_t> seen_begin_;  // [users + 1], indexes into seen_
  // Three numbers an item, 7 bits per byte: the difference to the row before,
  // then as kMany says.
  std::span<const uint8_t> seen_;
  std::span<const uint32_t> last_play_;  // Unix seconds, [users]
};

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_USER_TABLE_H_
