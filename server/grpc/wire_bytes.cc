#include "server/grpc/wire_bytes.h"

#include <cstdint>

#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "grpcpp/support/slice.h"
#include "server/service/wire_check.h"

namespace marquee {

absl::Status ReadBytes(grpc::ByteBuffer& bytes,
                       google::protobuf::Message& message) {
  grpc::Slice slice;
  // A small request is one slice already.
  if (!bytes.TrySingleSlice(&slice).ok() &&
      !bytes.DumpToSingleSlice(&slice).ok()) {
    return absl::InvalidArgumentError("the request can not be read");
  }
  bytes.Clear();
  const absl::string_view text(reinterpret_cast<const char*>(slice.begin()),
                               slice.size());
  MARQUEE_RETURN_IF_ERROR(CheckWire(text, *message.GetDescriptor()));
  if (!message.ParseFromArray(text.data(), static_cast<int>(text.size()))) {
    return absl::InvalidArgumentError(
        "the request: its bytes are not a message of the API");
  }
  return absl::OkStatus();
}

grpc::ByteBuffer WriteBytes(const google::protobuf::Message& message) {
  grpc::Slice slice(message.ByteSizeLong());
  // A new slice is not shared yet, so it may be written to.
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace marquee
