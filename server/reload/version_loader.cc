#include "server/reload/version_loader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/acceptance/availability.h"
#include "core/base/status_macros.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

// A version that can show too little is tried again: licences open by the hour.
constexpr absl::Duration kAgain = absl::Minutes(10);

// Whether the ranker reads ranks of items, and if not, why it is slower.
absl::string_view RanksOfItems(const Ranker* ranker) {
  if (ranker == nullptr) return "none";
  if (ranker->ranks_items()) return "yes";
  return ranker->why_not_ranks();
}

}  // namespace

VersionName NameOf(const ServingSnapshot& serving) {
  return {.number = serving.snapshot().version(),
          .identity = serving.snapshot().manifest().identity()};
}

bool VersionLoader::HasFailed(const VersionState& version,
                              LoadCause cause) const {
  const auto failed = failed_.find(version.number);
  if (failed == failed_.end()) return false;
  const Failure& failure = failed->second;
  if (failure.less_than) {
    if (cause == LoadCause::kAway) return false;
    const Published::Handle served = published_.current();
    if (cause == LoadCause::kLeave && served != nullptr &&
        NameOf(*served).identity != *failure.less_than) {
      return false;
    }
  }
  return failure.fingerprint == version.fingerprint &&
         clock_.Steady() < failure.again;
}

// To publish it once more would free the version before it, and with it the way
// back.
bool VersionLoader::IsServed(const VersionState& version) const {
  const Published::Handle served = published_.current();
  if (served == nullptr || !version.identity) return false;
  const VersionName name = NameOf(*served);
  return name.number == version.number && name.identity == *version.identity;
}

absl::StatusOr<ReloadOutcome> VersionLoader::Load(uint64_t version,
                                                  LoadCause cause) {
  // Before it is read: a version that changes meanwhile is tried again.
  const VersionState state = ReadVersionState(snapshots_, version);
  if (IsServed(state)) {
    metrics_.Reloaded(ReloadResult::kOk, absl::ZeroDuration());
    log_.Info(
        "snapshot served already",
        {{"version", version}, {"identity", IdentityText(*state.identity)}});
    return ReloadOutcome{.previous_version = version,
                         .version = version,
                         .identity = *state.identity};
  }
  const SteadyTime began = clock_.Steady();
  Failure failure{.fingerprint = state.fingerprint};
  absl::StatusOr<ReloadOutcome> outcome = Publish(version, cause, failure);
  // It has no fault: its load is not needed any more.
  if (absl::IsCancelled(outcome.status())) return outcome;
  failure.why = std::string(outcome.status().message());
  if (failure.for_now) failure.again = clock_.Steady() + kAgain;
  Record(version, outcome, clock_.Steady() - began,
         /*tell=*/cause >= LoadCause::kAsked || !IsKnown(version, failure));
  if (outcome.ok()) {
    failed_.erase(version);
  } else {
    failed_[version] = std::move(failure);
  }
  return outcome;
}

// The counts of what it can show change all the time.
bool VersionLoader::IsKnown(uint64_t version, const Failure& failure) const {
  const auto failed = failed_.find(version);
  if (failed == failed_.end()) return false;
  if (failed->second.why == failure.why) return true;
  return failure.for_now && failed->second.for_now &&
         failure.fingerprint == failed->second.fingerprint;
}

AvailabilityReport VersionLoader::Judge(const Snapshot& snapshot) const {
  return JudgeAvailability(
      snapshot, MeasureAvailability(snapshot, ToCalendarSecond(clock_.Now()),
                                    kAvailabilityAhead));
}

// Whether a valid version shows enough to be served.
absl::Status VersionLoader::CheckAvailability(const Snapshot& snapshot,
                                              LoadCause cause,
                                              Failure& failure) {
  const AvailabilityReport report = Judge(snapshot);
  if (cause != LoadCause::kForced && report.all_empty_now) {
    return absl::FailedPreconditionError(absl::StrCat(
        "can show no user anything now: ",
        report.empty.empty() ? "" : report.empty.front(),
        "; Reload with force, or snapshot_version, loads it anyway"));
  }
  const Published::Handle served = published_.current();
  const bool compared = cause == LoadCause::kPoll ||
                        cause == LoadCause::kLeave ||
                        cause == LoadCause::kAsked;
  if (compared && served != nullptr) {
    const size_t before = Judge(served->snapshot()).median_now;
    if (ShowsLessThanHalf(report.median_now, before)) {
      failure.less_than = NameOf(*served).identity;
      return absl::FailedPreconditionError(absl::StrCat(
          TellLess(report.median_now, served->snapshot().version(), before),
          "; Reload with force confirms that it is meant"));
    }
  }
  const std::pair<absl::string_view, const std::vector<std::string>&> told[] = {
      {"users can be shown nothing", report.empty},
      {"users can be shown few items", report.few},
      {"users not looked at", report.left_out}};
  for (const auto& [event, who] : told) {
    if (who.empty()) continue;
    log_.Warning(event,
                 {{"version", snapshot.version()},
                  {"identity", IdentityText(snapshot.manifest().identity())},
                  {"who", absl::StrJoin(who, "; ")}});
  }
  return absl::OkStatus();
}

absl::StatusOr<ReloadOutcome> VersionLoader::Publish(uint64_t version,
                                                     LoadCause cause,
                                                     Failure& failure) {
  const SteadyTime began = clock_.Steady();
  const Published::Handle before = published_.current();
  absl::StatusOr<Published::Handle> loaded = ServingSnapshot::Load(
      VersionPath(snapshots_, version), options_, clock_, before.get());
  if (absl::IsCancelled(loaded.status())) return loaded.status();
  if (!loaded.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "version ", version, " does not load: ", loaded.status().message()));
  }
  const absl::Status shows =
      CheckAvailability((*loaded)->snapshot(), cause, failure);
  if (!shows.ok()) {
    failure.for_now = true;
    return absl::FailedPreconditionError(
        absl::StrCat("version ", version, " ", shows.message()));
  }
  const VersionName name = NameOf(**loaded);
  metrics_.Declare((*loaded)->snapshot().policy());
  MeasureMemory(**loaded);
  published_.Publish(*std::move(loaded));
  return ReloadOutcome{
      .previous_version = before == nullptr ? 0 : before->snapshot().version(),
      .version = name.number,
      .duration = clock_.Steady() - began,
      .identity = name.identity};
}

// A kernel without free huge pages gives small ones. The log line reports it.
void VersionLoader::MeasureMemory(ServingSnapshot& serving) {
  const uint64_t version = serving.snapshot().version();
  const absl::Status status = serving.MeasureSections();
  if (!status.ok()) {
    log_.Warning("memory can not be measured",
                 {{"version", version}, {"reason", status.message()}});
    return;
  }
  uint64_t mapped = 0;
  uint64_t copied = 0;
  uint64_t resident = 0;
  uint64_t huge = 0;
  for (const SectionMemory& section : serving.sections()) {
    (section.placement == Placement::kMapped ? mapped : copied) +=
        section.bytes;
    resident += section.residency.resident_bytes;
    huge += section.residency.huge_page_bytes;
  }
  log_.Info("snapshot in memory",
            {{"version", version},
             {"memory", PlacementName(options_.snapshot.hot_sections)},
             {"mapped_bytes", mapped},
             {"copied_bytes", copied},
             {"resident_bytes", resident},
             {"huge_page_bytes", huge}});
}

void VersionLoader::Record(uint64_t version,
                           const absl::StatusOr<ReloadOutcome>& outcome,
                           absl::Duration time, bool tell) {
  metrics_.Reloaded(outcome.ok() ? ReloadResult::kOk : ReloadResult::kFailed,
                    time);
  const Published::Handle current = published_.current();
  const uint64_t serving =
      current == nullptr ? 0 : current->snapshot().version();
  if (!outcome.ok()) {
    if (!tell) return;
    log_.Error("snapshot refused", {{"version", version},
                                    {"reason", outcome.status().message()},
                                    {"still_serving", serving}});
    return;
  }
  // The plain engine, which serves if there are no ranks, is many times slower.
  const Ranker* const ranker = current->snapshot().ranker();
  log_.Info("snapshot published",
            {{"version", outcome->version},
             {"identity", IdentityText(outcome->identity)},
             {"previous_version", outcome->previous_version},
             {"digest", current->snapshot().digest()},
             {"items", current->snapshot().catalog().size()},
             {"users", current->snapshot().users().size()},
             {"retrieval", current->pipeline().planner().plan().ToString()},
             {"ranker", ranker != nullptr ? ranker->engine() : "none"},
             {"ranks_of_items", RanksOfItems(ranker)},
             {"seconds", absl::ToDoubleSeconds(time)}});
}

}  // namespace marquee
