// The one place where a Status of ours becomes one of gRPC.
#ifndef MARQUEE_SERVER_RPC_STATUS_H_
#define MARQUEE_SERVER_RPC_STATUS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "server/admission/refusal.h"

namespace marquee {

// The same code and message: both enumerations have the same numbers.
grpc::Status ToGrpcStatus(const absl::Status& status);

// What a caller is told: DEADLINE_EXCEEDED where time ran out, UNAVAILABLE
// where another replica may answer.
absl::Status ToStatus(Refusal refusal);

}  // namespace marquee

#endif  // MARQUEE_SERVER_RPC_STATUS_H_
