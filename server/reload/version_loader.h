// Loads one version of the directory and puts it into service.
#ifndef MARQUEE_SERVER_RELOAD_VERSION_LOADER_H_
#define MARQUEE_SERVER_RELOAD_VERSION_LOADER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/acceptance/availability_report.h"
#include "core/base/clock.h"
#include "server/reload/published.h"
#include "server/reload/serving_snapshot.h"
#include "server/reload/version_state.h"
#include "server/telemetry/event_log.h"
#include "server/telemetry/server_metrics.h"

namespace marquee {

struct ReloadOutcome {
  uint64_t previous_version = 0;  // 0: there was none
  uint64_t version = 0;
  absl::Duration duration;
  uint64_t identity = 0;  // of the served snapshot
  // After a rollback: whether the version that was left is blocked for all
  // servers. If not, `note` says why and what would block it. After a load of a
  // version that is not the newest, `note` says how long it stays.
  bool persisted = false;
  std::string note;
};

// The cause of a load. It decides what may keep the version out.
enum class LoadCause : uint8_t {
  kStart,
  kPoll,
  kLeave,  // polling, from a version that is blocked
  kAway,   // the same, to any other version
  kAsked,
  kForced
};

// Returns the name of the served snapshot.
VersionName NameOf(const ServingSnapshot& serving);

// Externally synchronised: for the reloader's thread.
class VersionLoader {
 public:
  // All references must outlive it.
  VersionLoader(std::string snapshots, const ServingSnapshot::Options& options,
                const Clock& clock, Published& published,
                ServerMetrics& metrics, EventLog& log)
      : snapshots_(std::move(snapshots)),
        options_(options),
        clock_(clock),
        published_(published),
        metrics_(metrics),
        log_(log) {}

  // Verifies, warms and publishes the version, and logs the outcome. A fault
  // that polling finds unchanged is not logged again. Does nothing if the same
  // snapshot is served already. Errors: FailedPrecondition, with the reason.
  absl::StatusOr<ReloadOutcome> Load(uint64_t version, LoadCause cause);

  // Whether the version failed to load and nothing suggests another outcome: it
  // has not changed since, and too little time has passed for it to have more
  // to show. A version that shows less than half of another is not a failure
  // for kAway, nor for kLeave if another version serves.
  bool HasFailed(const VersionState& version, LoadCause cause) const;

 private:
  struct Failure {
    uint64_t fingerprint = 0;
    std::string why;
    // It is valid but shows too little now; it may show more later.
    bool for_now = false;
    // It shows less than half of what the snapshot with this identity shows.
    std::optional<uint64_t> less_than;
    SteadyTime again = SteadyTime::InfiniteFuture();
  };

  absl::StatusOr<ReloadOutcome> Publish(uint64_t version, LoadCause cause,
                                        Failure& failure);
  bool IsKnown(uint64_t version, const Failure& failure) const;
  bool IsServed(const VersionState& version) const;
  AvailabilityReport Judge(const Snapshot& snapshot) const;
  absl::Status CheckAvailability(const Snapshot& snapshot, LoadCause cause,
                                 Failure& failure);
  void MeasureMemory(ServingSnapshot& serving);
  void Record(uint64_t version, const absl::StatusOr<ReloadOutcome>& outcome,
              absl::Duration time, bool tell);

  const std::string snapshots_;
  const ServingSnapshot::Options options_;
  const Clock& clock_;
  Published& published_;
  ServerMetrics& metrics_;
  EventLog& log_;
  std::map<uint64_t, Failure> failed_;  // by number
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_VERSION_LOADER_H_
