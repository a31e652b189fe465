// Titles and users as people describe them: one record a line of items.jsonl
// and users.jsonl.
//
// Readers produce them, the catalogue's writer turns them into columns; nothing
// on the path of a request sees a record.
#ifndef MARQUEE_CORE_CATALOG_RECORDS_H_
#define MARQUEE_CORE_CATALOG_RECORDS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace marquee {

// A title may be shown in `country` at t when start <= t < end.
struct LicenceWindow {
  std::string
      country;  // ISO 3166-1 alpha-2, upper case, or "*" for every country
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
};

// Of a title's minimum age and of a person's limit, in years.
inline constexpr int kMaxMaturity = 99;

struct ItemRecord {
  std::string id;
  std::string title;
  std::optional<absl::CivilDay> released;
  // Minimum age in years, 0 to 99. Absent: nobody knows, and only who has no
  // limit is shown the title.
  std::optional<int> maturity;
  // Absent: licensed everywhere and always. Empty: nowhere.
  std::optional<std::vector<LicenceWindow>> licences;
  // By name: "genre", "franchise", "language" and whatever else the catalogue
  // has. What rules cap and filters match.
  std::map<std::string, std::vector<std::string>> attributes;
  // By name, for example "runtime_minutes". Finite.
  std::map<std::string, double> numbers;
};

struct UserRecord {
  std::string id;
  std::string country;                // upper case, empty when unknown
  std::string language;               // empty when unknown
  std::optional<int> maturity_limit;  // titles above this age are never shown;
                                      // absent: no limit
};

struct Interaction {
  std::string user_id;
  std::string item_id;
  int64_t timestamp = 0;  // Unix seconds
  std::string
      event;  // for example "play"; empty when the file has no such column
  float weight = 1;  // >= 0, finite; 0: seen, without a sign of liking
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_RECORDS_H_
