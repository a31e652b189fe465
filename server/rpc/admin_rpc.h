// AdminService: what is served, and which version shall be.
#ifndef MARQUEE_SERVER_RPC_ADMIN_RPC_H_
#define MARQUEE_SERVER_RPC_ADMIN_RPC_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "marquee/v1/admin_service.grpc.pb.h"
#include "server/admission/admission_queue.h"
#include "server/reload/published.h"
#include "server/reload/reloader.h"

namespace marquee {

// Thread-safe. Few calls of people and of tools: gRPC's own threads run them.
class AdminRpc final : public v1::AdminService::Service {
 public:
  struct Options {
    std::string snapshots;  // the directory with the versions
    size_t workers = 1;
    // "starting", "serving" or "draining".
    std::function<std::string()> state;
  };

  // All references must outlive it.
  AdminRpc(Options options, Published& published, Reloader& reloader,
           const AdmissionQueue& queue, const Clock& clock)
      : options_(std::move(options)),
        published_(published),
        reloader_(reloader),
        queue_(queue),
        clock_(clock),
        started_(clock.Steady()) {}

  grpc::Status GetStatus(grpc::ServerContext* context,
                         const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override;
  grpc::Status ListSnapshots(grpc::ServerContext* context,
                             const v1::ListSnapshotsRequest* request,
                             v1::ListSnapshotsResponse* response) override;
  grpc::Status Reload(grpc::ServerContext* context,
                      const v1::ReloadRequest* request,
                      v1::ReloadResponse* response) override;
  grpc::Status Rollback(grpc::ServerContext* context,
                        const v1::RollbackRequest* request,
                        v1::ReloadResponse* response) override;

 private:
  const Options options_;
  Published& published_;
  Reloader& reloader_;
  const AdmissionQueue& queue_;
  const Clock& clock_;
  const SteadyTime started_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RPC_ADMIN_RPC_H_
