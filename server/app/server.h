// The whole server, from the open ports to the last answer.
//
//   MARQUEE_ASSIGN_OR_RETURN(auto server, Server::Create(config, log, stop));
//   stop.WaitFor(absl::InfiniteDuration());
//   server->Drain(stop);
#ifndef MARQUEE_SERVER_APP_SERVER_H_
#define MARQUEE_SERVER_APP_SERVER_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/server.h"
#include "marquee/config/server.pb.h"
#include "server/admission/admission_queue.h"
#include "server/app/stop_source.h"
#include "server/grpc/admin_rpc.h"
#include "server/grpc/health.h"
#include "server/grpc/recommendation_rpc.h"
#include "server/reload/published.h"
#include "server/reload/reloader.h"
#include "server/telemetry/event_log.h"
#include "server/telemetry/metrics_endpoint.h"
#include "server/telemetry/server_metrics.h"

namespace marquee {

// Externally synchronised.
class Server {
 public:
  // Opens the ports, then begins to load. Until a snapshot is published, calls
  // get UNAVAILABLE and readiness says no. If nothing loads and polling is off,
  // asks `stop` to end the process. `config` must be complete; `log` and `stop`
  // must outlive the server. Errors: Unavailable that names the field whose
  // address can not be bound; ResourceExhausted that names the thread that can
  // not be started.
  static absl::StatusOr<std::unique_ptr<Server>> Create(
      const config::ServerConfig& config, EventLog& log, StopSource& stop);

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // Becomes not ready, serves on for drain_delay, shuts down within
  // drain_deadline, and joins. A second stop request ends the delay. A server
  // that was never ready has no delay. Must be called once. Returns false if a
  // version is still being read: that read can only be abandoned.
  bool Drain(StopSource& stop);

  // As AdminService.Reload without a version, but returns at once.
  void ReloadNewest();

  // Sets liveness: no worker is stuck. Must be called about once a second.
  void CheckLiveness();

 private:
  enum class State { kStarting, kServing, kDraining };

  Server(const config::ServerConfig& config, EventLog& log, StopSource& stop);
  absl::Status Listen();
  absl::Status ListenAdmin();
  absl::Status Start();
  void Abandon();
  void BecomeReady();
  std::string StateName() const;
  void LogPorts(absl::string_view event) const;

  const config::ServerConfig config_;
  EventLog& log_;
  StopSource& stop_;

  mutable absl::Mutex mu_;
  State state_ ABSL_GUARDED_BY(mu_) = State::kStarting;

  Published published_;
  AdmissionQueue queue_;
  // Shared with the endpoint, because its library needs that.
  const std::shared_ptr<ServerMetrics> metrics_;
  RecallMonitor recall_;
  RecommendationRpc rpc_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Health> health_;
  std::unique_ptr<MetricsEndpoint> metrics_endpoint_;
  Reloader reloader_;
  AdminRpc admin_;
  std::unique_ptr<grpc::Server> admin_server_;
  int port_ = 0;
  int admin_port_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_SERVER_H_
