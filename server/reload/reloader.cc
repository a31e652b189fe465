#include "server/reload/reloader.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "server/telemetry/thread_priority.h"

namespace marquee {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(500);

// Whether the ranker reads ranks of titles, and if not, why it is slower.
absl::string_view RanksOfTitles(const Ranker* ranker) {
  if (ranker == nullptr) return "none";
  if (ranker->ranks_titles()) return "yes";
  return ranker->why_not_ranks();
}

}  // namespace

Reloader::Reloader(const Options& options, const Clock& clock,
                   Published& published, ServerMetrics& metrics, EventLog& log)
    : options_(options),
      clock_(clock),
      published_(published),
      metrics_(metrics),
      log_(log),
      next_poll_(clock.Steady() + options.poll),
      next_advance_(clock.Steady() + options.advance_every),
      next_window_(clock.Steady() + options.window) {}

Reloader::~Reloader() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  wake_.Set();
  if (thread_.joinable()) thread_.join();
  published_.FreeRetired();
}

absl::Status Reloader::Start(Events events) {
  events_ = std::move(events);
  MARQUEE_ASSIGN_OR_RETURN(thread_,
                           StartThread("the loader", [this] { Run(); }));
  return absl::OkStatus();
}

absl::StatusOr<ReloadOutcome> Reloader::Reload(uint64_t version) {
  Request request{.version = version};
  absl::MutexLock lock(&mu_);
  if (busy_ || pending_ != nullptr) {
    return absl::AbortedError("another load is under way");
  }
  if (stopping_) return absl::UnavailableError("the server is stopping");
  pending_ = &request;
  wake_.Set();
  mu_.Await(absl::Condition(&request.done));
  return request.outcome;
}

void Reloader::ReloadSoon() {
  {
    absl::MutexLock lock(&mu_);
    newest_wanted_ = true;
  }
  wake_.Set();
}

absl::StatusOr<ReloadOutcome> Reloader::Rollback() {
  absl::MutexLock lock(&mu_);
  if (busy_ || pending_ != nullptr) {
    return absl::AbortedError("another load is under way");
  }
  const SteadyTime began = clock_.Steady();
  if (!published_.RollBack()) {
    const Published::Handle left = published_.previous();
    if (left == nullptr) {
      return absl::FailedPreconditionError(
          "there is no version in memory that was served before");
    }
    const uint64_t version = left->snapshot().version();
    return absl::FailedPreconditionError(absl::StrCat(
        "version ", version, " was rolled back from already; Reload with ",
        "version: ", version, " serves it again"));
  }
  const Published::Handle current = published_.current();
  metrics_.Declare(current->snapshot().policy());
  ReloadOutcome outcome{
      .previous_version = published_.previous()->snapshot().version(),
      .version = current->snapshot().version(),
      .duration = clock_.Steady() - began};
  metrics_.Reloaded(ReloadResult::kRolledBack, outcome.duration);
  log_.Warning("rolled back", {{"version", outcome.version},
                               {"previous_version", outcome.previous_version}});
  return outcome;
}

void Reloader::Run() {
  const absl::Status first = LoadFirst();
  // Before anybody hears that it ended: the next reload may come at once.
  SetBusy(false);
  events_.first_load_ended(first);
  LowerThreadPriority();
  for (;;) {
    wake_.WaitFor(kTick);
    Request* request = nullptr;
    bool newest = false;
    {
      absl::MutexLock lock(&mu_);
      if (stopping_ && pending_ == nullptr) return;
      request = pending_;
      newest = std::exchange(newest_wanted_, false);
      if (request == nullptr) busy_ = newest;
    }
    if (request != nullptr) {
      absl::StatusOr<ReloadOutcome> outcome = LoadAndRecord(request->version);
      // Whoever waits may ask for the next as soon as this is done.
      absl::MutexLock lock(&mu_);
      request->outcome = std::move(outcome);
      request->done = true;
      pending_ = nullptr;
    }
    if (newest) LoadAndRecord(0).IgnoreError();  // the log has it
    SetBusy(false);
    Tick();
  }
}

void Reloader::SetBusy(bool busy) {
  absl::MutexLock lock(&mu_);
  busy_ = busy;
}

void Reloader::Tick() {
  published_.FreeRetired();
  const SteadyTime now = clock_.Steady();
  const Published::Handle current = published_.current();
  if (current != nullptr && now >= next_advance_) {
    current->AdvanceTime();
    // A failure was logged when it was loaded.
    current->MeasureSections().IgnoreError();
    next_advance_ = now + options_.advance_every;
  }
  if (current != nullptr && now >= next_window_) {
    current->served().Rotate();
    next_window_ = now + options_.window;
  }
  if (options_.poll > absl::ZeroDuration() && now >= next_poll_) {
    SetBusy(true);
    Poll();
    SetBusy(false);
    next_poll_ = clock_.Steady() + options_.poll;
  }
}

// Only what is newer than everything that was served: a version that somebody
// rolled back from does not come back by itself, and one that failed only when
// its directory has changed, as while it is being copied.
void Reloader::Poll() {
  const absl::StatusOr<std::vector<uint64_t>> versions =
      ListVersions(options_.snapshots);
  if (!versions.ok()) {
    log_.Error("snapshots can not be listed",
               {{"reason", versions.status().message()}});
    return;
  }
  for (const uint64_t version : *versions) {
    if (version <= newest_served_ && published_.current() != nullptr) return;
    const auto failed = failed_.find(version);
    if (failed != failed_.end() && failed->second == ChangedAt(version)) {
      continue;
    }
    if (LoadAndRecord(version).ok()) return;
  }
}

absl::Status Reloader::LoadFirst() {
  if (options_.first_version != 0) {
    return LoadAndRecord(options_.first_version).status();
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(options_.snapshots));
  absl::Status first_fault = absl::NotFoundError(absl::StrCat(
      options_.snapshots, ": holds no snapshot (`marquee build` writes one)"));
  for (const uint64_t version : versions) {
    const absl::Status status = LoadAndRecord(version).status();
    if (status.ok()) return status;
    if (version == versions.front()) first_fault = status;
  }
  return first_fault;
}

std::filesystem::file_time_type Reloader::ChangedAt(uint64_t version) const {
  std::error_code ignored;
  return std::filesystem::last_write_time(
      VersionPath(options_.snapshots, version), ignored);
}

// Publishing it once more would push the version before it out of memory, and
// with it the way back.
bool Reloader::IsServed(const Snapshot& served, uint64_t version) const {
  if (served.version() != version) return false;
  const auto manifest = ReadManifest(VersionPath(options_.snapshots, version));
  return manifest.ok() && manifest->identity() == served.manifest().identity();
}

absl::StatusOr<ReloadOutcome> Reloader::Load(uint64_t version) {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(options_.snapshots));
  if (version == 0 && !versions.empty()) version = versions.front();
  if (std::find(versions.begin(), versions.end(), version) == versions.end()) {
    return absl::NotFoundError(
        absl::StrCat(options_.snapshots, ": has no version ", version));
  }
  if (const Published::Handle served = published_.current();
      served != nullptr && IsServed(served->snapshot(), version)) {
    return ReloadOutcome{.previous_version = version, .version = version};
  }
  const auto changed = ChangedAt(version);
  const SteadyTime began = clock_.Steady();
  absl::StatusOr<Published::Handle> loaded = ServingSnapshot::Load(
      VersionPath(options_.snapshots, version), options_.serving, clock_);
  if (!loaded.ok()) {
    failed_[version] = changed;
    return absl::FailedPreconditionError(absl::StrCat(
        "version ", version, " does not load: ", loaded.status().message()));
  }
  failed_.erase(version);
  newest_served_ = std::max(newest_served_, version);
  const Published::Handle before = published_.current();
  metrics_.Declare((*loaded)->snapshot().policy());
  MeasureMemory(**loaded);
  published_.Publish(*std::move(loaded));
  return ReloadOutcome{
      .previous_version = before == nullptr ? 0 : before->snapshot().version(),
      .version = version,
      .duration = clock_.Steady() - began};
}

// A kernel that has no huge pages left gives small ones: the line says so.
void Reloader::MeasureMemory(ServingSnapshot& serving) {
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
             {"memory", PlacementName(options_.serving.snapshot.hot_sections)},
             {"mapped_bytes", mapped},
             {"copied_bytes", copied},
             {"resident_bytes", resident},
             {"huge_page_bytes", huge}});
}

absl::StatusOr<ReloadOutcome> Reloader::LoadAndRecord(uint64_t version) {
  const SteadyTime began = clock_.Steady();
  absl::StatusOr<ReloadOutcome> outcome = Load(version);
  Record(version, outcome, clock_.Steady() - began);
  if (outcome.ok()) events_.published();
  return outcome;
}

void Reloader::Record(uint64_t version,
                      const absl::StatusOr<ReloadOutcome>& outcome,
                      absl::Duration time) {
  metrics_.Reloaded(outcome.ok() ? ReloadResult::kOk : ReloadResult::kFailed,
                    time);
  const Published::Handle current = published_.current();
  const uint64_t serving =
      current == nullptr ? 0 : current->snapshot().version();
  if (!outcome.ok()) {
    log_.Error("snapshot refused", {{"version", version},
                                    {"reason", outcome.status().message()},
                                    {"still_serving", serving}});
    return;
  }
  // The plain engine, where it must serve, is many times slower.
  const Ranker* const ranker = current->snapshot().ranker();
  log_.Info("snapshot published",
            {{"version", outcome->version},
             {"previous_version", outcome->previous_version},
             {"digest", current->snapshot().digest()},
             {"titles", current->snapshot().catalog().size()},
             {"users", current->snapshot().users().size()},
             {"retrieval", current->pipeline().planner().plan().ToString()},
             {"ranker", ranker != nullptr ? ranker->engine() : "none"},
             {"ranks_of_titles", RanksOfTitles(ranker)},
             {"seconds", absl::ToDoubleSeconds(time)}});
}

}  // namespace marquee
