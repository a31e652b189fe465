#include "server/telemetry/metrics_endpoint.h"

#include <exception>

#include "absl/strings/str_cat.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Create(
    const std::string& address,
    std::vector<std::shared_ptr<prometheus::Collectable>> sources) {
  std::unique_ptr<MetricsEndpoint> endpoint(new MetricsEndpoint());
  endpoint->sources_ = std::move(sources);
  // The library throws when it can not bind.
  try {
    endpoint->exposer_ = std::make_unique<prometheus::Exposer>(address, 2);
    for (const auto& source : endpoint->sources_) {
      endpoint->exposer_->RegisterCollectable(source);
    }
    const std::vector<int> ports = endpoint->exposer_->GetListeningPorts();
    if (!ports.empty()) endpoint->port_ = ports.front();
  } catch (const std::exception& error) {
    return absl::UnavailableError(absl::StrCat(
        "metrics_listen: can not serve on ", address, ": ", error.what()));
  }
  return endpoint;
}

}  // namespace marquee
