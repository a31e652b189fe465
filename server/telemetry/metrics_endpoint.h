// The HTTP port that Prometheus scrapes.
#ifndef MARQUEE_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
#define MARQUEE_SERVER_TELEMETRY_METRICS_ENDPOINT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"

namespace marquee {

// Thread-safe. Serves GET /metrics until it is destroyed.
class MetricsEndpoint {
 public:
  // `address`: host:port, port 0 for any. Errors: Unavailable when it can not
  // be bound.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Create(
      const std::string& address,
      std::vector<std::shared_ptr<prometheus::Collectable>> sources);

  int port() const { return port_; }

 private:
  MetricsEndpoint() = default;

  std::vector<std::shared_ptr<prometheus::Collectable>> sources_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  int port_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
