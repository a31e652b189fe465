#include "server/telemetry/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "server/telemetry/metric_families.h"

namespace marquee {
namespace {

std::string ReadText(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Returns the fields of /proc/self/stat after the command's name, because the
// name may contain anything. The first is "state", number 3 of proc(5).
std::vector<double> StatFields() {
  const std::string text = ReadText("/proc/self/stat");
  const size_t end = text.rfind(')');
  std::vector<double> fields;
  if (end == std::string::npos) return fields;
  for (absl::string_view field : absl::StrSplit(
           absl::string_view(text).substr(end + 1), ' ', absl::SkipEmpty())) {
    double value = 0;
    if (!absl::SimpleAtod(field, &value)) value = 0;
    fields.push_back(value);
  }
  return fields;
}

// By the numbers of proc(5), from 1.
constexpr size_t kFirstField = 3;
enum StatField {
  kMajorFaults = 12,
  kUserTicks = 14,
  kSystemTicks = 15,
  kThreads = 20,
  kStartTicks = 22,
  kVirtualBytes = 23,
  kResidentPages = 24
};

double BootTime() {
  const std::string text = ReadText("/proc/stat");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    double seconds = 0;
    if (absl::ConsumePrefix(&line, "btime ") &&
        absl::SimpleAtod(line, &seconds))
      return seconds;
  }
  return 0;
}

std::optional<double> OpenDescriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc/self/fd", error);
  if (error) return std::nullopt;
  double count = 0;
  for ([[maybe_unused]] const auto& entry : entries) ++count;
  return count;
}

void CollectStat(MetricFamilies& families) {
  const std::vector<double> fields = StatFields();
  // One check for all fields: the resident pages are the last that is read.
  if (fields.size() <= kResidentPages - kFirstField) return;
  const auto at = [&](StatField field) { return fields[field - kFirstField]; };
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  families
      .Counter("process_cpu_seconds_total", "Processor time, user and system.")
      .Sample((at(kUserTicks) + at(kSystemTicks)) / ticks);
  families.Gauge("process_resident_memory_bytes", "Memory that is resident.")
      .Sample(at(kResidentPages) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  families.Gauge("process_virtual_memory_bytes", "Memory that is mapped.")
      .Sample(at(kVirtualBytes));
  families.Gauge("process_threads", "Threads.").Sample(at(kThreads));
  families
      .Gauge("process_start_time_seconds",
             "When the process started, since 1970.")
      .Sample(BootTime() + at(kStartTicks) / ticks);
  families
      .Counter("process_major_page_faults_total",
               "Page faults that had to read from a disk.")
      .Sample(at(kMajorFaults));
}

void CollectDescriptors(MetricFamilies& families) {
  if (const std::optional<double> open = OpenDescriptors()) {
    families.Gauge("process_open_fds", "File descriptors that are open.")
        .Sample(*open);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.Gauge("process_max_fds", "File descriptors that may be open.")
        .Sample(static_cast<double>(limit.rlim_cur));
  }
}

// Of cgroup v2. A throttled pod has long tails at a low mean load.
void CollectThrottling(MetricFamilies& families) {
  const std::string text = ReadText("/sys/fs/cgroup/cpu.stat");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    double value = 0;
    absl::string_view rest = line;
    if (absl::ConsumePrefix(&rest, "nr_throttled ") &&
        absl::SimpleAtod(rest, &value)) {
      families
          .Counter("marquee_cpu_throttled_periods_total",
                   "Scheduling periods in which the CPU limit stopped us.")
          .Sample(value);
    } else if (absl::ConsumePrefix(&rest, "throttled_usec ") &&
               absl::SimpleAtod(rest, &value)) {
      families
          .Counter("marquee_cpu_throttled_seconds_total",
                   "Time for which the CPU limit stopped us.")
          .Sample(value / 1e6);
    }
  }
}

}  // namespace

std::vector<prometheus::MetricFamily> ProcessMetrics::Collect() const {
  MetricFamilies families;
  CollectStat(families);
  CollectDescriptors(families);
  CollectThrottling(families);
  return families.Take();
}

}  // namespace marquee
