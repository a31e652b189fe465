// The HTTP port that Prometheus scrapes.
#ifndef MARQUEE_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
#define MARQUEE_SERVER_TELEMETRY_METRICS_ENDPOINT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"

struct MHD_Daemon;

namespace marquee {

// Thread-safe. Serves GET /metrics on its own thread until it is destroyed.
class MetricsEndpoint {
 public:
  // `address`: as for Listen (listen_socket.h). Errors: Unavailable if it can
  // not be bound or the thread can not be started.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Create(
      const std::string& address,
      std::vector<std::shared_ptr<prometheus::Collectable>> sources);

  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;
  ~MetricsEndpoint();

  int port() const { return port_; }
  // Returns the body of a scrape: the text format of Prometheus, version 0.0.4.
  std::string Scrape() const;

 private:
  explicit MetricsEndpoint(
      std::vector<std::shared_ptr<prometheus::Collectable>> sources)
      : sources_(std::move(sources)) {}

  const std::vector<std::shared_ptr<prometheus::Collectable>> sources_;
  int port_ = 0;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
