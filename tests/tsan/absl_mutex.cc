// What absl's locks order, told to ThreadSanitizer: the library comes compiled
// without its marks. The linker leads our calls of these functions here
// (--wrap, in CMakeLists.txt). Those that wait for a condition are not here:
// nothing under ThreadSanitizer uses them. Readers order each other, so a write
// under a reader's lock would pass.
#include <cstdint>

extern "C" {

void __tsan_acquire(void* address);
void __tsan_release(void* address);

#define MARQUEE_WRAP_ACQUIRE(NAME)  \
  void __real_##NAME(void* mutex);  \
  void __wrap_##NAME(void* mutex);  \
  void __wrap_##NAME(void* mutex) { \
    __real_##NAME(mutex);           \
    __tsan_acquire(mutex);          \
  }
#define MARQUEE_WRAP_RELEASE(NAME)  \
  void __real_##NAME(void* mutex);  \
  void __wrap_##NAME(void* mutex);  \
  void __wrap_##NAME(void* mutex) { \
    __tsan_release(mutex);          \
    __real_##NAME(mutex);           \
  }

MARQUEE_WRAP_ACQUIRE(_ZN4absl7debian35Mutex4LockEv)
MARQUEE_WRAP_ACQUIRE(_ZN4absl7debian35Mutex10ReaderLockEv)
MARQUEE_WRAP_RELEASE(_ZN4absl7debian35Mutex6UnlockEv)
MARQUEE_WRAP_RELEASE(_ZN4absl7debian35Mutex12ReaderUnlockEv)

// Mutex::TryLock()
bool __real__ZN4absl7debian35Mutex7TryLockEv(void* mutex);
bool __wrap__ZN4absl7debian35Mutex7TryLockEv(void* mutex);
bool __wrap__ZN4absl7debian35Mutex7TryLockEv(void* mutex) {
  if (!__real__ZN4absl7debian35Mutex7TryLockEv(mutex)) return false;
  __tsan_acquire(mutex);
  return true;
}

// CondVar::Wait(Mutex*)
void __real__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(void* var, void* mutex);
void __wrap__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(void* var, void* mutex);
void __wrap__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(void* var, void* mutex) {
  __tsan_release(mutex);
  __real__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(var, mutex);
  __tsan_acquire(mutex);
}

}  // extern "C"
