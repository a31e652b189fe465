// The moments of the past at which a ranker learns: what was known, and what
// users liked next.
#ifndef MARQUEE_OFFLINE_CLI_RANKER_MOMENTS_H_
#define MARQUEE_OFFLINE_CLI_RANKER_MOMENTS_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "offline/data/event_filter.h"

namespace marquee {

struct RankerMoment {
  std::string embeddings;  // directory
  // The history is before this moment, in Unix seconds.
  int64_t until = std::numeric_limits<int64_t>::max();
  // The labels are in the CSV file `labels`, from `since` until before `end`.
  std::string labels;
  int64_t since = 0;
  int64_t end = std::numeric_limits<int64_t>::max();
  WantedEvents events;
};

// The options of `marquee train ranker` that decide the moments.
struct MomentOptions {
  std::string data, embeddings, labels, label_from;
  std::vector<std::string> events, label_events;
  int moments = 1;
  std::string every = "7d";  // hours or days: "12h", "7d"
};

// Returns the latest moment: of the embeddings, or of --label-from. Errors:
// InvalidArgument if no option says when; FailedPrecondition if the embeddings
// have seen labels.
absl::StatusOr<RankerMoment> LatestMoment(const MomentOptions& options);

// Returns `latest`, and the moments before it in steps of options.every; the
// labels of each end where those of the next begin. Trains the vectors of an
// earlier moment as those of the latest were, into a folder of `scratch`.
// Errors: InvalidArgument if the vectors are not of `marquee train als`, or for
// options that do not go together.
absl::StatusOr<std::vector<RankerMoment>> AllMoments(
    const MomentOptions& options, const RankerMoment& latest,
    const std::string& scratch);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_RANKER_MOMENTS_H_
