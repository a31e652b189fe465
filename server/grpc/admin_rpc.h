// AdminService: reports what is served, and changes which version is served.
#ifndef MARQUEE_SERVER_GRPC_ADMIN_RPC_H_
#define MARQUEE_SERVER_GRPC_ADMIN_RPC_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/status.h"
#include "marquee/v1/admin_service.pb.h"
#include "server/admission/admission_queue.h"
#include "server/reload/published.h"
#include "server/reload/reloader.h"

namespace marquee {

// Thread-safe. People and tools make few calls, so gRPC's own threads run them.
// ReadBytes reads the requests from their bytes, as in RecommendationService:
// an error names the field.
class AdminRpc final : public grpc::Service {
 public:
  struct Options {
    std::string snapshots;  // the directory with the versions
    size_t workers = 1;
    // "starting", "serving" or "draining".
    std::function<std::string()> state;
  };

  // All references must outlive it.
  AdminRpc(Options options, Published& published, Reloader& reloader,
           const AdmissionQueue& queue, const Clock& clock);

  grpc::Status GetStatus(const v1::GetStatusRequest& request,
                         v1::GetStatusResponse& response);
  grpc::Status ListSnapshots(const v1::ListSnapshotsRequest& request,
                             v1::ListSnapshotsResponse& response);
  grpc::Status Reload(const v1::ReloadRequest& request,
                      v1::ReloadResponse& response);
  grpc::Status Rollback(const v1::RollbackRequest& request,
                        v1::ReloadResponse& response);

 private:
  template <typename Request, typename Response>
  using Handler = grpc::Status (AdminRpc::*)(const Request&, Response&);

  // `path`: "/service/method", kept by reference.
  template <typename Request, typename Response>
  void Offer(const char* path, Handler<Request, Response> handler);

  const Options options_;
  Published& published_;
  Reloader& reloader_;
  const AdmissionQueue& queue_;
  const Clock& clock_;
  const SteadyTime started_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_ADMIN_RPC_H_
