#include "server/app/cpu_count.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace marquee {
namespace {

std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<double> Smaller(std::optional<double> a,
                              std::optional<double> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

// From the line "0::/path" of cgroup version 2.
std::string OwnCgroup() {
  const std::string text = ReadText("/proc/self/cgroup");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::ConsumePrefix(&line, "0::")) return std::string(line);
  }
  return "/";
}

std::optional<double> VersionOneLimit() {
  const std::string directory = "/sys/fs/cgroup/cpu/";
  double quota = 0;
  double period = 0;
  // A quota of -1 means no limit.
  if (!absl::SimpleAtod(ReadText(directory + "cpu.cfs_quota_us"), &quota) ||
      !absl::SimpleAtod(ReadText(directory + "cpu.cfs_period_us"), &period) ||
      quota <= 0 || period <= 0) {
    return std::nullopt;
  }
  return quota / period;
}

int AffinityCount() {
  // The mask of the kernel may be larger than cpu_set_t: try larger ones until
  // it fits.
  for (size_t cpus = 1024; cpus <= size_t{1} << 20; cpus *= 2) {
    cpu_set_t* const set = CPU_ALLOC(cpus);
    const size_t bytes = CPU_ALLOC_SIZE(cpus);
    const bool known = sched_getaffinity(0, bytes, set) == 0;
    const int count = known ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (known) return std::max(count, 1);
  }
  return 1;
}

}  // namespace

std::optional<double> ParseCpuMax(absl::string_view text) {
  const std::vector<absl::string_view> fields =
      absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  double quota = 0;
  double period = 0;
  if (fields.size() != 2 || !absl::SimpleAtod(fields[0], &quota) ||
      !absl::SimpleAtod(fields[1], &period) || !(quota > 0) || !(period > 0) ||
      !std::isfinite(quota / period)) {
    return std::nullopt;
  }
  return quota / period;
}

std::optional<double> CgroupLimit(const std::string& root,
                                  const std::string& path) {
  std::optional<double> limit;
  std::string at = path == "/" ? "" : path;
  for (;;) {
    limit = Smaller(limit, ParseCpuMax(ReadText(root + at + "/cpu.max")));
    const size_t slash = at.rfind('/');
    if (slash == std::string::npos) return limit;
    at.resize(slash);
  }
}

int CpuCount() {
  const std::optional<double> limit =
      Smaller(CgroupLimit("/sys/fs/cgroup", OwnCgroup()), VersionOneLimit());
  const int affinity = AffinityCount();
  if (!limit || *limit >= affinity) return affinity;
  return std::max(static_cast<int>(std::ceil(*limit)), 1);
}

}  // namespace marquee
