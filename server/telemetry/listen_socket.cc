#include "server/telemetry/listen_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr int kBacklog = 64;

absl::Status Unavailable(const std::string& address, absl::string_view why) {
  return absl::UnavailableError(
      absl::StrCat("can not listen on ", address, ": ", why));
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

absl::StatusOr<Addresses> Resolve(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", address, "' is not host:port"));
  }
  absl::string_view host = absl::string_view(address).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") &&
      (!absl::ConsumeSuffix(&host, "]") || host.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", address, "' is not [host]:port"));
  }
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(std::string(host).c_str(),
                                  address.c_str() + colon + 1, &hints, &found);
  if (error != 0) return Unavailable(address, ::gai_strerror(error));
  return Addresses(found, &::freeaddrinfo);
}

int PortOf(int descriptor) {
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) !=
      0) {
    return 0;
  }
  return ntohs(bound.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

absl::StatusOr<ListenSocket> ListenOn(const addrinfo& found,
                                      const std::string& address) {
  const int descriptor =
      ::socket(found.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return Unavailable(address, std::strerror(errno));
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  const int on = 1;
  const int off = 0;
  // Allows a port whose last connections are not timed out yet.
  (void)::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (found.ai_family == AF_INET6) {
    // "[::]" includes IPv4 whatever the default of the system is.
    (void)::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off,
                       sizeof(off));
  }
  if (::bind(descriptor, found.ai_addr, found.ai_addrlen) != 0 ||
      ::listen(descriptor, kBacklog) != 0) {
    return Unavailable(address, std::strerror(errno));
  }
  std::move(close).Cancel();
  return ListenSocket{.descriptor = descriptor, .port = PortOf(descriptor)};
}

}  // namespace

// A name may have several addresses; this machine may have only some of them.
absl::StatusOr<ListenSocket> Listen(const std::string& address) {
  MARQUEE_ASSIGN_OR_RETURN(const Addresses found, Resolve(address));
  absl::StatusOr<ListenSocket> socket = ListenOn(*found, address);
  for (const addrinfo* next = found->ai_next; !socket.ok() && next != nullptr;
       next = next->ai_next) {
    socket = ListenOn(*next, address);
  }
  return socket;
}

}  // namespace marquee
