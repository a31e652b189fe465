#include "offline/cli/ranker_moments.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "offline/data/als_file.h"
#include "offline/formats/timestamp.h"
#include "offline/train/als_vectors.h"

namespace marquee {
namespace {

WantedEvents LabelEvents(const MomentOptions& options,
                         const std::optional<AlsFile>& als) {
  const auto& chosen =
      options.label_events.empty() ? options.events : options.label_events;
  const bool implied = als && chosen.empty();
  return {.names = implied ? als->events : chosen,
          .implied = implied,
          // Without --labels, the labels are in the history, and so are their
          // events.
          .option = options.labels.empty() && options.label_events.empty()
                        ? "--events"
                        : "--label-events"};
}

// Returns seconds.
absl::StatusOr<int64_t> StepOf(absl::string_view every) {
  constexpr int kMostSteps = 10000;
  const int64_t unit = absl::EndsWith(every, "d")   ? 24 * 60 * 60
                       : absl::EndsWith(every, "h") ? 60 * 60
                                                    : 0;
  int count = 0;
  if (unit == 0 ||
      !absl::SimpleAtoi(every.substr(0, every.size() - 1), &count) ||
      count < 1 || count > kMostSteps) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--every '", every, "': must be hours or days, such as 12h or 7d"));
  }
  return count * unit;
}

// Trains the vectors of an earlier moment as those of `als` were.
absl::Status TrainVectors(const MomentOptions& options, const AlsFile& als,
                          const RankerMoment& moment) {
  TrainAlsCall call{
      .interactions = absl::StrCat(options.data, "/interactions.csv"),
      .out = moment.embeddings,
      .events = als.events,
      .until = absl::StrCat(moment.until)};
  call.als.factors = static_cast<int>(*als.factors);
  call.als.iterations = static_cast<int>(*als.iterations);
  call.als.seed = *als.seed;
  call.als.alpha = als.parameters.alpha;
  call.als.regularization = als.parameters.regularization;
  return TrainAlsVectors(call).status();
}

absl::StatusOr<AlsFile> ReadRecipe(const MomentOptions& options) {
  const std::string path = absl::StrCat(options.embeddings, "/als.json");
  MARQUEE_ASSIGN_OR_RETURN(const auto als, ReadAlsFile(path));
  if (als && als->factors && als->iterations && als->seed) return *als;
  return absl::InvalidArgumentError(absl::StrCat(
      "--moments ", options.moments,
      " trains vectors of earlier moments as those of ", options.embeddings,
      " were, but ", path, als ? " does not say how" : " does not exist",
      ": give vectors of `marquee train als`, or --moments 1"));
}

}  // namespace

absl::StatusOr<RankerMoment> LatestMoment(const MomentOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(
      const auto als,
      ReadAlsFile(absl::StrCat(options.embeddings, "/als.json")));
  RankerMoment latest{.embeddings = options.embeddings,
                      .labels = options.labels,
                      .events = LabelEvents(options, als)};
  if (!options.labels.empty()) return latest;
  latest.labels = absl::StrCat(options.data, "/interactions.csv");
  const std::string until = als ? als->until : "";
  const std::string& moment =
      options.label_from.empty() ? until : options.label_from;
  if (moment.empty()) {
    return absl::InvalidArgumentError(
        "labels must be later than what the embeddings have seen: give "
        "--label-from MOMENT and "
        "embeddings of `marquee train als --until MOMENT`, or --labels FILE "
        "with later interactions");
  }
  MARQUEE_ASSIGN_OR_RETURN(latest.since,
                           ParseTimestamp("--label-from", moment));
  latest.until = latest.since;
  if (!until.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(const int64_t seen,
                             ParseTimestamp("until", until));
    if (seen > latest.since) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the embeddings of ", options.embeddings,
          " have seen interactions until ", until, ", later than --label-from ",
          moment, ": the labels would leak into them"));
    }
  } else {
    std::fprintf(stderr,
                 "marquee: %s does not say until when it was trained; it must "
                 "not have seen "
                 "interactions after %s\n",
                 options.embeddings.c_str(), moment.c_str());
  }
  return latest;
}

absl::StatusOr<std::vector<RankerMoment>> AllMoments(
    const MomentOptions& options, const RankerMoment& latest,
    const std::string& scratch) {
  MARQUEE_ASSIGN_OR_RETURN(const int64_t step, StepOf(options.every));
  std::vector<RankerMoment> moments = {latest};
  if (options.moments == 1) return moments;
  if (!options.labels.empty()) {
    return absl::InvalidArgumentError(
        "--moments and --labels: the labels of earlier moments are in --data, "
        "so those of the latest must be, too");
  }
  MARQUEE_ASSIGN_OR_RETURN(const AlsFile als, ReadRecipe(options));
  for (int i = 1; i < options.moments; ++i) {
    RankerMoment moment = moments.back();
    moment.end = moment.since;
    moment.since -= step;
    moment.until = moment.since;
    moment.embeddings = absl::StrCat(scratch, "/vectors-", i);
    MARQUEE_RETURN_IF_ERROR(TrainVectors(options, als, moment));
    moments.push_back(moment);
  }
  // The earliest first.
  std::reverse(moments.begin(), moments.end());
  return moments;
}

}  // namespace marquee
