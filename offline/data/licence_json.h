// The field `licences` of a title (see jsonl.h for the format).
#ifndef MARQUEE_OFFLINE_DATA_LICENCE_JSON_H_
#define MARQUEE_OFFLINE_DATA_LICENCE_JSON_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/records.h"
#include "nlohmann/json_fwd.hpp"

namespace marquee {

// Absent when the title has no such field. Errors: DataLoss that names the
// field and what would be right; also for an end before 1990, and for a number
// that looks like days, hours or minutes, since a window of 1970 hides a title
// in silence. A start of long ago is lawful.
absl::StatusOr<std::optional<std::vector<LicenceWindow>>> LicencesField(
    const nlohmann::json& title);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_LICENCE_JSON_H_
