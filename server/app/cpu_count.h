// The number of CPUs that this process may use: those of the pod, never of the
// host.
#ifndef MARQUEE_SERVER_APP_CPU_COUNT_H_
#define MARQUEE_SERVER_APP_CPU_COUNT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

// Returns the smaller of the affinity mask and the limit of the cgroup (version
// 2 or 1) or of any above it, rounded up; at least 1.
int CpuCount();

// Returns the limit in the text of a file `cpu.max`, in CPUs: "150000 100000"
// is 1.5. nullopt: no limit ("max 100000"), or not understood.
std::optional<double> ParseCpuMax(absl::string_view text);

// Returns the smallest limit on the way from `root`/`path` up to `root`, both
// directories of cgroup version 2.
std::optional<double> CgroupLimit(const std::string& root,
                                  const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_CPU_COUNT_H_
