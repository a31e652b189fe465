#include "server/telemetry/metric_families.h"

#include <limits>

namespace marquee {
namespace {

prometheus::ClientMetric WithLabels(const MetricLabels& labels) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : labels) {
    metric.label.push_back({std::string(name), std::string(value)});
  }
  return metric;
}

}  // namespace

MetricFamilies& MetricFamilies::Begin(std::string name, std::string help,
                                      prometheus::MetricType type) {
  families_.push_back({std::move(name), std::move(help), type, {}});
  return *this;
}

MetricFamilies& MetricFamilies::Counter(std::string name, std::string help) {
  return Begin(std::move(name), std::move(help),
               prometheus::MetricType::Counter);
}

MetricFamilies& MetricFamilies::Gauge(std::string name, std::string help) {
  return Begin(std::move(name), std::move(help), prometheus::MetricType::Gauge);
}

MetricFamilies& MetricFamilies::Histogram(std::string name, std::string help) {
  return Begin(std::move(name), std::move(help),
               prometheus::MetricType::Histogram);
}

MetricFamilies& MetricFamilies::Sample(double value,
                                       const MetricLabels& labels) {
  prometheus::ClientMetric metric = WithLabels(labels);
  metric.counter.value = value;
  metric.gauge.value = value;
  families_.back().metric.push_back(std::move(metric));
  return *this;
}

MetricFamilies& MetricFamilies::Sample(const DurationCounts& counts,
                                       const MetricLabels& labels) {
  prometheus::ClientMetric metric = WithLabels(labels);
  uint64_t cumulative = 0;
  for (size_t i = 0; i < counts.buckets.size(); ++i) {
    cumulative += counts.buckets[i];
    const double edge = i < kDurationEdges.size()
                            ? static_cast<double>(kDurationEdges[i]) / 1e9
                            : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({cumulative, edge});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = counts.sum_seconds;
  families_.back().metric.push_back(std::move(metric));
  return *this;
}

}  // namespace marquee
