#include "server/grpc/health.h"

#include "core/base/check.h"
#include "grpcpp/health_check_service_interface.h"

namespace marquee {
namespace {

grpc::HealthCheckServiceInterface& ServiceOf(grpc::Server& server) {
  MARQUEE_CHECK(server.GetHealthCheckService() != nullptr);
  return *server.GetHealthCheckService();
}

}  // namespace

void Health::Enable() { grpc::EnableDefaultHealthCheckService(true); }

Health::Health(grpc::Server& server) : service_(ServiceOf(server)) {
  service_.SetServingStatus("marquee-startup", false);
  SetReady(false);
  SetAlive(true);
}

void Health::SetStarted() {
  service_.SetServingStatus("marquee-startup", true);
}

void Health::SetReady(bool ready) {
  for (const char* name :
       {"marquee-readiness", "", "marquee.v1.RecommendationService"}) {
    service_.SetServingStatus(name, ready);
  }
}

void Health::SetAlive(bool alive) {
  service_.SetServingStatus("marquee-liveness", alive);
}

}  // namespace marquee
