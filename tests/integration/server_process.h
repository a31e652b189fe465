// marquee-server as a child process, on ports of its own, with clients for all
// of them.
#ifndef MARQUEE_TESTS_INTEGRATION_SERVER_PROCESS_H_
#define MARQUEE_TESTS_INTEGRATION_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "marquee/v1/admin_service.grpc.pb.h"
#include "marquee/v1/recommendation_service.grpc.pb.h"

namespace marquee {

class ServerProcess {
 public:
  // Starts it with --snapshots and these flags, by way of another program and
  // its arguments when there is one; returns when its ports are open.
  explicit ServerProcess(const std::string& snapshots,
                         const std::vector<std::string>& flags = {},
                         std::vector<std::string> by_way_of = {});
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  // Kills it if it still runs.
  ~ServerProcess();

  // Waits for a log line with this event and returns it; empty: it did not
  // come, or the process ended without it.
  std::string WaitForEvent(const std::string& event,
                           absl::Duration patience = absl::Seconds(30)) const;

  // Lines of the log with this level.
  int LogLines(const std::string& level) const;

  void Signal(int signal) const;
  // The exit code; -1 when it was killed.
  int WaitForExit();

  int recommend_port() const { return port_; }
  v1::RecommendationService::Stub& service() { return *service_; }
  v1::AdminService::Stub& admin() { return *admin_; }
  // A channel with a connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  std::shared_ptr<grpc::Channel> NewAdminChannel() const;

  // "SERVING", "NOT_SERVING", or the name of the error.
  std::string Health(const std::string& service) const;
  // GET /metrics.
  std::string Metrics() const;
  // The value of the first sample that begins with this; -1 when there is none.
  double Metric(const std::string& sample) const;

 private:
  std::string Log() const;
  bool HasEnded() const;

  std::string log_path_;
  pid_t pid_ = 0;
  int port_ = 0;
  int admin_port_ = 0;
  int metrics_port_ = 0;
  std::unique_ptr<v1::RecommendationService::Stub> service_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_INTEGRATION_SERVER_PROCESS_H_
