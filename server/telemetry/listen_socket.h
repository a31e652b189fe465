// A TCP socket that listens on an address in text form.
#ifndef MARQUEE_SERVER_TELEMETRY_LISTEN_SOCKET_H_
#define MARQUEE_SERVER_TELEMETRY_LISTEN_SOCKET_H_

#include <string>

#include "absl/status/statusor.h"

namespace marquee {

struct ListenSocket {
  int descriptor = -1;  // the caller must close it
  int port = 0;         // the bound one, also for port 0
};

// `address`: "127.0.0.1:9090", "localhost:9090", "[::1]:9090". "0.0.0.0" and
// "[::]" mean every interface; "[::]" includes those of IPv4. Port 0 means any
// free port. Errors: InvalidArgument for another form; Unavailable with the
// system's error.
absl::StatusOr<ListenSocket> Listen(const std::string& address);

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_LISTEN_SOCKET_H_
