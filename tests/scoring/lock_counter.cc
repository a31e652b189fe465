#include "tests/scoring/lock_counter.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

namespace marquee {

std::optional<size_t> Locks() { return std::nullopt; }

}  // namespace marquee

#else

#include <dlfcn.h>
#include <pthread.h>

namespace {

thread_local size_t locks = 0;

// The program's functions of these names come before those of the library.
template <typename Lock>
int CountAndCall(const char* name, int (*&real)(Lock*), Lock* lock) {
  ++locks;
  if (real == nullptr) {
    real = reinterpret_cast<int (*)(Lock*)>(::dlsym(RTLD_NEXT, name));
  }
  return real(lock);
}

}  // namespace

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* lock) noexcept {
  static int (*real)(pthread_mutex_t*) = nullptr;
  return CountAndCall("pthread_mutex_lock", real, lock);
}
int pthread_mutex_trylock(pthread_mutex_t* lock) noexcept {
  static int (*real)(pthread_mutex_t*) = nullptr;
  return CountAndCall("pthread_mutex_trylock", real, lock);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  static int (*real)(pthread_rwlock_t*) = nullptr;
  return CountAndCall("pthread_rwlock_rdlock", real, lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  static int (*real)(pthread_rwlock_t*) = nullptr;
  return CountAndCall("pthread_rwlock_wrlock", real, lock);
}

}  // extern "C"

namespace marquee {

std::optional<size_t> Locks() { return locks; }

}  // namespace marquee

#endif
