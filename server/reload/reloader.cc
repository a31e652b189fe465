// Longer than most: loads and rollbacks exclude each other by the same flags
// under one lock, and are easier to check side by side.
#include "server/reload/reloader.h"

#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"

namespace marquee {
namespace {

ServingSnapshot::Options StoppedBy(ServingSnapshot::Options options,
                                   std::stop_token stop) {
  options.stop = std::move(stop);
  return options;
}

}  // namespace

Reloader::Reloader(const Options& options, const Clock& clock,
                   Published& published, ServerMetrics& metrics, EventLog& log)
    : options_(options),
      clock_(clock),
      published_(published),
      metrics_(metrics),
      log_(log),
      blocks_(options.snapshots, options.blocked),
      choice_(published, options.pinned_version),
      gate_(options.snapshots, options.pinned_version, blocks_, history_),
      loader_(options.snapshots, StoppedBy(options.serving, stop_.get_token()),
              clock, published, metrics, log),
      poll_(options.snapshots, blocks_, loader_, choice_, history_, log),
      next_poll_(clock.Steady() + options.poll),
      next_advance_(clock.Steady() + options.advance_every),
      next_window_(clock.Steady() + options.window) {
  history_.pinned = options.pinned_version;
}

Reloader::~Reloader() {
  BeginStop();
  if (thread_.joinable()) thread_.join();
}

void Reloader::BeginStop() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  stop_.request_stop();
  wake_.Set();
}

bool Reloader::StopWithin(absl::Duration patience) {
  BeginStop();
  if (!thread_.joinable()) return true;
  if (!ended_.WaitFor(patience)) return false;
  thread_.join();
  return true;
}

absl::Status Reloader::Start(Events events) {
  events_ = std::move(events);
  MARQUEE_ASSIGN_OR_RETURN(thread_, StartThread("the loader", [this] {
                             Run();
                             ended_.Set();
                           }));
  return absl::OkStatus();
}

absl::StatusOr<ReloadOutcome> Reloader::Reload(uint64_t version, bool force) {
  const auto request =
      std::make_shared<Request>(Request{.version = version, .force = force});
  absl::MutexLock lock(&mu_);
  if (busy_ || pending_ != nullptr || rolling_back_) {
    return absl::AbortedError("another load is under way");
  }
  if (stopping_) return absl::UnavailableError("the server is stopping");
  pending_ = request;
  wake_.Set();
  const auto answered = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return request->done || stopping_;
  };
  mu_.Await(absl::Condition(&answered));
  if (!request->done || absl::IsCancelled(request->outcome.status())) {
    return absl::UnavailableError("the server is stopping");
  }
  return request->outcome;
}

void Reloader::ReloadSoon() {
  {
    absl::MutexLock lock(&mu_);
    newest_wanted_ = true;
  }
  wake_.Set();
}

absl::StatusOr<ReloadOutcome> Reloader::Rollback(const RollbackNote& note) {
  MARQUEE_RETURN_IF_ERROR(BeginRollback());
  // Without the lock: the ledger is a file, and may be slow or locked.
  const absl::Cleanup end = [this] {
    absl::MutexLock lock(&mu_);
    rolling_back_ = false;
  };
  const SteadyTime began = clock_.Steady();
  MARQUEE_RETURN_IF_ERROR(CheckPrevious());
  if (!choice_.GoBack()) {
    const uint64_t version = published_.previous()->snapshot().version();
    return absl::FailedPreconditionError(absl::StrCat(
        "version ", version, " was rolled back from already; Reload with ",
        "version: ", version, " and force serves it again"));
  }
  const Published::Handle current = published_.current();
  metrics_.Declare(current->snapshot().policy());
  ReloadOutcome outcome{
      .previous_version = published_.previous()->snapshot().version(),
      .version = current->snapshot().version(),
      .duration = clock_.Steady() - began,
      .identity = NameOf(*current).identity};
  metrics_.Reloaded(ReloadResult::kRolledBack, outcome.duration);
  log_.Warning("rolled back", {{"version", outcome.version},
                               {"identity", IdentityText(outcome.identity)},
                               {"previous_version", outcome.previous_version},
                               {"by", note.by},
                               {"reason", note.why}});
  // Requests already answer from the right snapshot. The next reload must know
  // that this version is blocked.
  Keep(NameOf(*published_.previous()), note, outcome);
  return outcome;
}

// No load begins before the rollback has ended.
absl::Status Reloader::BeginRollback() {
  absl::MutexLock lock(&mu_);
  if (stopping_) return absl::UnavailableError("the server is stopping");
  if (busy_ || pending_ != nullptr || rolling_back_) {
    return absl::AbortedError("another load is under way");
  }
  rolling_back_ = true;
  return absl::OkStatus();
}

absl::Status Reloader::CheckPrevious() const {
  const Published::Handle previous = published_.previous();
  if (previous == nullptr) {
    return absl::FailedPreconditionError(
        "there is no version in memory that was served before");
  }
  const VersionName name = NameOf(*previous);
  // An unreadable ledger does not prevent a rollback.
  const auto blocked = blocks_.Read();
  const auto why = blocked.ok() ? blocked->Why(name.identity) : std::nullopt;
  if (!why || published_.rolled_back()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("version ", name.number, ", which was served before, ", *why,
                   "; Reload takes another one"));
}

void Reloader::Keep(const VersionName& left, const RollbackNote& note,
                    ReloadOutcome& outcome) {
  const absl::Status kept = blocks_.Block(
      {.version = left.number,
       .identity = left.identity,
       .by = note.by.empty() ? "AdminService.Rollback" : note.by,
       .when = clock_.Now(),
       .why =
           note.why.empty() ? "rolled back, no reason was given" : note.why});
  outcome.persisted = kept.ok();
  if (left.number == options_.pinned_version) {
    outcome.note = absl::StrCat(
        "snapshot_version pins version ", left.number,
        ", which is blocked now: a start finds nothing to serve until another "
        "one is pinned");
    log_.Warning("rollback left the pinned version",
                 {{"version", left.number}, {"reason", outcome.note}});
  }
  if (kept.ok()) return;
  outcome.note = absl::StrCat(
      outcome.note, outcome.note.empty() ? "" : "; ", "version ", left.number,
      " is blocked in this process only, until it ends: ", kept.message(),
      "; block it for good with blocked: \"", IdentityText(left.identity),
      "\" in the configuration of every server");
  log_.Warning("rollback not kept", {{"version", left.number},
                                     {"identity", IdentityText(left.identity)},
                                     {"reason", outcome.note}});
}

void Reloader::Run() {
  const absl::Status first = LoadFirst();
  // Before the caller learns that it ended: the next reload may come at once.
  SetBusy(false);
  events_.first_load_ended(first);
  LowerThreadPriority();
  for (;;) {
    wake_.WaitFor(options_.tick);
    std::shared_ptr<Request> request;
    bool newest = false;
    {
      absl::MutexLock lock(&mu_);
      if (stopping_) return;
      request = pending_;
      newest = std::exchange(newest_wanted_, false);
    }
    if (request != nullptr) {
      absl::StatusOr<ReloadOutcome> outcome =
          LoadAsked(request->version, request->force);
      // The caller may request the next load as soon as this is done.
      absl::MutexLock lock(&mu_);
      request->outcome = std::move(outcome);
      request->done = true;
      pending_.reset();
    }
    if (newest) {
      SetBusy(true);
      LoadAsked(0, /*force=*/false).IgnoreError();  // it is in the log
      SetBusy(false);
    }
    Tick();
  }
}

void Reloader::SetBusy(bool busy) {
  absl::MutexLock lock(&mu_);
  const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return !rolling_back_ || stopping_;
  };
  if (busy) mu_.Await(absl::Condition(&free));
  busy_ = busy;
}

void Reloader::Tick() {
  published_.FreeRetired();
  const SteadyTime now = clock_.Steady();
  const Published::Handle current = published_.current();
  if (current != nullptr && now >= next_advance_) {
    current->AdvanceTime();
    // A failure was logged at the load.
    current->MeasureSections().IgnoreError();
    next_advance_ = now + options_.advance_every;
  }
  if (current != nullptr && now >= next_window_) {
    current->served().Rotate();
    next_window_ = now + options_.window;
  }
  if (options_.poll > absl::ZeroDuration() && now >= next_poll_) {
    poll_.Poll([this](const VersionState& state, LoadCause cause) {
      return LoadPolled(state, cause);
    });
    next_poll_ = clock_.Steady() + options_.poll;
    if (events_.polled) events_.polled();
  }
}

// Returns true if no other version needs to be tried.
bool Reloader::LoadPolled(const VersionState& state, LoadCause cause) {
  SetBusy(true);
  const absl::Cleanup end = [this] { SetBusy(false); };
  // Loads and a rollback may have happened since. The next poll sees the
  // current state and the current blocks.
  const Published::Handle current = published_.current();
  if (current != nullptr && history_.served &&
      NameOf(*current).identity != history_.served->identity) {
    return true;
  }
  const absl::StatusOr<BlockedNow> blocked = blocks_.Read();
  if (!blocked.ok() || (state.identity && blocked->Why(*state.identity))) {
    return false;
  }
  return LoadAndTell(state.number, cause).ok();
}

absl::Status Reloader::LoadFirst() {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(options_.snapshots));
  MARQUEE_ASSIGN_OR_RETURN(const BlockedNow blocked, blocks_.Read());
  absl::Status first_fault = absl::NotFoundError(absl::StrCat(
      options_.snapshots, ": holds no snapshot (`marquee build` writes one)"));
  if (options_.pinned_version != 0) {
    const auto why = gate_.WhyBlocked(options_.pinned_version, blocked);
    if (why) return gate_.PinnedIsBlocked(*why);
    MARQUEE_RETURN_IF_ERROR(
        gate_.CheckListed(options_.pinned_version, versions));
    // A pin counts as force.
    return LoadAndTell(options_.pinned_version, LoadCause::kForced).status();
  }
  for (const uint64_t version : versions) {
    absl::Status status;
    if (const auto why = gate_.WhyBlocked(version, blocked)) {
      status = absl::FailedPreconditionError(
          absl::StrCat("version ", version, " ", *why));
      log_.Warning("version passed over",
                   {{"version", version}, {"reason", status.message()}});
    } else {
      status = LoadAndTell(version, LoadCause::kStart).status();
    }
    if (status.ok()) return status;
    if (version == versions.front()) first_fault = status;
  }
  return first_fault;
}

absl::StatusOr<ReloadOutcome> Reloader::LoadAsked(uint64_t version,
                                                  bool force) {
  const absl::StatusOr<uint64_t> chosen = gate_.Choose(version, force);
  if (!chosen.ok()) {
    log_.Error("reload refused",
               {{"version", version}, {"reason", chosen.status().message()}});
    return chosen.status();
  }
  // A pin counts as force.
  const bool insists = force || *chosen == options_.pinned_version;
  absl::StatusOr<ReloadOutcome> outcome =
      LoadAndTell(*chosen, insists ? LoadCause::kForced : LoadCause::kAsked);
  if (!outcome.ok()) return outcome;
  if (force) choice_.Force(outcome->identity);
  // A version that was unblocked meanwhile is not the requested one.
  if (version != 0) history_.was_blocked.clear();
  outcome->note = gate_.HowLongItStays(outcome->version, force,
                                       options_.poll > absl::ZeroDuration());
  return outcome;
}

absl::StatusOr<ReloadOutcome> Reloader::LoadAndTell(uint64_t version,
                                                    LoadCause cause) {
  absl::StatusOr<ReloadOutcome> outcome = loader_.Load(version, cause);
  if (!outcome.ok()) return outcome;
  history_.Published(
      {.number = outcome->version, .identity = outcome->identity});
  choice_.Clear();
  events_.published();
  return outcome;
}

}  // namespace marquee
