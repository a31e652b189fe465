// Converts between gRPC's bytes and messages.
#ifndef MARQUEE_SERVER_GRPC_WIRE_BYTES_H_
#define MARQUEE_SERVER_GRPC_WIRE_BYTES_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace marquee {

// Checks the bytes (wire_check.h), parses them into `message` and releases
// them. Errors: those of CheckWire; InvalidArgument if they do not parse.
absl::Status ReadBytes(grpc::ByteBuffer& bytes,
                       google::protobuf::Message& message);

// Returns the message in one slice.
grpc::ByteBuffer WriteBytes(const google::protobuf::Message& message);

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_WIRE_BYTES_H_
