// The served snapshot and the one served before it.
#ifndef MARQUEE_SERVER_RELOAD_PUBLISHED_H_
#define MARQUEE_SERVER_RELOAD_PUBLISHED_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/reload/serving_snapshot.h"

namespace marquee {

// Thread-safe. Requests only take handles. A snapshot that is taken out of
// service is kept until no request holds it. FreeRetired then frees it, so that
// no request ever unmaps a gigabyte.
class Published {
 public:
  using Handle = std::shared_ptr<ServingSnapshot>;

  // Null before the first Publish.
  Handle current() const {
    absl::MutexLock lock(&mu_);
    return current_;
  }
  // The one served before; null if there is none.
  Handle previous() const {
    absl::MutexLock lock(&mu_);
    return previous_;
  }

  // Makes the current one the previous one; the old previous one retires.
  void Publish(Handle next) {
    absl::MutexLock lock(&mu_);
    rolled_back_ = false;
    if (previous_ != nullptr) retired_.push_back(std::move(previous_));
    previous_ = std::exchange(current_, std::move(next));
  }

  // Exchanges both. Returns false and does nothing if there is no previous one,
  // or if the last change was a rollback: a second one would bring back what
  // was left.
  bool RollBack() {
    absl::MutexLock lock(&mu_);
    if (previous_ == nullptr || rolled_back_) return false;
    std::swap(current_, previous_);
    rolled_back_ = true;
    return true;
  }

  // Whether the last change was a rollback.
  bool rolled_back() const {
    absl::MutexLock lock(&mu_);
    return rolled_back_;
  }

  // Frees, on the caller's thread, the retired snapshots that no request holds
  // any more. Returns how many are still held.
  size_t FreeRetired() {
    std::vector<Handle> unused;
    absl::MutexLock lock(&mu_);
    // No new handle of a retired one can be taken, so a count of one stays one.
    for (size_t i = 0; i < retired_.size();) {
      if (retired_[i].use_count() == 1) {
        unused.push_back(std::move(retired_[i]));
        retired_.erase(retired_.begin() + static_cast<ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    const size_t held = retired_.size();
    // Unlocks first: `unused` is destroyed after the lock.
    return held;
  }

 private:
  mutable absl::Mutex mu_;
  Handle current_ ABSL_GUARDED_BY(mu_);
  Handle previous_ ABSL_GUARDED_BY(mu_);
  bool rolled_back_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<Handle> retired_ ABSL_GUARDED_BY(mu_);
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_PUBLISHED_H_
