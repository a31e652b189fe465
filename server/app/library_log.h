// Writes the messages of our libraries to the event log.
#ifndef MARQUEE_SERVER_APP_LIBRARY_LOG_H_
#define MARQUEE_SERVER_APP_LIBRARY_LOG_H_

#include "server/telemetry/event_log.h"

namespace marquee {

// While it lives, messages of gRPC (for example that a port is in use) and of
// protobuf go to `log` as events "grpc" and "protobuf". There must be only one
// in a process: the libraries have one sink.
class LibraryLog {
 public:
  explicit LibraryLog(EventLog& log);
  LibraryLog(const LibraryLog&) = delete;
  LibraryLog& operator=(const LibraryLog&) = delete;
  ~LibraryLog();
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_LIBRARY_LOG_H_
