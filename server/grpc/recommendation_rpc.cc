#include "server/grpc/recommendation_rpc.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "server/grpc/call.h"
#include "server/grpc/methods.h"
#include "server/grpc/unary_call.h"

namespace marquee {

struct RecommendationRpc::Slots {
  explicit Slots(RecommendationRpc& rpc)
      : environment{.service = rpc.service_,
                    .completions = *rpc.completions_,
                    .queue = rpc.queue_,
                    .published = rpc.published_,
                    .recall = rpc.recall_,
                    .log = rpc.log_,
                    .clock = rpc.clock_,
                    .explanations = rpc.explanations_,
                    .default_deadline = rpc.options_.default_deadline,
                    .allow_time_override = rpc.options_.allow_time_override} {}

  CallEnvironment environment;
  CallSlots<RecommendMethod> recommend{environment};
  CallSlots<SimilarItemsMethod> similar_items{environment};
  CallSlots<ExplainMethod> explain{environment};
};

RecommendationRpc::RecommendationRpc(const Options& options,
                                     AdmissionQueue& queue,
                                     Published& published,
                                     ServerMetrics& metrics,
                                     RecallMonitor& recall, EventLog& log,
                                     const Clock& clock)
    : options_(options),
      queue_(queue),
      explanations_(options.explanations),
      published_(published),
      metrics_(metrics),
      recall_(recall),
      log_(log),
      clock_(clock) {
  for (size_t worker = 0; worker < options.workers; ++worker) {
    workers_.push_back(std::make_unique<Worker>(metrics.shard(worker)));
  }
}

RecommendationRpc::~RecommendationRpc() { MARQUEE_CHECK(io_threads_.empty()); }

void RecommendationRpc::Register(grpc::ServerBuilder& builder) {
  builder.RegisterService(&service_);
  completions_ = builder.AddCompletionQueue();
}

// Before any call can arrive.
absl::Status RecommendationRpc::StartThreads() {
  MARQUEE_ASSIGN_OR_RETURN(
      pool_,
      WorkerPool::Create(
          options_.workers, queue_, clock_,
          [this](size_t worker, const AdmissionQueue::Dequeued& dequeued) {
            Serve(worker, dequeued);
          }));
  for (size_t i = 0; i < kIoThreads; ++i) {
    MARQUEE_ASSIGN_OR_RETURN(
        std::thread thread,
        StartThread(absl::StrCat("calls ", i), [this, i] { HandleEvents(i); }));
    io_threads_.push_back(std::move(thread));
  }
  return absl::OkStatus();
}

absl::Status RecommendationRpc::Start() {
  MARQUEE_RETURN_IF_ERROR(StartThreads());
  slots_ = std::make_unique<Slots>(*this);
  for (size_t i = 0; i < options_.slots; ++i) {
    slots_->recommend.Post();
    slots_->similar_items.Post();
    slots_->explain.Post();
  }
  return absl::OkStatus();
}

void RecommendationRpc::WaitUntilAnswered() {
  if (slots_ == nullptr) return;
  // A slot that is posted or answered still expects an event. The completion
  // queue must not be shut down before the last operation on it.
  // Polls: the count changes twice a call, so a condition would cost each call
  // a signal for one wait in the life of the process.
  while (slots_->environment.outstanding.load(std::memory_order_acquire) > 0) {
    absl::SleepFor(absl::Milliseconds(1));
  }
}

void RecommendationRpc::Finish() {
  // Workers first: they may still begin an operation on the completion queue,
  // which gRPC forbids after Shutdown.
  if (pool_ != nullptr) pool_->Drain();
  completions_->Shutdown();
  for (std::thread& thread : io_threads_) thread.join();
  io_threads_.clear();
}

void RecommendationRpc::Serve(size_t worker,
                              const AdmissionQueue::Dequeued& dequeued) {
  Worker& self = *workers_[worker];
  Call* const call = static_cast<Call*>(dequeued.request);
  self.metrics.Waited(dequeued.queue_wait);
  if (dequeued.shed) {
    call->Refuse(*dequeued.shed, self.metrics);
  } else {
    call->Compute(self, dequeued);
  }
}

void RecommendationRpc::HandleEvents(size_t io_thread) {
  RequestMetrics& metrics = metrics_.shard(options_.workers + io_thread);
  void* tag = nullptr;
  bool ok = false;
  while (completions_->Next(&tag, &ok)) {
    static_cast<Call*>(tag)->Proceed(ok, metrics);
  }
}

}  // namespace marquee
