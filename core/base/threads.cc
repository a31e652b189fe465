#include "core/base/threads.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace marquee {

absl::StatusOr<std::thread> StartThread(absl::string_view what,
                                        std::function<void()> body) {
  try {
    return std::thread(std::move(body));
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the thread of ", what, " can not be started: ", error.code().message(),
        "; check the limits of processes (ulimit -u, pids.max) and memory"));
  }
}

void RunTogether(size_t threads, const std::function<void(bool here)>& work) {
  // std::jthread joins on every way out.
  std::vector<std::jthread> others;
  for (size_t i = 1; i < threads; ++i) {
    try {
      others.emplace_back([&work] { work(false); });
    } catch (const std::system_error&) {
      break;
    }
  }
  work(true);
}

void LowerThreadPriority() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
}

size_t ThreadCount(size_t requested) {
  if (requested > 0) return requested;
  return std::max<size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace marquee
