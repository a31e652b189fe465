// For threads whose work may wait while requests do not.
#ifndef MARQUEE_SERVER_TELEMETRY_THREAD_PRIORITY_H_
#define MARQUEE_SERVER_TELEMETRY_THREAD_PRIORITY_H_

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace marquee {

// Puts the calling thread below the requests. On Linux the priority is the
// thread's own.
inline void LowerThreadPriority() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
}

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_THREAD_PRIORITY_H_
