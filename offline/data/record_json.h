// Converts records of items and users from and to JSON objects, the lines of
// items.jsonl and users.jsonl (see jsonl.h for the format).
#ifndef MARQUEE_OFFLINE_DATA_RECORD_JSON_H_
#define MARQUEE_OFFLINE_DATA_RECORD_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/catalog/records.h"
#include "nlohmann/json_fwd.hpp"

namespace marquee {

// The years in which an item may be released. The oldest films are from 1874.
// Some catalogues write a later year for an unknown one.
inline constexpr int kFirstReleaseYear = 1870;
inline constexpr int kLastReleaseYear = 2100;

// Errors: DataLoss that names the field and says what would be right.
absl::StatusOr<ItemRecord> ItemFromJson(const nlohmann::json& value);
absl::StatusOr<UserRecord> UserFromJson(const nlohmann::json& value);

// Returns one line without its end, which ItemFromJson or UserFromJson turns
// back into the record. Errors: DataLoss if a text is not UTF-8.
absl::StatusOr<std::string> JsonFromItem(const ItemRecord& item);
absl::StatusOr<std::string> JsonFromUser(const UserRecord& user);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_RECORD_JSON_H_
