// items.jsonl and users.jsonl: items and users as people and exports write
// them, one JSON object per line.
//
//   {"item_id": "tt0114709", "title": "Toy Story", "released": "1995-11-22",
//    "maturity": 0, "language": "en", "franchise": "Toy Story",
//    "genres": ["Animation", "Comedy"],
//    "licences": [{"country": "DE", "start": "2026-01-01T00:00:00Z",
//                  "end": 1798761600}],
//    "attributes": {"studio": "x", "mood": ["warm"], "runtime_minutes": 81}}
//   {"user_id": "u1", "country": "DE", "language": "de", "maturity_limit": 12}
//
// Only the id is required. `released` is a day or a year from 1870 to 2100.
// Times are RFC 3339 or whole Unix seconds. An item without `licences` is
// licensed everywhere and always, one with an empty list nowhere. The country
// "*" is every country. `maturity` is the minimum age in years, 0 for everyone.
// An item without it is not shown to users with an age limit, unless the
// snapshot is built to give it an age. Whole numbers may end with ".0", as
// tables write them in a column with gaps.
//
// language, franchise and genres become the attributes "language", "franchise"
// and "genre". In `attributes`, strings and lists of strings become attributes
// of their name, and numbers become numbers. Unknown fields are errors, so that
// a misspelt "licenses" does not license an item everywhere. A field that an
// object has twice is an error too.
//
//   MARQUEE_RETURN_IF_ERROR(
//       ReadItems("items.jsonl", [&](ItemRecord item, uint64_t line) {
//         return writer.Add(item);
//       }));
#ifndef MARQUEE_OFFLINE_DATA_JSONL_H_
#define MARQUEE_OFFLINE_DATA_JSONL_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "core/catalog/records.h"

namespace marquee {

// Call `add` with each record and its line, in the order of the file. An error
// of `add` stops reading and is returned with its place in the file. Empty
// lines are skipped. Errors: those of InputFile::Open; DataLoss that names
// file, line and field (for JSON syntax, the column), and both lines for two
// records with one id.
absl::Status ReadItems(
    const std::string& path,
    const std::function<absl::Status(ItemRecord, uint64_t)>& add);
absl::Status ReadUsers(
    const std::string& path,
    const std::function<absl::Status(UserRecord, uint64_t)>& add);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_JSONL_H_
