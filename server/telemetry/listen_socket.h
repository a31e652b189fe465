// A TCP socket that listens on an address as people write it.
#ifndef MARQUEE_SERVER_TELEMETRY_LISTEN_SOCKET_H_
#define MARQUEE_SERVER_TELEMETRY_LISTEN_SOCKET_H_

#include <string>

#include "absl/status/statusor.h"

namespace marquee {

struct ListenSocket {
  int descriptor = -1;  // the caller's to close
  int port = 0;         // that it has, also where any was asked for
};

// `address`: "127.0.0.1:9090", "localhost:9090", "[::1]:9090"; "0.0.0.0" and
// "[::]" mean every interface, "[::]" those of IPv4 too; port 0 any that is
// free. Errors: InvalidArgument for another form; Unavailable with what the
// system said.
absl::StatusOr<ListenSocket> Listen(const std::string& address);

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_LISTEN_SOCKET_H_
