#include "offline/build/snapshot_seal.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "core/acceptance/availability.h"
#include "core/acceptance/availability_report.h"
#include "core/acceptance/golden.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "core/base/version.h"
#include "core/files/atomic_file.h"
#include "core/pipeline/pipeline.h"
#include "core/rerank/policy_check.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

// Each start counts a whole catalogue, so there is a limit.
constexpr size_t kMostStarts = 20;

void Describe(const Snapshot& snapshot, BuildSummary& summary) {
  const config::Manifest& manifest = snapshot.manifest();
  summary.items = manifest.items();
  summary.items_with_vector = manifest.items_with_vector();
  const Catalog& catalog = snapshot.catalog();
  summary.unrated_is = catalog.unrated_is();
  for (uint32_t row = 0; row < catalog.size(); ++row) {
    summary.unrated_items += catalog.IsRated(ItemRow{row}) ? 0 : 1;
  }
  summary.users = manifest.users();
  summary.users_with_vector = manifest.users_with_vector();
  for (const auto& engine : manifest.engines()) {
    summary.engines.push_back({engine.name(), engine.recall()});
  }
  summary.bytes = snapshot.size_bytes();
  summary.trees = snapshot.ranker() ? snapshot.ranker()->trees() : 0;
  summary.ranker_vectors = snapshot.manifest().ranker_model().vectors();
  const Policy& policy = snapshot.policy();
  summary.rules = policy.blocks.size() + policy.boosts.size() +
                  policy.freshness.size() + policy.caps.size() +
                  policy.pins.size() + policy.sources.size() +
                  (policy.diversity_strength > 0 ? 1 : 0);
}

// Warns of rules that are lawful but hardly ever meant.
void WarnOfRules(const BuildOptions& options, const Snapshot& snapshot,
                 absl::Time now, BuildSummary& summary) {
  if (!options.policy.empty() && summary.rules == 0) {
    summary.warnings.push_back(absl::StrCat(options.policy, ": has no rules"));
  }
  const auto warn = [&](const std::vector<PolicyFault>& faults) {
    for (const PolicyFault& fault : faults) {
      summary.warnings.push_back(
          absl::StrCat(options.policy.empty() ? "policy" : options.policy, ":",
                       fault.line, ": ", fault.what));
    }
  };
  warn(FindEnded(snapshot.policy(), ToCalendarSecond(now)));
  warn(FindUnknownCodes(snapshot.policy()));
  warn(FindUnfillable(snapshot.policy(), snapshot.catalog()));
}

absl::Status CheckAvailability(const BuildOptions& options,
                               const Snapshot& snapshot, absl::Time now,
                               BuildSummary& summary) {
  const AvailabilityReport report = JudgeAvailability(
      snapshot,
      MeasureAvailability(snapshot, ToCalendarSecond(now), kAvailabilityAhead));
  if (!report.empty.empty() && !options.allow_empty) {
    return absl::FailedPreconditionError(absl::StrCat(
        absl::StrJoin(report.empty, "\n"), "\n--allow-empty builds it anyway",
        summary.unrated_items > 0 && !summary.unrated_is && options.from.empty()
            ? absl::StrCat("; --unrated-is N gives the age N to the ",
                           summary.unrated_items,
                           " items without an age rating")
            : ""));
  }
  if (report.all_empty_now) {
    summary.warnings.push_back(
        "no user can be shown anything now; a server loads it only by "
        "snapshot_version or Reload with force");
  }
  for (const auto* const lines : {&report.empty, &report.empty_unexpected,
                                  &report.few, &report.left_out}) {
    for (const std::string& line : *lines) {
      if (std::find(summary.warnings.begin(), summary.warnings.end(), line) ==
          summary.warnings.end()) {
        summary.warnings.push_back(line);
      }
    }
  }
  return absl::OkStatus();
}

// A policy is written weeks ahead. Checks which users later blocks leave with
// nothing, beyond the time that CheckAvailability covers.
absl::Status CheckLaterBlocks(const BuildOptions& options,
                              const Snapshot& snapshot, absl::Time today,
                              BuildSummary& summary) {
  const absl::Time looked_at = today + kAvailabilityAhead;
  std::set<CalendarSecond> starts;
  for (const BlockRule& block : snapshot.policy().blocks) {
    if (block.start > ToCalendarSecond(looked_at)) {
      starts.insert(block.start);
    }
  }
  if (starts.size() > kMostStarts) {
    summary.warnings.push_back(absl::StrCat(
        "the last ", starts.size() - kMostStarts, " of ", starts.size(),
        " moments at which blocks begin were not checked; the blocks may leave "
        "some users nothing"));
    starts.erase(std::next(starts.begin(), kMostStarts), starts.end());
  }
  std::vector<std::string> empty;
  for (const CalendarSecond start : starts) {
    // From the second before: only kinds that have something then, and nothing
    // at the start, are left to judge.
    std::vector<Availability> emptied =
        MeasureAvailability(snapshot, start - 1, absl::Seconds(1));
    std::erase_if(emptied, [](const Availability& kind) {
      return kind.now == 0 || kind.least > 0;
    });
    const AvailabilityReport report = JudgeAvailability(snapshot, emptied);
    empty.insert(empty.end(), report.empty.begin(), report.empty.end());
  }
  if (empty.empty() || options.allow_empty) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      absl::StrJoin(empty, "\n"), "\n--allow-empty builds it anyway"));
}

// Warns if servers that serve the newest version would not take this one.
// Otherwise they would refuse it night after night, and the builder would not
// know.
void CompareWithNewest(const BuildOptions& options, const Snapshot& snapshot,
                       absl::Time now, BuildSummary& summary) {
  const absl::StatusOr<std::string> newest = ResolveVersion(options.snapshots);
  if (!newest.ok()) return;
  const auto before = Snapshot::Load(*newest, {}, &snapshot);
  if (!before.ok()) {
    summary.warnings.push_back(absl::StrCat(
        "nothing is compared with ", *newest, ": ", before.status().message()));
    return;
  }
  const auto median = [now](const Snapshot& of) {
    return JudgeAvailability(of, MeasureAvailability(of, ToCalendarSecond(now),
                                                     absl::ZeroDuration()))
        .median_now;
  };
  const size_t shown = median(snapshot);
  const size_t shown_before = median(**before);
  if (!ShowsLessThanHalf(shown, shown_before)) return;
  summary.warnings.push_back(absl::StrCat(
      "the new version ", TellLess(shown, (*before)->version(), shown_before),
      "; a server that serves that version loads the new one only with force, "
      "a server that starts loads it without"));
}

}  // namespace

absl::Status WritePolicySection(const std::string& path, SnapshotWriter& out) {
  std::string text;
  if (!path.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(text, ReadFile(path));
  }
  return out.WriteSection("policy", [&](ArrayFileWriter& section) {
    section.AddText("policy", text);
    return absl::OkStatus();
  });
}

absl::Status NameTheSources(const absl::Status& status,
                            const BuildOptions& options,
                            const SnapshotWriter& out) {
  std::string message(status.message());
  const auto replace = [&](absl::string_view part, const std::string& path) {
    if (path.empty()) return;
    message =
        absl::StrReplaceAll(message, {{absl::StrCat(out.path(), part), path}});
  };
  replace("/policy", options.policy);
  replace("/ranker", options.ranker);
  // All other sections are those of the other version.
  replace("", options.from);
  return absl::FailedPreconditionError(message);
}

absl::Status SealSnapshot(const BuildOptions& options, SnapshotWriter& out,
                          BuildSummary& summary) {
  out.manifest().set_created_unix_seconds(absl::ToUnixSeconds(absl::Now()));
  out.manifest().set_builder(absl::StrCat("marquee ", Version()));
  MARQUEE_RETURN_IF_ERROR(out.WriteManifest());
  auto loaded = Snapshot::Load(out.path(), {.threads = ThreadCount(0)});
  if (!loaded.ok()) return NameTheSources(loaded.status(), options, out);
  const Snapshot& snapshot = **loaded;
  const absl::Time now = options.now.value_or(absl::Now());
  Describe(snapshot, summary);
  WarnOfRules(options, snapshot, now, summary);
  MARQUEE_RETURN_IF_ERROR(CheckAvailability(options, snapshot, now, summary));
  // Whatever the moment of the golden requests, users see the snapshot from
  // today on.
  const absl::Time today = absl::Now();
  if (options.now) {
    MARQUEE_RETURN_IF_ERROR(
        CheckAvailability(options, snapshot, today, summary));
  }
  MARQUEE_RETURN_IF_ERROR(CheckLaterBlocks(options, snapshot, today, summary));
  CompareWithNewest(options, snapshot, today, summary);
  const FakeClock clock(now);
  const Pipeline pipeline(snapshot, {}, clock);
  MARQUEE_RETURN_IF_ERROR(
      AddGolden(pipeline, now, options.golden_requests, out.manifest()));
  // Again, with fresh working memory: answers that differ from one run to the
  // next would be refused by every server.
  return CheckGolden(pipeline, out.manifest());
}

absl::StatusOr<BuildSummary> PublishSnapshot(const BuildOptions& options,
                                             SnapshotWriter& out,
                                             BuildSummary summary) {
  MARQUEE_ASSIGN_OR_RETURN(summary.version, out.Publish());
  summary.path = absl::StrCat(options.snapshots, "/", summary.version);
  return summary;
}

}  // namespace marquee
