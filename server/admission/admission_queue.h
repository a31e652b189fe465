// The one queue between the I/O threads and the workers, with all decisions
// about who waits in it.
//
//   AdmissionQueue queue(options, clock);
//   // On an I/O thread:
//   if (const auto shed = queue.Push(&request)) Refuse(*shed);
//   // On a worker:
//   while (const auto dequeued = queue.Pop()) Handle(*dequeued);
//
// - In: a request is refused at once if its deadline can not be met, or if the
//   queue is full.
// - Out: oldest first. While the queue is slow (codel.h), newest first, because
//   the oldest will soon be given up anyway; requests that waited longer than
//   the target are shed.
// - Batch requests are the first to go.
#ifndef MARQUEE_SERVER_ADMISSION_ADMISSION_QUEUE_H_
#define MARQUEE_SERVER_ADMISSION_ADMISSION_QUEUE_H_

#include <cstddef>
#include <deque>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/pipeline/tier.h"
#include "server/admission/codel.h"
#include "server/admission/service_time.h"
#include "server/admission/shed_reason.h"
#include "server/admission/tier_governor.h"

namespace marquee {

// A request in the queue. The caller of Push owns it.
struct QueuedRequest {
  SteadyTime arrived;
  SteadyTime deadline = SteadyTime::InfiniteFuture();
  bool batch = false;  // no user waits for it
};

// Thread-safe.
class AdmissionQueue {
 public:
  struct Options {
    size_t capacity = 64;  // the most requests that wait
    size_t workers = 1;    // threads that pop; for the expected wait
    Codel::Options codel;
    TierGovernor::Options governor;
  };
  // A request that will not be computed. The caller must answer it.
  struct Shed {
    QueuedRequest* request;
    ShedReason reason;
  };
  // A request that a worker takes from the queue: to compute, or to refuse.
  struct Dequeued {
    QueuedRequest* request;
    std::optional<ShedReason> shed;  // absent: to compute
    absl::Duration queue_wait;
    Tier best_tier;
  };

  // The clock must outlive the queue.
  AdmissionQueue(const Options& options, const Clock& clock)
      : options_(options),
        clock_(clock),
        codel_(options.codel),
        governor_(options.governor) {}

  // Returns the request that must be refused, if there is one: this one, or a
  // waiting one that is worth less.
  std::optional<Shed> Push(QueuedRequest* request);

  // Blocks until there is a request. nullopt: closed and empty.
  std::optional<Dequeued> Pop();
  // As Pop without blocking; nullopt if no request waits.
  std::optional<Dequeued> TryPop();

  // Records the time that one request took to compute.
  void Finished(absl::Duration service_time);

  // Refuses all further requests (Push returns kDraining). Waiting requests are
  // still handed out.
  void Close();

  size_t depth() const;
  bool overloaded() const;
  // The time after which a refused caller may try again.
  absl::Duration RetryAfter() const;

 private:
  size_t Bound() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::optional<ShedReason> Assess(const QueuedRequest& request,
                                   SteadyTime now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  QueuedRequest* EvictBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Dequeued Take(SteadyTime now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Options options_;
  const Clock& clock_;

  mutable absl::Mutex mu_;
  std::deque<QueuedRequest*> queue_ ABSL_GUARDED_BY(mu_);  // oldest first
  Codel codel_ ABSL_GUARDED_BY(mu_);
  TierGovernor governor_ ABSL_GUARDED_BY(mu_);
  ServiceTime service_time_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  absl::CondVar ready_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_ADMISSION_QUEUE_H_
