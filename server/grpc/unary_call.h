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
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/arena.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/grpc/call.h"
#include "server/grpc/methods.h"

namespace marquee {

// `MethodTraits`: one of methods.h. unary_call.cc instantiates for each.
template <typename MethodTraits>
class UnaryCall;

// The slots of one method, reused: at most kMostIdle of them are kept.
// Thread-safe.
template <typename MethodTraits>
class CallSlots {
 public:
  explicit CallSlots(CallEnvironment& environment)
      : environment_(environment) {}

  // Lets one more call of the method arrive. gRPC owns the call until it is
  // recycled, and returns it for every event.
  void Post();
  void Recycle(std::unique_ptr<UnaryCall<MethodTraits>> call);

 private:
  // Far more than are busy at once, unless callers do not read their answers.
  static constexpr size_t kMostIdle = 256;

  CallEnvironment& environment_;
  absl::Mutex mu_;
  std::vector<std::unique_ptr<UnaryCall<MethodTraits>>> idle_
      ABSL_GUARDED_BY(mu_);
};

template <typename MethodTraits>
class UnaryCall final : public Call {
 public:
  UnaryCall(CallEnvironment& environment, CallSlots<MethodTraits>& slots)
      : environment_(environment), slots_(slots) {}

  void Post();

  void Proceed(bool ok, RequestMetrics& metrics) override;
  void Compute(Worker& worker,
               const AdmissionQueue::Dequeued& dequeued) override;
  void Refuse(ShedReason reason, RequestMetrics& metrics) override;

 private:
  using Request = typename MethodTraits::Request;
  using Response = typename MethodTraits::Response;

  static constexpr bool kExplains = MethodTraits::kMethod == Method::kExplain;

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
  CallSlots<MethodTraits>& slots_;
  std::atomic<bool> handed_over_ = false;
  bool arrived_ = false;
  bool explains_ = false;  // counts among the explanations under way
  std::unique_ptr<char[]> first_block_ = std::make_unique<char[]>(kFirstBlock);
  std::optional<Rpc> rpc_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_UNARY_CALL_H_
