#include "server/grpc/unary_call.h"

#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "server/grpc/metadata_check.h"
#include "server/grpc/status.h"
#include "server/grpc/time_left.h"
#include "server/grpc/wire_bytes.h"
#include "server/service/answer.h"
#include "server/service/recall_probe.h"
#include "server/service/request_checks.h"

namespace marquee {

template <typename MethodTraits>
void CallSlots<MethodTraits>::Post() {
  std::unique_ptr<UnaryCall<MethodTraits>> call;
  {
    absl::MutexLock lock(&mu_);
    if (!idle_.empty()) {
      call = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (call == nullptr) {
    call = std::make_unique<UnaryCall<MethodTraits>>(environment_, *this);
  }
  // Counted before it is posted: gRPC may return it to another thread at once,
  // which counts it down.
  environment_.outstanding.fetch_add(1, std::memory_order_relaxed);
  call.release()->Post();
}

template <typename MethodTraits>
void CallSlots<MethodTraits>::Recycle(
    std::unique_ptr<UnaryCall<MethodTraits>> call) {
  {
    absl::MutexLock lock(&mu_);
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(call));
  }
  // A call that is not kept is freed outside of the lock, and before the count
  // falls: at 0 WaitUntilAnswered returns, and gRPC's objects are destroyed.
  call.reset();
  environment_.outstanding.fetch_sub(1, std::memory_order_release);
}

template <typename MethodTraits>
void UnaryCall<MethodTraits>::Post() {
  rpc_.emplace(first_block_.get());
  HandOver();
  MethodTraits::Post(environment_, &rpc_->context, &rpc_->bytes, &rpc_->writer,
                     this);
}

template <typename MethodTraits>
void UnaryCall<MethodTraits>::Proceed(bool ok, RequestMetrics& metrics) {
  TakeBack();
  if (!arrived_ && ok) {
    arrived_ = true;
    // First of all: a call that finds no slot waits inside gRPC, where nothing
    // counts or refuses it.
    slots_.Post();
    Arrive(metrics);
    return;
  }
  // It was answered, or the server shuts down and no call came.
  Recycle();
}

template <typename MethodTraits>
void UnaryCall<MethodTraits>::Recycle() {
  arrived_ = false;
  rpc_.reset();
  slots_.Recycle(absl::WrapUnique(this));
}

template <typename MethodTraits>
absl::Status UnaryCall<MethodTraits>::Check() {
  MARQUEE_RETURN_IF_ERROR(CheckMetadata(rpc_->context));
  MARQUEE_RETURN_IF_ERROR(ReadBytes(rpc_->bytes, *rpc_->request));
  MARQUEE_RETURN_IF_ERROR(CheckRequest(*rpc_->request));
  if (MethodTraits::Context(*rpc_->request).has_time_override() &&
      !environment_.allow_time_override) {
    return absl::PermissionDeniedError(
        "context.time_override: this server does not allow it "
        "(allow_time_override)");
  }
  return absl::OkStatus();
}

template <typename MethodTraits>
void UnaryCall<MethodTraits>::Arrive(RequestMetrics& metrics) {
  metrics.Started(MethodTraits::kMethod);
  arrived = environment_.clock.Steady();
  deadline = arrived +
             std::min(TimeLeft(rpc_->context), environment_.default_deadline);
  const absl::Status status = Check();
  if (!status.ok()) return Finish(status, metrics);
  // An explanation is for a person who can wait: other requests come first.
  batch = kExplains || MethodTraits::Context(*rpc_->request).criticality() ==
                           v1::CRITICALITY_BATCH;
  if (kExplains) {
    explains_ = environment_.explanations.TryEnter();
    if (!explains_) return Refuse(ShedReason::kExplanations, metrics);
  }
  // Compute needs no such check: once there is a snapshot, there always is one.
  if (environment_.published.current() == nullptr) {
    return Refuse(ShedReason::kNoSnapshot, metrics);
  }
  // After this a worker may already have answered: `this` must not be used.
  const std::optional<AdmissionQueue::Shed> refused =
      environment_.queue.Push(this);
  if (refused) {
    static_cast<Call*>(refused->request)->Refuse(refused->reason, metrics);
  }
}

template <typename MethodTraits>
void UnaryCall<MethodTraits>::Compute(
    Worker& worker, const AdmissionQueue::Dequeued& dequeued) {
  // Held until the answer is written: ids and rules are views into it.
  const Published::Handle serving = environment_.published.current();
  const Turn turn{.serving = *serving,
                  .now = environment_.clock.Now(),
                  .deadline = deadline,
                  .best_tier = dequeued.best_tier,
                  .queue_wait = dequeued.queue_wait};
  const SteadyTime began = environment_.clock.Steady();
  const absl::Status status =
      Answer(*rpc_->request, turn, worker, *rpc_->response);
  if (status.ok() && worker.response.removed_by_final_check > 0) {
    environment_.log.Error("final check removed items",
                           {{"items", worker.response.removed_by_final_check},
                            {"version", serving->snapshot().version()}});
  }
  // An explanation costs many times what others do, so it does not predict
  // their time.
  if (!kExplains) {
    environment_.queue.Finished(environment_.clock.Steady() - began);
  }
  // After this an I/O thread may use this slot for another call.
  RecallMonitor& recall = environment_.recall;
  Finish(status, worker.metrics);
  if (status.ok() && recall.Wants()) OfferProbe(worker, serving, recall);
}

template <typename MethodTraits>
void UnaryCall<MethodTraits>::Refuse(ShedReason reason,
                                     RequestMetrics& metrics) {
  metrics.Refused(reason);
  const absl::Status status = ToStatus(reason);
  if (status.code() == absl::StatusCode::kUnavailable) {
    // Trailing: initial metadata would commit the call, and no client would
    // retry it.
    rpc_->context.AddTrailingMetadata("grpc-retry-pushback-ms",
                                      absl::StrCat(absl::ToInt64Milliseconds(
                                          environment_.queue.RetryAfter())));
  }
  Finish(status, metrics);
}

template <typename MethodTraits>
void UnaryCall<MethodTraits>::Finish(const absl::Status& status,
                                     RequestMetrics& metrics) {
  // All that reads this slot comes before the operation on the writer: from
  // then on an I/O thread may recycle it.
  metrics.Handled(MethodTraits::kMethod, static_cast<size_t>(status.code()),
                  environment_.clock.Steady() - arrived);
  if (std::exchange(explains_, false)) environment_.explanations.Leave();
  if (!status.ok()) {
    HandOver();
    rpc_->writer.FinishWithError(ToGrpcStatus(status), this);
    return;
  }
  const grpc::ByteBuffer bytes = WriteBytes(*rpc_->response);
  HandOver();
  rpc_->writer.Finish(bytes, grpc::Status::OK, this);
}

template class CallSlots<RecommendMethod>;
template class CallSlots<SimilarItemsMethod>;
template class CallSlots<ExplainMethod>;
template class UnaryCall<RecommendMethod>;
template class UnaryCall<SimilarItemsMethod>;
template class UnaryCall<ExplainMethod>;

}  // namespace marquee
