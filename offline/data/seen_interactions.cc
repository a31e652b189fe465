#include "offline/data/seen_interactions.h"

#include <algorithm>
#include <span>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/checksum.h"

namespace marquee {

void SeenInteractions::Add(const InteractionView& row) {
  if (!(row.weight > 0)) return;
  ++rows;
  last = std::max(last, row.timestamp);
  const uint64_t fields[] = {Checksum64(row.user_id), Checksum64(row.item_id),
                             static_cast<uint64_t>(row.timestamp)};
  // A sum does not depend on the order of rows. With XOR, a row and its copy
  // would cancel each other.
  digest += Checksum64(std::as_bytes(std::span(fields)));
}

std::string SeenInteractions::Tell() const {
  return absl::StrCat(
      rows, " likes until ",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(last),
                       absl::UTCTimeZone()));
}

absl::Status CheckSameHistory(const std::optional<SeenInteractions>& vectors,
                              absl::string_view vectors_name,
                              const std::optional<SeenInteractions>& history,
                              absl::string_view history_name) {
  if (!vectors || !history || *vectors == *history) return absl::OkStatus();
  const absl::string_view fault =
      vectors->last > history->last
          ? "they may have seen the rows of the evaluation"
      : vectors->last < history->last || vectors->rows < history->rows
          ? "they do not know all of it"
          : "they are of other rows";
  return absl::FailedPreconditionError(
      absl::StrCat("the vectors of ", vectors_name, " know ", vectors->Tell(),
                   ", ", history_name, " has ", history->Tell(), ": ", fault,
                   "; train them on the same interactions, or insist with "
                   "--allow-other-history"));
}

}  // namespace marquee
