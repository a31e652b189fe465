#include "tests/integration/held_calls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace marquee {
namespace {

// Of RFC 9113.
enum Type : uint8_t { kData = 0, kHeaders = 1, kSettings = 4 };
constexpr uint8_t kAck = 1;
constexpr uint8_t kEndHeaders = 4;

std::string BigEndian(uint32_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) {
    text += static_cast<char>(number >> (8 * i));
  }
  return text;
}

std::string Frame(Type type, uint8_t flags, uint32_t stream,
                  const std::string& payload) {
  return BigEndian(static_cast<uint32_t>(payload.size()), 3) +
         static_cast<char>(type) + static_cast<char>(flags) +
         BigEndian(stream, 4) + payload;
}

// RFC 7541, 6.2.2: literals that enter no table.
std::string Headers(const std::string& method) {
  const std::pair<std::string, std::string> fields[] = {
      {":method", "POST"}, {":scheme", "http"},
      {":path", method},   {":authority", "localhost"},
      {"te", "trailers"},  {"content-type", "application/grpc"}};
  std::string text;
  for (const auto& [name, value] : fields) {
    text += '\0';
    for (const std::string& part : {name, value}) {
      text += static_cast<char>(part.size());
      text += part;
    }
  }
  return text;
}

}  // namespace

HeldCalls::~HeldCalls() {
  for (const int socket : sockets_) ::close(socket);
}

bool HeldCalls::Hold(int port, const std::string& method, int calls,
                     const std::string& begun) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  sockets_.push_back(socket);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) != 0) {
    return false;
  }
  std::string bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  bytes += Frame(kSettings, 0, 0, "") + Frame(kSettings, kAck, 0, "");
  for (int call = 0; call < calls; ++call) {
    const uint32_t stream = 2 * static_cast<uint32_t>(call) + 1;
    bytes += Frame(kHeaders, kEndHeaders, stream, Headers(method));
    if (!begun.empty()) bytes += Frame(kData, 0, stream, begun);
  }
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t some =
        ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (some <= 0) return false;
    sent += static_cast<size_t>(some);
  }
  return true;
}

}  // namespace marquee
