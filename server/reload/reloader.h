// Brings versions of the snapshot into service: on request, or by polling the
// directory.
//
//   Reloader reloader(options, clock, published, metrics, log);
//   MARQUEE_RETURN_IF_ERROR(reloader.Start(events));
//   MARQUEE_ASSIGN_OR_RETURN(const ReloadOutcome outcome,
//                            reloader.Reload(/*version=*/0));
#ifndef MARQUEE_SERVER_RELOAD_RELOADER_H_
#define MARQUEE_SERVER_RELOAD_RELOADER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "server/reload/directory_poll.h"
#include "server/reload/operator_choice.h"
#include "server/reload/published.h"
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

// The words that are kept with a version that was rolled back from.
struct RollbackNote {
  std::string by;
  std::string why;
};

// Thread-safe. Its one thread loads, frees what retired, advances the
// snapshot's time and measures its memory. After the first load it runs below
// the requests' priority.
class Reloader {
 public:
  struct Options {
    std::string snapshots;  // the directory with the versions
    // The only version that is loaded without force; 0: the newest that loads
    // and is not blocked.
    uint64_t pinned_version = 0;
    // Identities of snapshots that are not loaded without force, in addition to
    // those that the directory's ledger blocks.
    std::vector<uint64_t> blocked;
    // The interval of polling for a newer version; zero: only on request.
    absl::Duration poll = absl::ZeroDuration();
    ServingSnapshot::Options serving;
    // `advance_every`: how often time advances and memory is measured.
    // `window`: the length of a window of the counts of served items.
    absl::Duration advance_every = absl::Minutes(1);
    absl::Duration window = absl::Minutes(5);
    // How often the thread checks whether something is due. Less: what is due
    // begins sooner, and an idle server wakes more often.
    absl::Duration tick = absl::Milliseconds(500);
  };
  // Called on the reloader's thread.
  struct Events {
    // Called once, when the first load ended, with its status.
    std::function<void(const absl::Status&)> first_load_ended;
    // Called after each version that was published, except by a rollback.
    std::function<void()> published;
    // Called after each poll of the directory; may be empty.
    std::function<void()> polled;
  };

  // All arguments must outlive it.
  Reloader(const Options& options, const Clock& clock, Published& published,
           ServerMetrics& metrics, EventLog& log);
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;
  // As StopWithin, with unlimited patience.
  ~Reloader();

  // Begins the first load. Must be called once. Errors: those of StartThread.
  absl::Status Start(Events events);

  // Loads nothing more. Waiting calls of Reload get an error.
  void BeginStop();
  // Calls BeginStop and waits for the current load, which stops as soon as it
  // can. Returns whether it has ended. It can not be interrupted while it reads
  // a large file again.
  bool StopWithin(absl::Duration patience);

  // Loads and publishes a version; 0: the pinned one, else the newest that is
  // not blocked. Returns when it serves. With `force` it loads a version that
  // is blocked or not pinned, and polling leaves it only for a newer one
  // (operator_choice.h). Errors: NotFound if there is no such version;
  // FailedPrecondition, with the reason, if it does not load or may not be
  // loaded; Aborted if another load is under way; Unavailable if the server
  // stops.
  absl::StatusOr<ReloadOutcome> Reload(uint64_t version, bool force = false);

  // Requests what Reload(0) does, and returns at once. The log has the outcome.
  // Several requests before it begins count as one.
  void ReloadSoon();

  // Publishes the snapshot that was served before, at once, and blocks the one
  // that it leaves: in the directory's ledger, or, if that can not be written,
  // in this process. Errors: FailedPrecondition if there is no previous one, or
  // it is blocked.
  absl::StatusOr<ReloadOutcome> Rollback(const RollbackNote& note = {});

  // Returns what is blocked for this server now. Errors: those of
  // VersionLedger::Read.
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

  bool LoadPolled(const VersionState& state, LoadCause cause);
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
  OperatorChoice choice_;
  // Ends the current load.
  std::stop_source stop_;

  // Used only by the thread.
  VersionHistory history_;
  VersionGate gate_;
  VersionLoader loader_;
  DirectoryPoll poll_;
  Events events_;
  SteadyTime next_poll_;
  SteadyTime next_advance_;
  SteadyTime next_window_;
  // Set if there is something to do before the next tick.
  SteadyEvent wake_;
  // Set when the thread ends.
  SteadyEvent ended_;

  mutable absl::Mutex mu_;
  // Shared with the caller that waits for it, which may give up.
  std::shared_ptr<Request> pending_ ABSL_GUARDED_BY(mu_);
  bool busy_ ABSL_GUARDED_BY(mu_) = true;  // a load
  bool newest_wanted_ ABSL_GUARDED_BY(mu_) = false;
  bool rolling_back_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;

  std::thread thread_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_RELOADER_H_
