// Starts threads. The system may refuse one: a limit of processes (ulimit -u,
// pids.max of a pod) or of memory.
//
// std::thread throws then, and nobody catches it. Use these functions instead.
#ifndef MARQUEE_CORE_BASE_THREADS_H_
#define MARQUEE_CORE_BASE_THREADS_H_

#include <cstddef>
#include <functional>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Errors: ResourceExhausted that names `what` the thread is for and the limits
// to check.
absl::StatusOr<std::thread> StartThread(absl::string_view what,
                                        std::function<void()> body);

// Runs `work(true)` on this thread and at the same time `work(false)` on up to
// `threads` - 1 others. Returns when all have ended. If the system gives fewer
// threads, these do all the work: `work` must take tasks until none is left. If
// the call on this thread throws, the exception is rethrown after all have
// ended; the others must not throw.
void RunTogether(size_t threads, const std::function<void(bool here)>& work);

// Lowers the priority of the calling thread, so that its work yields to
// requests. On Linux the priority belongs to the thread.
void LowerThreadPriority();

// Returns `requested`; if that is 0, the number of CPUs of the machine.
size_t ThreadCount(size_t requested);

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_THREADS_H_
