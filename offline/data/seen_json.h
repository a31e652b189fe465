// SeenInteractions as JSON: {"rows": …, "last": …, "digest": …}.
#ifndef MARQUEE_OFFLINE_DATA_SEEN_JSON_H_
#define MARQUEE_OFFLINE_DATA_SEEN_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "offline/data/seen_interactions.h"

namespace marquee {

nlohmann::ordered_json SeenAsJson(const SeenInteractions& seen);

// `name` is for the error, DataLoss.
absl::StatusOr<SeenInteractions> SeenFromJson(const nlohmann::json& seen,
                                              absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_SEEN_JSON_H_
