// The answers to health checks: three named services for the three probes of an
// orchestrator, and two for clients.
#ifndef MARQUEE_SERVER_GRPC_HEALTH_H_
#define MARQUEE_SERVER_GRPC_HEALTH_H_

#include "grpcpp/server.h"

namespace marquee {

// Thread-safe. Load never changes an answer.
class Health {
 public:
  // Must be called before the server is built that answers health checks.
  static void Enable();

  // Begins as alive, not started and not ready. The server must outlive it.
  explicit Health(grpc::Server& server);

  // "marquee-startup": the first snapshot serves.
  void SetStarted();
  // "marquee-readiness", "" and "marquee.v1.RecommendationService": a snapshot
  // is verified and warmed, and the server is not draining.
  void SetReady(bool ready);
  // "marquee-liveness": no restart would help.
  void SetAlive(bool alive);

 private:
  grpc::HealthCheckServiceInterface& service_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_HEALTH_H_
