// The one place that converts our Status to gRPC's.
#ifndef MARQUEE_SERVER_GRPC_STATUS_H_
#define MARQUEE_SERVER_GRPC_STATUS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace marquee {

// Returns the same code and message: both enumerations have the same numbers.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_STATUS_H_
