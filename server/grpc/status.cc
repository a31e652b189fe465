#include "server/grpc/status.h"

#include <string>

namespace marquee {
namespace {

// Trailers of more than 8 KiB make clients report another code.
constexpr size_t kMaxMessageBytes = 2048;
constexpr size_t kMaxCharacterBytes = 4;  // of UTF-8

// Cuts in front of a character, not within it: a client may refuse a message
// that is not UTF-8.
void CutOff(std::string& message) {
  size_t end = kMaxMessageBytes;
  while (end > kMaxMessageBytes - kMaxCharacterBytes + 1 &&
         (message[end] & 0xC0) == 0x80) {
    --end;
  }
  message.resize(end);
  message += " … (cut off)";
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  std::string message(status.message());
  if (message.size() > kMaxMessageBytes) CutOff(message);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), message);
}

}  // namespace marquee
