// Builds metric families for the exposition.
#ifndef MARQUEE_SERVER_TELEMETRY_METRIC_FAMILIES_H_
#define MARQUEE_SERVER_TELEMETRY_METRIC_FAMILIES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "prometheus/metric_family.h"
#include "server/telemetry/duration_histogram.h"

namespace marquee {

using MetricLabels =
    std::vector<std::pair<absl::string_view, absl::string_view>>;

// Externally synchronised. Families are in the order of the calls that began
// them. Samples go to the last one.
class MetricFamilies {
 public:
  // Begin a family. Names follow Prometheus' conventions: base units, `_total`
  // for counters.
  MetricFamilies& Counter(std::string name, std::string help);
  MetricFamilies& Gauge(std::string name, std::string help);
  MetricFamilies& Histogram(std::string name, std::string help);

  MetricFamilies& Sample(double value, const MetricLabels& labels = {});
  MetricFamilies& Sample(const DurationCounts& counts,
                         const MetricLabels& labels = {});

  std::vector<prometheus::MetricFamily> Take() { return std::move(families_); }

 private:
  MetricFamilies& Begin(std::string name, std::string help,
                        prometheus::MetricType type);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_METRIC_FAMILIES_H_
