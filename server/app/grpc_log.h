// gRPC's own messages as lines of the event log.
#ifndef MARQUEE_SERVER_APP_GRPC_LOG_H_
#define MARQUEE_SERVER_APP_GRPC_LOG_H_

#include "server/telemetry/event_log.h"

namespace marquee {

// While it lives, what the gRPC library has to say (that a port is in use, for
// example) goes to `log` as event "grpc". One at a time in a process: the
// library has one sink.
class GrpcLog {
 public:
  explicit GrpcLog(EventLog& log);
  GrpcLog(const GrpcLog&) = delete;
  GrpcLog& operator=(const GrpcLog&) = delete;
  ~GrpcLog();
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_GRPC_LOG_H_
