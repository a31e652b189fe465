// The one handler of all methods: a slot waits for a call, checks it, hands it
// to the workers or refuses it, answers, and waits for the next.
#ifndef MARQUEE_SERVER_RPC_UNARY_CALL_H_
#define MARQUEE_SERVER_RPC_UNARY_CALL_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/answer.h"
#include "server/rpc/call.h"
#include "server/rpc/methods.h"
#include "server/rpc/recall_probe.h"
#include "server/rpc/request_checks.h"
#include "server/rpc/status.h"

namespace marquee {

template <typename Method>
class UnaryCall;

// The slots of one method, used again. Thread-safe.
template <typename Method>
class CallSlots {
 public:
  explicit CallSlots(CallEnvironment& environment)
      : environment_(environment) {}

  // Lets one more call of the method come in.
  void Post();
  void Recycle(UnaryCall<Method>* call);

 private:
  CallEnvironment& environment_;
  absl::Mutex mu_;
  std::vector<std::unique_ptr<UnaryCall<Method>>> all_ ABSL_GUARDED_BY(mu_);
  std::vector<UnaryCall<Method>*> idle_ ABSL_GUARDED_BY(mu_);
};

template <typename Method>
class UnaryCall final : public Call {
 public:
  UnaryCall(CallEnvironment& environment, CallSlots<Method>& slots)
      : environment_(environment), slots_(slots) {}

  void Post() {
    rpc_.emplace();
    Method::Post(environment_, &rpc_->context, &request_, &rpc_->writer, this);
  }

  void Proceed(bool ok, RequestMetrics& metrics) override;
  void Compute(Worker& worker, const AdmissionQueue::Popped& popped) override;
  void Refuse(Refusal refusal, RequestMetrics& metrics) override;

 private:
  struct Rpc {
    grpc::ServerContext context;
    grpc::ServerAsyncResponseWriter<typename Method::Response> writer{&context};
  };

  void Arrive(RequestMetrics& metrics);
  absl::Status Check() const;
  void Finish(const absl::Status& status, RequestMetrics& metrics);
  void Recycle();

  CallEnvironment& environment_;
  CallSlots<Method>& slots_;
  bool arrived_ = false;
  std::optional<Rpc> rpc_;  // one for each call
  typename Method::Request request_;
  typename Method::Response response_;
};

template <typename Method>
void CallSlots<Method>::Post() {
  UnaryCall<Method>* call = nullptr;
  {
    absl::MutexLock lock(&mu_);
    if (idle_.empty()) {
      all_.push_back(std::make_unique<UnaryCall<Method>>(environment_, *this));
      idle_.push_back(all_.back().get());
    }
    call = idle_.back();
    idle_.pop_back();
  }
  environment_.outstanding.fetch_add(1, std::memory_order_relaxed);
  call->Post();
}

template <typename Method>
void CallSlots<Method>::Recycle(UnaryCall<Method>* call) {
  {
    absl::MutexLock lock(&mu_);
    idle_.push_back(call);
  }
  environment_.outstanding.fetch_sub(1, std::memory_order_release);
}

template <typename Method>
void UnaryCall<Method>::Proceed(bool ok, RequestMetrics& metrics) {
  if (!arrived_ && ok) {
    arrived_ = true;
    // Before this one is looked at: a call that finds no slot waits inside
    // gRPC, where nothing counts or refuses it.
    slots_.Post();
    Arrive(metrics);
    return;
  }
  // Answered, or the server shuts down and nothing came.
  Recycle();
}

template <typename Method>
void UnaryCall<Method>::Recycle() {
  arrived_ = false;
  rpc_.reset();
  request_.Clear();
  response_.Clear();
  slots_.Recycle(this);
}

template <typename Method>
absl::Status UnaryCall<Method>::Check() const {
  const absl::Status status = CheckRequest(request_);
  if (!status.ok()) return status;
  if (Method::Main(request_).has_time_override() &&
      !environment_.allow_time_override) {
    return absl::PermissionDeniedError(
        "time_override: this server does not allow it (allow_time_override)");
  }
  return absl::OkStatus();
}

template <typename Method>
void UnaryCall<Method>::Arrive(RequestMetrics& metrics) {
  metrics.Started(Method::kMethod);
  arrived = environment_.clock.Now();
  deadline = std::min(absl::FromChrono(rpc_->context.deadline()),
                      arrived + environment_.default_deadline);
  // An explanation is for a person who can wait; it gives way to the screens.
  batch = Method::kMethod == ::marquee::Method::kExplain ||
          Method::Main(request_).criticality() == v1::CRITICALITY_BATCH;
  const absl::Status status = Check();
  if (!status.ok()) return Finish(status, metrics);
  if (environment_.published.current() == nullptr) {
    return Refuse(Refusal::kNoSnapshot, metrics);
  }
  // From here on a worker may already have answered: `this` is not touched.
  const std::optional<AdmissionQueue::Refused> refused =
      environment_.queue.Push(this);
  if (refused) {
    static_cast<Call*>(refused->waiting)->Refuse(refused->why, metrics);
  }
}

template <typename Method>
void UnaryCall<Method>::Compute(Worker& worker,
                                const AdmissionQueue::Popped& popped) {
  // Held until the answer is written: ids and rules are views into it.
  const Published::Handle serving = environment_.published.current();
  const Turn turn{.serving = *serving,
                  .now = environment_.clock.Now(),
                  .deadline = deadline,
                  .best_tier = popped.best_tier,
                  .queue_wait = popped.wait};
  const absl::Status status = Answer(request_, turn, worker, response_);
  if (status.ok() && worker.response.guarded > 0) {
    environment_.log.Error("guard tripped",
                           {{"titles", worker.response.guarded},
                            {"version", serving->snapshot().version()}});
  }
  // An explanation costs many times what others do and says nothing of them.
  if (Method::kMethod != ::marquee::Method::kExplain) {
    environment_.queue.Finished(environment_.clock.Now() - turn.now);
  }
  // From here on an I/O thread may use this slot for another call.
  RecallMonitor& recall = environment_.recall;
  Finish(status, worker.metrics);
  if (status.ok() && recall.Wants()) OfferProbe(worker, serving, recall);
}

template <typename Method>
void UnaryCall<Method>::Refuse(Refusal refusal, RequestMetrics& metrics) {
  metrics.Refused(refusal);
  const absl::Status status = ToStatus(refusal);
  if (status.code() == absl::StatusCode::kUnavailable) {
    // Trailing: initial metadata would commit the call, and no client would
    // retry it.
    rpc_->context.AddTrailingMetadata("grpc-retry-pushback-ms",
                                      absl::StrCat(absl::ToInt64Milliseconds(
                                          environment_.queue.RetryAfter())));
  }
  Finish(status, metrics);
}

template <typename Method>
void UnaryCall<Method>::Finish(const absl::Status& status,
                               RequestMetrics& metrics) {
  metrics.Handled(Method::kMethod, static_cast<size_t>(status.code()),
                  environment_.clock.Now() - arrived);
  if (status.ok()) {
    rpc_->writer.Finish(response_, grpc::Status::OK, this);
  } else {
    rpc_->writer.FinishWithError(ToGrpcStatus(status), this);
  }
}

}  // namespace marquee

#endif  // MARQUEE_SERVER_RPC_UNARY_CALL_H_
