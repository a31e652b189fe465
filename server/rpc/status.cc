#include "server/rpc/status.h"

#include <string>

#include "absl/strings/string_view.h"

namespace marquee {
namespace {

// Trailers of more than 8 KiB make clients report another code.
constexpr size_t kMaxMessageBytes = 2048;

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  std::string message(status.message());
  if (message.size() > kMaxMessageBytes) {
    message.resize(kMaxMessageBytes);
    message += " … (cut off)";
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), message);
}

absl::Status ToStatus(Refusal refusal) {
  switch (refusal) {
    case Refusal::kDeadline:
      return absl::DeadlineExceededError(
          "the deadline can not be met: nothing was computed");
    case Refusal::kExpired:
      return absl::DeadlineExceededError(
          "the deadline passed while the request waited: nothing was computed");
    case Refusal::kQueueFull:
      return absl::UnavailableError("overloaded: too many requests wait");
    case Refusal::kSlowQueue:
      return absl::UnavailableError("overloaded: the request waited too long");
    case Refusal::kBatch:
      return absl::UnavailableError(
          "overloaded: batch requests give way to interactive ones");
    case Refusal::kNoSnapshot:
      return absl::UnavailableError("no snapshot is loaded yet");
    case Refusal::kExplanations:
      return absl::UnavailableError(
          "as many explanations are under way as may be at once");
    case Refusal::kDraining:
      break;
  }
  return absl::UnavailableError("the server is shutting down");
}

}  // namespace marquee
