// What the completion queue and the workers see of a call, whatever its method.
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

// One slot for a call: the tag of its events. An I/O thread drives it until it
// is pushed to the admission queue, then a worker, then an I/O thread again.
class Call : public QueuedRequest {
 public:
  virtual ~Call() = default;
  // An event of the completion queue; on an I/O thread.
  virtual void Proceed(bool ok, RequestMetrics& metrics) = 0;
  // On a worker.
  virtual void Compute(Worker& worker,
                       const AdmissionQueue::Dequeued& dequeued) = 0;
  // On any thread.
  virtual void Refuse(ShedReason reason, RequestMetrics& metrics) = 0;
};

// Requests come as bytes: they are looked at before anything is made of them.
using RawService = v1::RecommendationService::WithRawMethod_Recommend<
    v1::RecommendationService::WithRawMethod_SimilarItems<
        v1::RecommendationService::WithRawMethod_Explain<
            v1::RecommendationService::Service>>>;

// What all calls share. Everything must outlive the calls.
struct CallEnvironment {
  RawService& service;
  grpc::ServerCompletionQueue& completions;
  AdmissionQueue& queue;
  Published& published;
  RecallMonitor& recall;
  EventLog& log;
  const Clock& clock;
  // Explanations under way: they can not crowd out the screens.
  ConcurrencyLimit& explanations;
  absl::Duration default_deadline;
  bool allow_time_override;
  // Slots that wait for a call or hold one. Release on decrement, acquire on
  // the read that sees 0: then the last slot's work is over.
  std::atomic<size_t> outstanding{0};
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_CALL_H_
