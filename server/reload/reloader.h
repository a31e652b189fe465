// Brings versions of the snapshot into service: on request, or by looking at
// the directory.
#ifndef MARQUEE_SERVER_RELOAD_RELOADER_H_
#define MARQUEE_SERVER_RELOAD_RELOADER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "server/reload/published.h"
#include "server/reload/serving_snapshot.h"
#include "server/reload/steady_event.h"
#include "server/telemetry/event_log.h"
#include "server/telemetry/server_metrics.h"

namespace marquee {

struct ReloadOutcome {
  uint64_t previous_version = 0;  // 0: there was none
  uint64_t version = 0;
  absl::Duration duration;
};

// Thread-safe. One thread of its own loads, frees what retired, moves the
// snapshot's time on and measures its memory; it runs below the requests'
// priority after the first load.
class Reloader {
 public:
  struct Options {
    std::string snapshots;  // the directory with the versions
    // For the first load; 0: the newest that loads.
    uint64_t first_version = 0;
    // Looks for a newer version this often; zero: only on request.
    absl::Duration poll = absl::ZeroDuration();
    ServingSnapshot::Options serving;
    // How often time moves on and memory is measured, and how long a window of
    // what is served is.
    absl::Duration advance_every = absl::Minutes(1);
    absl::Duration window = absl::Minutes(5);
  };
  // Called on the reloader's thread.
  struct Events {
    // Once, when the first load ended, well or not.
    std::function<void(const absl::Status&)> first_load_ended;
    // After each version that was published; rollbacks excepted.
    std::function<void()> published;
  };

  // All arguments must outlive it.
  Reloader(const Options& options, const Clock& clock, Published& published,
           ServerMetrics& metrics, EventLog& log);
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;
  // Waits for a load that is under way.
  ~Reloader();

  // Begins the first load. Called once. Errors: those of StartThread.
  absl::Status Start(Events events);

  // Loads and publishes a version, 0: the newest; returns when it serves.
  // Errors: NotFound when there is no such version; FailedPrecondition when it
  // does not load, with why; Aborted when another load is under way.
  absl::StatusOr<ReloadOutcome> Reload(uint64_t version);

  // Asks for what Reload(0) does, and returns at once. The log says how it
  // went. Several requests before it begins are one.
  void ReloadSoon();

  // Publishes what was served before. FailedPrecondition when there is nothing.
  absl::StatusOr<ReloadOutcome> Rollback();

 private:
  struct Request {
    uint64_t version = 0;
    absl::StatusOr<ReloadOutcome> outcome = absl::UnknownError("not done");
    bool done = false;
  };

  void Run();
  void SetBusy(bool busy);
  void Tick();
  void Poll();
  absl::Status LoadFirst();
  std::filesystem::file_time_type ChangedAt(uint64_t version) const;
  bool IsServed(const Snapshot& served, uint64_t version) const;
  absl::StatusOr<ReloadOutcome> Load(uint64_t version);
  void MeasureMemory(ServingSnapshot& serving);
  absl::StatusOr<ReloadOutcome> LoadAndRecord(uint64_t version);
  void Record(uint64_t version, const absl::StatusOr<ReloadOutcome>& outcome,
              absl::Duration time);

  const Options options_;
  const Clock& clock_;
  Published& published_;
  ServerMetrics& metrics_;
  EventLog& log_;

  // Of the thread alone.
  Events events_;
  SteadyTime next_poll_;
  SteadyTime next_advance_;
  SteadyTime next_window_;
  // Versions that failed, with the state in which they did: polling tries them
  // again when they have changed.
  std::map<uint64_t, std::filesystem::file_time_type> failed_;
  uint64_t newest_served_ = 0;  // polling looks for newer ones only

  // Set when there is something to do before the next look.
  SteadyEvent wake_;

  absl::Mutex mu_;
  Request* pending_ ABSL_GUARDED_BY(mu_) = nullptr;
  bool busy_ ABSL_GUARDED_BY(mu_) = true;  // the first load, or polling
  bool newest_wanted_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;

  std::thread thread_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_RELOADER_H_
