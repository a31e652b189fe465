// The one handler of all methods. A slot waits for a call, checks it, hands it
// to the workers or refuses it, answers, and waits for the next.
//
// The messages of a call are in an arena of the call, and end with it. A slot
// that is reused keeps nothing of earlier calls.
#ifndef MARQUEE_SERVER_GRPC_UNARY_CALL_H_
#define MARQUEE_SERVER_GRPC_UNARY_CALL_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "google/protobuf/arena.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/grpc/call.h"
#include "server/grpc/metadata_check.h"
#include "server/grpc/methods.h"
#include "server/grpc/status.h"
#include "server/grpc/time_left.h"
#include "server/grpc/wire_bytes.h"
#include "server/service/answer.h"
#include "server/service/recall_probe.h"
#include "server/service/request_checks.h"

namespace marquee {

template <typename Method>
class UnaryCall;

// The slots of one method, reused: at most kMostIdle of them are kept.
// Thread-safe.
template <typename Method>
class CallSlots {
 public:
  explicit CallSlots(CallEnvironment& environment)
      : environment_(environment) {}

  // Lets one more call of the method arrive. gRPC owns the call until it is
  // recycled, and returns it for every event.
  void Post();
  void Recycle(std::unique_ptr<UnaryCall<Method>> call);

 private:
  // Far more than are busy at once, unless callers do not read their answers.
  static constexpr size_t kMostIdle = 256;

  CallEnvironment& environment_;
  absl::Mutex mu_;
  std::vector<std::unique_ptr<UnaryCall<Method>>> idle_ ABSL_GUARDED_BY(mu_);
};

template <typename Method>
class UnaryCall final : public Call {
 public:
  UnaryCall(CallEnvironment& environment, CallSlots<Method>& slots)
      : environment_(environment), slots_(slots) {}

  void Post() {
    rpc_.emplace(first_block_.get());
    HandOver();
    Method::Post(environment_, &rpc_->context, &rpc_->bytes, &rpc_->writer,
                 this);
  }

  void Proceed(bool ok, RequestMetrics& metrics) override;
  void Compute(Worker& worker,
               const AdmissionQueue::Dequeued& dequeued) override;
  void Refuse(ShedReason reason, RequestMetrics& metrics) override;

 private:
  using Request = typename Method::Request;
  using Response = typename Method::Response;

  static constexpr bool kExplains =
      Method::kMethod == ::marquee::Method::kExplain;

  // A usual call fits, with its answer: it allocates no further block.
  static constexpr size_t kFirstBlock = 8 * 1024;

  // The memory of one call.
  struct Rpc {
    explicit Rpc(char* first_block) : arena(first_block, kFirstBlock) {}

    grpc::ServerContext context;
    RawWriter writer{&context};
    grpc::ByteBuffer bytes;  // of the request, until it is read
    google::protobuf::Arena arena;
    Request* request = google::protobuf::Arena::CreateMessage<Request>(&arena);
    Response* response =
        google::protobuf::Arena::CreateMessage<Response>(&arena);
  };

  // Makes this thread's writes visible to the thread that gRPC proceeds on. The
  // queue of gRPC orders them too, but a race detector can not see that.
  void HandOver() { handed_over_.store(true, std::memory_order_release); }
  void TakeBack() { handed_over_.exchange(false, std::memory_order_acquire); }

  void Arrive(RequestMetrics& metrics);
  absl::Status Check();
  void Finish(const absl::Status& status, RequestMetrics& metrics);
  void Recycle();

  CallEnvironment& environment_;
  CallSlots<Method>& slots_;
  std::atomic<bool> handed_over_ = false;
  bool arrived_ = false;
  bool explains_ = false;  // counts among the explanations under way
  std::unique_ptr<char[]> first_block_ = std::make_unique<char[]>(kFirstBlock);
  std::optional<Rpc> rpc_;
};

template <typename Method>
void CallSlots<Method>::Post() {
  std::unique_ptr<UnaryCall<Method>> call;
  {
    absl::MutexLock lock(&mu_);
    if (!idle_.empty()) {
      call = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (call == nullptr) {
    call = std::make_unique<UnaryCall<Method>>(environment_, *this);
  }
  environment_.outstanding.fetch_add(1, std::memory_order_relaxed);
  call.release()->Post();
}

template <typename Method>
void CallSlots<Method>::Recycle(std::unique_ptr<UnaryCall<Method>> call) {
  {
    absl::MutexLock lock(&mu_);
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(call));
  }
  call.reset();
  environment_.outstanding.fetch_sub(1, std::memory_order_release);
}

template <typename Method>
void UnaryCall<Method>::Proceed(bool ok, RequestMetrics& metrics) {
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

template <typename Method>
void UnaryCall<Method>::Recycle() {
  arrived_ = false;
  rpc_.reset();
  slots_.Recycle(absl::WrapUnique(this));
}

template <typename Method>
absl::Status UnaryCall<Method>::Check() {
  MARQUEE_RETURN_IF_ERROR(CheckMetadata(rpc_->context));
  MARQUEE_RETURN_IF_ERROR(ReadBytes(rpc_->bytes, *rpc_->request));
  MARQUEE_RETURN_IF_ERROR(CheckRequest(*rpc_->request));
  if (Method::Context(*rpc_->request).has_time_override() &&
      !environment_.allow_time_override) {
    return absl::PermissionDeniedError(
        "context.time_override: this server does not allow it "
        "(allow_time_override)");
  }
  return absl::OkStatus();
}

template <typename Method>
void UnaryCall<Method>::Arrive(RequestMetrics& metrics) {
  metrics.Started(Method::kMethod);
  arrived = environment_.clock.Steady();
  deadline = arrived +
             std::min(TimeLeft(rpc_->context), environment_.default_deadline);
  const absl::Status status = Check();
  if (!status.ok()) return Finish(status, metrics);
  // An explanation is for a person who can wait: other requests come first.
  batch = kExplains || Method::Context(*rpc_->request).criticality() ==
                           v1::CRITICALITY_BATCH;
  if (kExplains) {
    explains_ = environment_.explanations.TryEnter();
    if (!explains_) return Refuse(ShedReason::kExplanations, metrics);
  }
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

template <typename Method>
void UnaryCall<Method>::Compute(Worker& worker,
                                const AdmissionQueue::Dequeued& dequeued) {
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
                           {{"titles", worker.response.removed_by_final_check},
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

template <typename Method>
void UnaryCall<Method>::Refuse(ShedReason reason, RequestMetrics& metrics) {
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

template <typename Method>
void UnaryCall<Method>::Finish(const absl::Status& status,
                               RequestMetrics& metrics) {
  metrics.Handled(Method::kMethod, static_cast<size_t>(status.code()),
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

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_UNARY_CALL_H_
