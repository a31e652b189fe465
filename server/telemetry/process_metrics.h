// The metrics process_* and the container's CPU throttling, read from /proc and
// the cgroup at each scrape.
#ifndef MARQUEE_SERVER_TELEMETRY_PROCESS_METRICS_H_
#define MARQUEE_SERVER_TELEMETRY_PROCESS_METRICS_H_

#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace marquee {

// Thread-safe. Leaves out what the system does not report.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_PROCESS_METRICS_H_
