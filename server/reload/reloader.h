// Brings versions of the snapshot into service: on request, or by looking at
// the directory.
#ifndef MARQUEE_SERVER_RELOAD_RELOADER_H_
#define MARQUEE_SERVER_RELOAD_RELOADER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "server/reload/published.h"
#include "server/reload/reported_faults.h"
#include "server/reload/serving_snapshot.h"
#include "server/reload/steady_event.h"
#include "server/reload/version_blocks.h"
#include "server/reload/version_choice.h"
#include "server/reload/version_gate.h"
#include "server/reload/version_loader.h"
#include "server/reload/version_state.h"
#include "server/telemetry/event_log.h"
#include "server/telemetry/server_metrics.h"

namespace marquee {

// What is kept with a version that was rolled back from.
struct RollbackNote {
  std::string by;
  std::string why;
};

// Thread-safe. One thread of its own loads, frees what retired, moves the
// snapshot's time on and measures its memory; it runs below the requests'
// priority after the first load.
class Reloader {
 public:
  struct Options {
    std::string snapshots;  // the directory with the versions
    // The only version that is taken without force; 0: the newest that loads
    // and is not blocked.
    uint64_t pinned_version = 0;
    // Identities of snapshots that are not taken without force, beside those
    // that the directory's ledger blocks.
    std::vector<uint64_t> blocked;
    // Looks for a newer version this often; zero: only on request.
    absl::Duration poll = absl::ZeroDuration();
    ServingSnapshot::Options serving;
    // How often time moves on and memory is measured, and how long a window of
    // what is served is.
    absl::Duration advance_every = absl::Minutes(1);
    absl::Duration window = absl::Minutes(5);
    // How often the thread looks whether something is due. Less: what is due
    // begins sooner, and an idle server wakes more often.
    absl::Duration tick = absl::Milliseconds(500);
  };
  // Called on the reloader's thread.
  struct Events {
    // Once, when the first load ended, well or not.
    std::function<void(const absl::Status&)> first_load_ended;
    // After each version that was published; rollbacks excepted.
    std::function<void()> published;
    // After each look at the directory; may be empty.
    std::function<void()> polled;
  };

  // All arguments must outlive it.
  Reloader(const Options& options, const Clock& clock, Published& published,
           ServerMetrics& metrics, EventLog& log);
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;
  // As StopWithin, without end.
  ~Reloader();

  // Begins the first load. Called once. Errors: those of StartThread.
  absl::Status Start(Events events);

  // Loads nothing more; whoever waits for a load is told so.
  void BeginStop();
  // BeginStop, and waits for the load that is under way, which gives up as soon
  // as it can. Returns whether it has ended: reading a large file again is not
  // interrupted.
  bool StopWithin(absl::Duration patience);

  // Loads and publishes a version; 0: the pinned one, else the newest that is
  // not blocked. Returns when it serves. `force` takes one that is blocked or
  // not the pinned one, and polling does not leave it. Errors: NotFound when
  // there is no such version; FailedPrecondition when it does not load or may
  // not be taken, with why; Aborted when another load is under way; Unavailable
  // when the server stops.
  absl::StatusOr<ReloadOutcome> Reload(uint64_t version, bool force = false);

  // Asks for what Reload(0) does, and returns at once. The log says how it
  // went. Several requests before it begins are one.
  void ReloadSoon();

  // Publishes what was served before, at once, and blocks what is left: in the
  // directory's ledger, and where that can not be written in this process.
  // FailedPrecondition when there is nothing, or it is blocked.
  absl::StatusOr<ReloadOutcome> Rollback(const RollbackNote& note = {});

  // What is blocked for this server now. Errors: those of VersionLedger::Read.
  absl::StatusOr<BlockedNow> ReadBlocked() const { return blocks_.Read(); }

 private:
  struct Request {
    uint64_t version = 0;
    bool force = false;
    absl::StatusOr<ReloadOutcome> outcome = absl::UnknownError("not done");
    bool done = false;
  };

  void Run();
  void SetBusy(bool busy);
  void Tick();

  void Poll();
  bool TryPolled(uint64_t version, const BlockedNow& blocked, bool leave,
                 LoadCause cause);
  void SeeWhatServes();
  bool MustLeave(const BlockedNow& blocked);
  bool GoBack();
  bool IsForced(const VersionName& version) const;
  bool StaysBesideThePin() const;
  std::string HowLongItStays(uint64_t version, bool force);
  void TellAbsence(const std::vector<uint64_t>& versions);

  absl::Status LoadFirst();
  absl::StatusOr<ReloadOutcome> LoadAsked(uint64_t version, bool force);
  absl::StatusOr<ReloadOutcome> LoadAndTell(uint64_t version, LoadCause cause);

  absl::Status BeginRollback();
  absl::Status CheckPrevious() const;
  void Keep(const VersionName& left, const RollbackNote& note,
            ReloadOutcome& outcome);

  const Options options_;
  const Clock& clock_;
  Published& published_;
  ServerMetrics& metrics_;
  EventLog& log_;
  VersionBlocks blocks_;
  // Ends a load that is under way.
  std::stop_source stop_;

  // Of the thread alone.
  VersionHistory history_;
  VersionGate gate_;
  ReportedFaults reported_;
  VersionLoader loader_;
  Events events_;
  SteadyTime next_poll_;
  SteadyTime next_advance_;
  SteadyTime next_window_;
  // Set when there is something to do before the next look.
  SteadyEvent wake_;
  // Set when the thread ends.
  SteadyEvent ended_;

  mutable absl::Mutex mu_;
  // What somebody insisted on, blocked or not.
  std::optional<uint64_t> forced_ ABSL_GUARDED_BY(mu_);
  // Shared with whoever waits for it, who may give up.
  std::shared_ptr<Request> pending_ ABSL_GUARDED_BY(mu_);
  bool busy_ ABSL_GUARDED_BY(mu_) = true;  // a load
  bool newest_wanted_ ABSL_GUARDED_BY(mu_) = false;
  bool rolling_back_ ABSL_GUARDED_BY(mu_) = false;
  bool went_back_ ABSL_GUARDED_BY(mu_) = false;  // since the last look
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;

  std::thread thread_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_RELOADER_H_
