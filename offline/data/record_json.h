// Records of the catalogue as JSON objects, the lines of items.jsonl and
// users.jsonl (see jsonl.h for the format).
#ifndef MARQUEE_OFFLINE_DATA_RECORD_JSON_H_
#define MARQUEE_OFFLINE_DATA_RECORD_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/catalog/records.h"
#include "nlohmann/json_fwd.hpp"

namespace marquee {

// Of the release of a title. Films are as old as 1874, and a later year stands
// for one that nobody knows.
inline constexpr int kFirstReleaseYear = 1870;
inline constexpr int kLastReleaseYear = 2100;

// Errors: DataLoss that names the field and what would be right.
absl::StatusOr<ItemRecord> ItemFromJson(const nlohmann::json& value);
absl::StatusOr<UserRecord> UserFromJson(const nlohmann::json& value);

// One line without its end; what ItemFromJson and UserFromJson give back.
// Errors: DataLoss when a text is not UTF-8.
absl::StatusOr<std::string> JsonFromItem(const ItemRecord& item);
absl::StatusOr<std::string> JsonFromUser(const UserRecord& user);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_RECORD_JSON_H_
