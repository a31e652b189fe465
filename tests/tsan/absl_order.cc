// What absl's locks, and its counts of the references to a status, order, told
// to ThreadSanitizer: the library comes compiled
// without its marks. This one is loaded before it, so all calls of these
// functions, also those of other libraries, come here first. Readers order each
// other, so a write under a reader's lock would pass.
//
// Absl looks at a condition on the waiting thread, and on any thread that
// unlocks, with the lock held in ways that are not seen here: what a condition
// reads is not looked at.
#include <dlfcn.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

class ReadsIgnored {
 public:
  ReadsIgnored() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~ReadsIgnored() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

}  // namespace

// The function of absl itself.
#define MARQUEE_REAL(RESULT, NAME, ...)                               \
  static const auto real = reinterpret_cast<RESULT (*)(__VA_ARGS__)>( \
      dlsym(RTLD_NEXT, "_ZN4absl7debian3" NAME))

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  MARQUEE_REAL(void, "5Mutex4LockEv", Mutex*);
  real(this);
  __tsan_acquire(this);
}

void Mutex::ReaderLock() {
  MARQUEE_REAL(void, "5Mutex10ReaderLockEv", Mutex*);
  real(this);
  __tsan_acquire(this);
}

bool Mutex::TryLock() {
  MARQUEE_REAL(bool, "5Mutex7TryLockEv", Mutex*);
  if (!real(this)) return false;
  __tsan_acquire(this);
  return true;
}

void Mutex::Unlock() {
  MARQUEE_REAL(void, "5Mutex6UnlockEv", Mutex*);
  __tsan_release(this);
  const ReadsIgnored conditions;
  real(this);
}

void Mutex::ReaderUnlock() {
  MARQUEE_REAL(void, "5Mutex12ReaderUnlockEv", Mutex*);
  __tsan_release(this);
  const ReadsIgnored conditions;
  real(this);
}

void Mutex::Await(const Condition& condition) {
  MARQUEE_REAL(void, "5Mutex5AwaitERKNS0_9ConditionE", Mutex*,
               const Condition&);
  __tsan_release(this);
  {
    const ReadsIgnored conditions;
    real(this, condition);
  }
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  MARQUEE_REAL(bool, "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE",
               Mutex*, const Condition&, Duration);
  __tsan_release(this);
  bool holds = false;
  {
    const ReadsIgnored conditions;
    holds = real(this, condition, timeout);
  }
  __tsan_acquire(this);
  return holds;
}

void Mutex::LockWhen(const Condition& condition) {
  MARQUEE_REAL(void, "5Mutex8LockWhenERKNS0_9ConditionE", Mutex*,
               const Condition&);
  {
    const ReadsIgnored conditions;
    real(this, condition);
  }
  __tsan_acquire(this);
}

void CondVar::Wait(Mutex* mutex) {
  MARQUEE_REAL(void, "7CondVar4WaitEPNS0_5MutexE", CondVar*, Mutex*);
  __tsan_release(mutex);
  real(this, mutex);
  __tsan_acquire(mutex);
}

void Notification::Notify() {
  MARQUEE_REAL(void, "12Notification6NotifyEv", Notification*);
  __tsan_release(this);
  real(this);
}

void Notification::WaitForNotification() const {
  static const auto real =
      reinterpret_cast<void (*)(const Notification*)>(dlsym(
          RTLD_NEXT, "_ZNK4absl7debian312Notification19WaitForNotificationEv"));
  real(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

// The last one frees it, after all that the others did with it.
void Status::UnrefNonInlined(uintptr_t rep) {
  MARQUEE_REAL(void, "6Status15UnrefNonInlinedEm", uintptr_t);
  __tsan_release(reinterpret_cast<void*>(rep));
  __tsan_acquire(reinterpret_cast<void*>(rep));
  real(rep);
}

ABSL_NAMESPACE_END
}  // namespace absl
