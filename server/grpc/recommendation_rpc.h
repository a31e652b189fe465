// RecommendationService on one completion queue, two I/O threads that never
// compute, and the workers.
//
//   RecommendationRpc rpc(options, queue, published, metrics, recall, log,
//                         clock);
//   rpc.Register(builder);
//   auto server = builder.BuildAndStart();
//   MARQUEE_RETURN_IF_ERROR(rpc.Start());
//   …
//   server->Shutdown(deadline);  // on another thread
//   rpc.WaitUntilAnswered();
//   …
//   rpc.Finish();
#ifndef MARQUEE_SERVER_GRPC_RECOMMENDATION_RPC_H_
#define MARQUEE_SERVER_GRPC_RECOMMENDATION_RPC_H_

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "grpcpp/server_builder.h"
#include "marquee/v1/recommendation_service.grpc.pb.h"
#include "server/admission/admission_queue.h"
#include "server/admission/worker_pool.h"
#include "server/grpc/call.h"
#include "server/reload/published.h"
#include "server/service/worker.h"
#include "server/telemetry/event_log.h"
#include "server/telemetry/server_metrics.h"

namespace marquee {

// Externally synchronised.
class RecommendationRpc {
 public:
  // Two threads on one completion queue: one waits for the sockets while the
  // other handles an event.
  static constexpr size_t kIoThreads = 2;

  struct Options {
    size_t workers = 1;
    // The number of calls that can arrive before one is handled. It must be
    // more than can wait and compute together, so that no call waits uncounted
    // inside gRPC.
    size_t slots = 128;
    // The deadline of calls without one, and the longest deadline of all calls.
    absl::Duration default_deadline = absl::Milliseconds(100);
    bool allow_time_override = false;
    // The largest number of explanations that wait or are computed at once.
    size_t explanations = 1;
  };

  // `metrics` has a shard for each worker and then for each I/O thread. All
  // references must outlive it.
  RecommendationRpc(const Options& options, AdmissionQueue& queue,
                    Published& published, ServerMetrics& metrics,
                    RecallMonitor& recall, EventLog& log, const Clock& clock);
  RecommendationRpc(const RecommendationRpc&) = delete;
  RecommendationRpc& operator=(const RecommendationRpc&) = delete;
  ~RecommendationRpc();

  void Register(grpc::ServerBuilder& builder);
  // Must be called after the server was built. Errors: those of StartThread;
  // Finish must be called even then.
  absl::Status Start();
  // Waits until the last call that arrived is answered. Must be called once the
  // server has begun to shut down. The deadlines of the clients and of the
  // shutdown bound the wait.
  void WaitUntilAnswered();
  // Joins workers and I/O threads. Must be called after the server was shut
  // down and after WaitUntilAnswered, whether or not Start succeeded.
  void Finish();

  // As WorkerPool::LongestBusy. Requires: between Start and Finish.
  absl::Duration LongestBusy() const { return pool_->LongestBusy(); }

 private:
  struct Slots;

  void Serve(size_t worker, const AdmissionQueue::Dequeued& dequeued);
  absl::Status StartThreads();
  void HandleEvents(size_t io_thread);

  const Options options_;
  AdmissionQueue& queue_;
  ConcurrencyLimit explanations_;
  Published& published_;
  ServerMetrics& metrics_;
  RecallMonitor& recall_;
  EventLog& log_;
  const Clock& clock_;

  RawService service_;
  std::unique_ptr<grpc::ServerCompletionQueue> completions_;
  std::unique_ptr<Slots> slots_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<WorkerPool> pool_;
  std::vector<std::thread> io_threads_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_RECOMMENDATION_RPC_H_
