#include "server/telemetry/metrics_endpoint.h"

#include <microhttpd.h>
#include <unistd.h>

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"
#include "server/telemetry/listen_socket.h"

namespace marquee {
namespace {

// A few scrapers, each slow.
constexpr unsigned kConnections = 16;
constexpr unsigned kPatienceSeconds = 10;

MHD_Result Respond(MHD_Connection* connection, unsigned status,
                   const std::string& text) {
  MHD_Response* const response = MHD_create_response_from_buffer(
      text.size(), const_cast<char*>(text.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                          "text/plain; version=0.0.4; charset=utf-8");
  const MHD_Result queued = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return queued;
}

// Called twice per request: after its headers, and after all of it.
MHD_Result Handle(void* endpoint, MHD_Connection* connection, const char* url,
                  const char* method, const char*, const char*,
                  size_t* upload_bytes, void** seen) {
  if (*seen == nullptr) {
    *seen = connection;
    return MHD_YES;
  }
  if (*upload_bytes > 0) {
    // The library offers bytes again until they are marked as taken.
    *upload_bytes = 0;  // dropped
    return MHD_YES;
  }
  if (absl::string_view(url) != "/metrics") {
    return Respond(connection, MHD_HTTP_NOT_FOUND, "the metrics: /metrics\n");
  }
  const absl::string_view verb = method;
  if (verb != MHD_HTTP_METHOD_GET && verb != MHD_HTTP_METHOD_HEAD) {
    return Respond(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET or HEAD\n");
  }
  return Respond(connection, MHD_HTTP_OK,
                 static_cast<const MetricsEndpoint*>(endpoint)->Scrape());
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Create(
    const std::string& address,
    std::vector<std::shared_ptr<prometheus::Collectable>> sources) {
  std::unique_ptr<MetricsEndpoint> endpoint(
      new MetricsEndpoint(std::move(sources)));
  const absl::StatusOr<ListenSocket> socket = Listen(address);
  if (!socket.ok()) {
    return absl::UnavailableError(
        absl::StrCat("metrics_listen: ", socket.status().message()));
  }
  endpoint->port_ = socket->port;
  endpoint->daemon_ = MHD_start_daemon(
      MHD_USE_AUTO_INTERNAL_THREAD, 0, nullptr, nullptr, &Handle,
      endpoint.get(), MHD_OPTION_LISTEN_SOCKET, socket->descriptor,
      MHD_OPTION_CONNECTION_LIMIT, kConnections, MHD_OPTION_CONNECTION_TIMEOUT,
      kPatienceSeconds, MHD_OPTION_END);
  if (endpoint->daemon_ == nullptr) {
    ::close(socket->descriptor);
    return absl::UnavailableError(
        absl::StrCat("metrics_listen: can not serve on ", address,
                     ": no thread or no memory"));
  }
  return endpoint;
}

MetricsEndpoint::~MetricsEndpoint() {
  if (daemon_ != nullptr) MHD_stop_daemon(daemon_);  // closes the socket, too
}

std::string MetricsEndpoint::Scrape() const {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& source : sources_) {
    std::vector<prometheus::MetricFamily> some = source->Collect();
    families.insert(families.end(), std::make_move_iterator(some.begin()),
                    std::make_move_iterator(some.end()));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace marquee
