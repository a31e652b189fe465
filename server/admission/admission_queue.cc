#include "server/admission/admission_queue.h"

#include <algorithm>
#include <cmath>

namespace marquee {

std::optional<AdmissionQueue::Refused> AdmissionQueue::Push(Waiting* waiting) {
  const SteadyTime now = clock_.Steady();
  absl::MutexLock lock(&mu_);
  if (closed_) return Refused{waiting, Refusal::kDraining};
  const std::optional<Refusal> refusal = Assess(*waiting, now);
  if (refusal == Refusal::kDeadline) service_time_.Fade();
  if (refusal && (*refusal != Refusal::kQueueFull || waiting->batch)) {
    return Refused{waiting, *refusal};
  }
  Waiting* evicted = nullptr;
  if (refusal) {
    codel_.Press();
    evicted = EvictBatch();
    if (evicted == nullptr) return Refused{waiting, Refusal::kQueueFull};
  }
  queue_.push_back(waiting);
  ready_.Signal();
  if (evicted == nullptr) return std::nullopt;
  return Refused{evicted, Refusal::kBatch};
}

// While the queue is slow, no more wait than can be answered within the target:
// the rest is refused at once instead of after the wait.
size_t AdmissionQueue::Bound() const {
  const absl::Duration mean = service_time_.mean();
  if (!codel_.overloaded() || mean <= absl::ZeroDuration()) {
    return options_.capacity;
  }
  const double fits = absl::FDivDuration(codel_.target(), mean) *
                      static_cast<double>(options_.workers);
  return std::min(options_.capacity,
                  std::max(options_.workers, static_cast<size_t>(fits)));
}

std::optional<Refusal> AdmissionQueue::Assess(const Waiting& waiting,
                                              SteadyTime now) const {
  // Newest first: whoever comes while the queue is slow hardly waits.
  const absl::Duration wait =
      codel_.overloaded()
          ? absl::ZeroDuration()
          : service_time_.WaitBehind(queue_.size(), options_.workers);
  const absl::Duration left = waiting.deadline - now;
  if (left <= absl::ZeroDuration()) return Refusal::kExpired;
  if (left < wait + service_time_.shortest()) return Refusal::kDeadline;
  if (waiting.batch && codel_.overloaded()) return Refusal::kBatch;
  if (queue_.size() >= Bound()) return Refusal::kQueueFull;
  return std::nullopt;
}

// Called only when the queue is full and something better came: a linear look
// at a few hundred pointers.
Waiting* AdmissionQueue::EvictBatch() {
  const auto found = std::find_if(queue_.begin(), queue_.end(),
                                  [](const Waiting* w) { return w->batch; });
  if (found == queue_.end()) return nullptr;
  Waiting* const evicted = *found;
  queue_.erase(found);
  return evicted;
}

AdmissionQueue::Popped AdmissionQueue::Take(SteadyTime now) {
  const bool overloaded = codel_.Observe(now - queue_.front()->arrived, now);
  const Tier best_tier = governor_.Observe(overloaded, now);
  const absl::Duration oldest_wait = now - queue_.front()->arrived;
  const bool shed = overloaded && oldest_wait > codel_.target();
  Waiting* waiting = nullptr;
  if (overloaded && !shed) {
    waiting = queue_.back();
    queue_.pop_back();
  } else {
    waiting = queue_.front();
    queue_.pop_front();
  }
  Popped popped{waiting, std::nullopt, now - waiting->arrived, best_tier};
  if (waiting->deadline - now <= service_time_.shortest() / 2) {
    service_time_.Fade();
    popped.refusal = Refusal::kExpired;
  } else if (shed) {
    codel_.Press();
    popped.refusal = waiting->batch ? Refusal::kBatch : Refusal::kSlowQueue;
  }
  return popped;
}

std::optional<AdmissionQueue::Popped> AdmissionQueue::Pop() {
  absl::MutexLock lock(&mu_);
  while (queue_.empty()) {
    if (closed_) return std::nullopt;
    // No wait is an observation, too.
    codel_.Observe(absl::ZeroDuration(), clock_.Steady());
    ready_.Wait(&mu_);
  }
  return Take(clock_.Steady());
}

std::optional<AdmissionQueue::Popped> AdmissionQueue::TryPop() {
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
