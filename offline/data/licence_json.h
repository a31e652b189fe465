// Parses the field `licences` of an item (see jsonl.h for the format).
#ifndef MARQUEE_OFFLINE_DATA_LICENCE_JSON_H_
#define MARQUEE_OFFLINE_DATA_LICENCE_JSON_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/records.h"
#include "nlohmann/json_fwd.hpp"

namespace marquee {

// Absent if the item has no such field. Errors: DataLoss that names the field
// and says what would be right. This includes an end before 1990 and a number
// that looks like days, hours or minutes: a window in 1970 would silently hide
// an item. A start of long ago is lawful.
absl::StatusOr<std::optional<std::vector<LicenceWindow>>> LicencesField(
    const nlohmann::json& item);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_LICENCE_JSON_H_
