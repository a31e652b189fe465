// Starts threads, which the system may refuse: a limit of processes (ulimit -u,
// pids.max of a pod) or of memory.
//
// std::thread throws then, and nobody catches it. Use these instead.
#ifndef MARQUEE_CORE_BASE_THREADS_H_
#define MARQUEE_CORE_BASE_THREADS_H_

#include <cstddef>
#include <functional>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Errors: ResourceExhausted that names `what` the thread is for and which limit
// to look at.
absl::StatusOr<std::thread> StartThread(absl::string_view what,
                                        std::function<void()> body);

// Runs `work` on this thread (with true) and at the same time on up to
// `threads` - 1 others (with false), and returns when all have ended. Where the
// system gives fewer, those that run do it all: `work` takes what is left to do
// until nothing is. An exception of the call on this thread is thrown on after
// all have ended; the others must throw none.
void RunTogether(size_t threads, const std::function<void(bool here)>& work);

// Puts the calling thread below others: its work may wait while requests do
// not. On Linux the priority is the thread's own.
void LowerThreadPriority();

// `requested`, or where that is 0, one for each CPU of the machine.
size_t ThreadCount(size_t requested);

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_THREADS_H_
