// Items and users as people describe them: one record per line of items.jsonl
// and users.jsonl.
//
// Readers produce records, and writers such as CatalogWriter turn them into
// columns. Nothing on the path of a request reads a record.
#ifndef MARQUEE_CORE_CATALOG_RECORDS_H_
#define MARQUEE_CORE_CATALOG_RECORDS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/base/request_limits.h"

namespace marquee {

// The item may be shown in `country` at t if start <= t < end.
struct LicenceWindow {
  // ISO 3166-1 alpha-2, upper case, or "*" for every country.
  std::string country;
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
};

struct ItemRecord {
  std::string id;
  std::string title;
  std::optional<absl::CivilDay> released;
  // Minimum age in years, 0 to kMaxMaturity. Absent: unknown; only users
  // without a limit get the item.
  std::optional<int> maturity;
  // Absent: licensed everywhere and always. Empty: licensed nowhere.
  std::optional<std::vector<LicenceWindow>> licences;
  // By name: "genre", "franchise", "language" and all others of the catalogue.
  // Rules cap and filters match these.
  std::map<std::string, std::vector<std::string>> attributes;
  // By name, for example "runtime_minutes". Finite.
  std::map<std::string, double> numbers;
};

struct UserRecord {
  std::string id;
  std::string country;   // upper case; empty: unknown
  std::string language;  // empty: unknown
  // Items above this age are never shown; absent: no limit.
  std::optional<int> maturity_limit;
};

struct Interaction {
  std::string user_id;
  std::string item_id;
  int64_t timestamp = 0;  // Unix seconds
  // For example "play"; empty if the file has no such column.
  std::string event;
  float weight = 1;  // >= 0, finite; 0: seen, but not a sign of liking
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_RECORDS_H_
