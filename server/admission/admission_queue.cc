#include "server/admission/admission_queue.h"

#include <algorithm>
#include <cmath>

namespace marquee {

std::optional<AdmissionQueue::Shed> AdmissionQueue::Push(
    QueuedRequest* request) {
  const SteadyTime now = clock_.Steady();
  absl::MutexLock lock(&mu_);
  if (closed_) return Shed{request, ShedReason::kDraining};
  const std::optional<ShedReason> reason = Assess(*request, now);
  if (reason == ShedReason::kDeadline) service_time_.Fade();
  // Only a full queue is solved by evicting another request. The other reasons
  // are about this request alone.
  if (reason && (*reason != ShedReason::kQueueFull || request->batch)) {
    return Shed{request, *reason};
  }
  QueuedRequest* evicted = nullptr;
  if (reason) {
    // One of the two is dropped, whichever it is.
    codel_.RecordDrop();
    evicted = EvictBatch();
    if (evicted == nullptr) return Shed{request, ShedReason::kQueueFull};
  }
  queue_.push_back(request);
  ready_.Signal();
  if (evicted == nullptr) return std::nullopt;
  return Shed{evicted, ShedReason::kBatch};
}

// While the queue is slow, no more requests wait than can be answered within
// the target: the rest are refused at once instead of after the wait.
size_t AdmissionQueue::Bound() const {
  const absl::Duration mean = service_time_.mean();
  if (!codel_.overloaded() || mean <= absl::ZeroDuration()) {
    return options_.capacity;
  }
  const double fits = absl::FDivDuration(codel_.target(), mean) *
                      static_cast<double>(options_.workers);
  // With a mean above the target, the quotient is less than the number of
  // workers. A bound of 0 would refuse everything.
  return std::min(options_.capacity,
                  std::max(options_.workers, static_cast<size_t>(fits)));
}

std::optional<ShedReason> AdmissionQueue::Assess(const QueuedRequest& request,
                                                 SteadyTime now) const {
  // Newest first: a request that arrives while the queue is slow hardly waits.
  const absl::Duration wait =
      codel_.overloaded()
          ? absl::ZeroDuration()
          : service_time_.WaitBehind(queue_.size(), options_.workers);
  const absl::Duration left = request.deadline - now;
  // Time comes before load: UNAVAILABLE would make the caller try another
  // replica, where the request is late as well.
  if (left <= absl::ZeroDuration()) return ShedReason::kExpired;
  // The mean for the requests ahead, but the shortest for this one: the request
  // is refused only where even a cheap one would be late.
  if (left < wait + service_time_.shortest()) return ShedReason::kDeadline;
  if (request.batch && codel_.overloaded()) return ShedReason::kBatch;
  if (queue_.size() >= Bound()) return ShedReason::kQueueFull;
  return std::nullopt;
}

// Called only if the queue is full and a better request arrived: a linear
// search through a few hundred pointers.
QueuedRequest* AdmissionQueue::EvictBatch() {
  const auto found =
      std::find_if(queue_.begin(), queue_.end(),
                   [](const QueuedRequest* w) { return w->batch; });
  if (found == queue_.end()) return nullptr;
  QueuedRequest* const evicted = *found;
  queue_.erase(found);
  return evicted;
}

AdmissionQueue::Dequeued AdmissionQueue::Take(SteadyTime now) {
  const bool overloaded = codel_.Observe(now - queue_.front()->arrived, now);
  const Tier best_tier = governor_.Observe(overloaded, now);
  const absl::Duration oldest_wait = now - queue_.front()->arrived;
  // A slow queue is taken from both ends. The front is shed while it is too
  // old, one request a call, and refusing costs a worker next to nothing. Once
  // no request is too old, the newest is computed, which has most of its time
  // left.
  const bool shed = overloaded && oldest_wait > codel_.target();
  QueuedRequest* request = nullptr;
  if (overloaded && !shed) {
    request = queue_.back();
    queue_.pop_back();
  } else {
    request = queue_.front();
    queue_.pop_front();
  }
  Dequeued dequeued{request, std::nullopt, now - request->arrived, best_tier};
  if (request->deadline - now <= service_time_.shortest() / 2) {
    service_time_.Fade();
    dequeued.shed = ShedReason::kExpired;
  } else if (shed) {
    codel_.RecordDrop();
    dequeued.shed =
        request->batch ? ShedReason::kBatch : ShedReason::kSlowQueue;
  }
  return dequeued;
}

std::optional<AdmissionQueue::Dequeued> AdmissionQueue::Pop() {
  absl::MutexLock lock(&mu_);
  while (queue_.empty()) {
    if (closed_) return std::nullopt;
    // No wait is an observation, too.
    codel_.Observe(absl::ZeroDuration(), clock_.Steady());
    ready_.Wait(&mu_);
  }
  return Take(clock_.Steady());
}

std::optional<AdmissionQueue::Dequeued> AdmissionQueue::TryPop() {
  absl::MutexLock lock(&mu_);
  if (queue_.empty()) {
    codel_.Observe(absl::ZeroDuration(), clock_.Steady());
    return std::nullopt;
  }
  return Take(clock_.Steady());
}

void AdmissionQueue::Finished(absl::Duration service_time) {
  absl::MutexLock lock(&mu_);
  service_time_.Observe(service_time);
}

void AdmissionQueue::Close() {
  absl::MutexLock lock(&mu_);
  closed_ = true;
  ready_.SignalAll();
}

size_t AdmissionQueue::depth() const {
  absl::MutexLock lock(&mu_);
  return queue_.size();
}

bool AdmissionQueue::overloaded() const {
  absl::MutexLock lock(&mu_);
  return codel_.overloaded();
}

absl::Duration AdmissionQueue::RetryAfter() const {
  absl::MutexLock lock(&mu_);
  return std::max(
      absl::Milliseconds(10),
      2 * service_time_.WaitBehind(queue_.size(), options_.workers));
}

}  // namespace marquee
