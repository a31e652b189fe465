// items.jsonl and users.jsonl: the catalogue as people and exports write it,
// one JSON object a line.
//
//   {"item_id": "tt0114709", "title": "Toy Story", "released": "1995-11-22",
//    "maturity": 0, "language": "en", "franchise": "Toy Story",
//    "genres": ["Animation", "Comedy"],
//    "licences": [{"country": "DE", "start": "2026-01-01T00:00:00Z",
//                  "end": 1798761600}],
//    "attributes": {"studio": "x", "mood": ["warm"], "runtime_minutes": 81}}
//   {"user_id": "u1", "country": "DE", "language": "de", "maturity_limit": 12}
//
// Only the id is required. `released` is a day or a year of 1870 to 2100; times
// are RFC 3339 or whole Unix seconds. Without `licences` a title is licensed
// everywhere and always, with an empty list nowhere; the country "*" is every
// country. `maturity` is the minimum age in years, 0 for everyone; a title
// without it is not shown to who has an age limit, unless the snapshot is built
// to give it an age. Whole numbers may end with ".0", as tables write them
// where a column has gaps.
// language, franchise and genres become the attributes "language", "franchise"
// and "genre"; in `attributes`, strings and lists of strings become attributes
// of their name, numbers become numbers. Unknown fields are errors, so that a
// misspelt "licenses" does not license a title everywhere; so are fields that
// stand twice.
#ifndef MARQUEE_OFFLINE_DATA_JSONL_H_
#define MARQUEE_OFFLINE_DATA_JSONL_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "core/catalog/records.h"

namespace marquee {

// Give each record, in the order of the file, and its line to `add`; its error
// ends the reading and is returned with the place in the file. Empty lines are
// skipped.
// Errors: as InputFile::Open; DataLoss that names file, line and field (for
// JSON syntax, the column), for two records of one id both lines.
absl::Status ReadItems(
    const std::string& path,
    const std::function<absl::Status(ItemRecord, uint64_t)>& add);
absl::Status ReadUsers(
    const std::string& path,
    const std::function<absl::Status(UserRecord, uint64_t)>& add);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_JSONL_H_
