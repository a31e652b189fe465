// A call as the completion queue and the workers see it, whatever its method.
#ifndef MARQUEE_SERVER_GRPC_CALL_H_
#define MARQUEE_SERVER_GRPC_CALL_H_

#include <atomic>
#include <cstddef>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "grpcpp/completion_queue.h"
#include "marquee/v1/recommendation_service.grpc.pb.h"
#include "server/admission/admission_queue.h"
#include "server/admission/concurrency_limit.h"
#include "server/quality/recall_monitor.h"
#include "server/reload/published.h"
#include "server/service/worker.h"
#include "server/telemetry/event_log.h"
#include "server/telemetry/request_metrics.h"

namespace marquee {

// One slot for a call; it is the tag of the call's events. An I/O thread drives
// it until it is pushed to the admission queue, then a worker, then an I/O
// thread again.
class Call : public QueuedRequest {
 public:
  virtual ~Call() = default;
  // Handles an event of the completion queue, on an I/O thread.
  virtual void Proceed(bool ok, RequestMetrics& metrics) = 0;
  // Computes the answer, on a worker.
  virtual void Compute(Worker& worker,
                       const AdmissionQueue::Dequeued& dequeued) = 0;
  // Answers with an error, on any thread.
  virtual void Refuse(ShedReason reason, RequestMetrics& metrics) = 0;
};

// Requests come as bytes: they are checked before messages are made of them.
using RawService = v1::RecommendationService::WithRawMethod_Recommend<
    v1::RecommendationService::WithRawMethod_SimilarItems<
        v1::RecommendationService::WithRawMethod_Explain<
            v1::RecommendationService::Service>>>;

// The objects that all calls share. They must outlive the calls.
struct CallEnvironment {
  RawService& service;
  grpc::ServerCompletionQueue& completions;
  AdmissionQueue& queue;
  Published& published;
  RecallMonitor& recall;
  EventLog& log;
  const Clock& clock;
  // Keeps explanations from crowding out other requests.
  ConcurrencyLimit& explanations;
  absl::Duration default_deadline;
  bool allow_time_override;
  // Slots that wait for a call or hold one. Release on decrement, acquire on
  // the read that sees 0: the work of the last slot is then over.
  std::atomic<size_t> outstanding{0};
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_CALL_H_
