// The time until the deadline of a gRPC call.
#ifndef MARQUEE_SERVER_GRPC_TIME_LEFT_H_
#define MARQUEE_SERVER_GRPC_TIME_LEFT_H_

#include "absl/time/time.h"
#include "grpc/support/time.h"
#include "grpcpp/server_context.h"

namespace marquee {

// Infinite without a deadline; negative after it. The wire carries a time span,
// which gRPC counts on its own steady clock. `context.deadline()` would be a
// date, and wrong after a step of the wall clock.
inline absl::Duration TimeLeft(const grpc::ServerContext& context) {
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) {
    return absl::InfiniteDuration();
  }
  const gpr_timespec left =
      gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return absl::Seconds(left.tv_sec) + absl::Nanoseconds(left.tv_nsec);
}

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_TIME_LEFT_H_
