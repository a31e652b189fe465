// Turns user records and their histories into the section `users`.
#ifndef MARQUEE_CORE_USERS_USER_TABLE_WRITER_H_
#define MARQUEE_CORE_USERS_USER_TABLE_WRITER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/catalog/catalog.h"
#include "core/catalog/id_index.h"
#include "core/catalog/records.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"
#include "core/users/user_table.h"

namespace marquee {

// One play of an item by a user.
struct Play {
  ItemRow row{};
  uint32_t moment = 0;  // Unix seconds
  bool liked = true;    // a sign of liking
};

// Rows are numbered in the order of Add. Externally synchronised. The catalogue
// and the watches must outlive the writer.
class UserTableWriter {
 public:
  // `watches`: the watches of each item by all users, by row; see TasteProfile.
  UserTableWriter(const Catalog& catalog, std::span<const uint64_t> watches);

  // `plays`: in any order. Errors: InvalidArgument that names the field.
  absl::Status Add(const UserRecord& user, std::span<const Play> plays);
  size_t size() const { return ids_.size(); }
  // Errors: AlreadyExists if an id was added twice.
  absl::Status Write(ArrayFileWriter& out) const;

 private:
  // Codes of short strings that repeat, such as country codes.
  struct Dictionary {
    absl::StatusOr<uint16_t> Code(const std::string& value);
    absl::flat_hash_map<std::string, uint16_t> codes;
    StringTableWriter values;
  };

  // Appends the user's items to seen_. Requires: plays_ in the order of rows.
  void AddSeen();
  void AppendNumber(uint64_t number);

  const Catalog& catalog_;
  const std::span<const uint64_t> watches_of_item_;
  IdIndexWriter ids_;
  Dictionary countries_;
  Dictionary languages_;
  std::vector<uint16_t> country_;
  std::vector<uint16_t> language_;
  std::vector<uint8_t> maturity_limit_;
  std::vector<float> watches_;
  std::vector<float> mean_released_day_;
  std::vector<float> mean_log_watches_;
  std::vector<uint8_t> genre_share_;
  std::vector<uint64_t> seen_begin_{0};
  std::vector<uint8_t> seen_;
  std::vector<uint32_t> last_play_;
  // Of the current user.
  std::vector<Play> plays_;
  std::vector<ItemRow> items_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_USER_TABLE_WRITER_H_
