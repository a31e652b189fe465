#include "tests/integration/slow_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "gtest/gtest.h"

namespace marquee {
namespace {

// RFC 9113, section 6.
constexpr uint8_t kData = 0, kHeaders = 1, kSettings = 4, kPing = 6,
                  kWindowUpdate = 8;
constexpr uint8_t kEndStream = 1, kAck = 1, kEndHeaders = 4;
constexpr size_t kFrameHeader = 9;

std::string BigEndian(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) {
    text += static_cast<char>(value >> (8 * i));
  }
  return text;
}
uint32_t Number(const std::string& text, size_t at, size_t bytes) {
  uint32_t value = 0;
  for (size_t i = at; i < at + bytes; ++i) {
    value = value << 8 | static_cast<uint8_t>(text[i]);
  }
  return value;
}

// A literal field without indexing (RFC 7541, section 6.2.2).
std::string Field(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + static_cast<char>(name.size()) + name +
         static_cast<char>(value.size()) + value;
}

}  // namespace

SlowClient::SlowClient(int port) {
  socket_ = socket(AF_INET, SOCK_STREAM, 0);
  const int buffer = 4096;
  setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(
      connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
      0);
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  EXPECT_EQ(send(socket_, preface.data(), preface.size(), 0),
            static_cast<ssize_t>(preface.size()));
  constexpr uint32_t kLargest = 0x7FFFFFFF;
  constexpr uint32_t kInitialWindowSize = 4;
  Send(kSettings, 0, 0,
       BigEndian(kInitialWindowSize, 2) + BigEndian(kLargest, 4));
  Send(kWindowUpdate, 0, 0, BigEndian(1u << 30, 4));
}

SlowClient::~SlowClient() { close(socket_); }

void SlowClient::Call(const std::string& method, const std::string& message) {
  Send(kHeaders, kEndHeaders, next_stream_,
       Field(":method", "POST") + Field(":scheme", "http") +
           Field(":path", "/marquee.v1.RecommendationService/" + method) +
           Field(":authority", "test") + Field("te", "trailers") +
           Field("content-type", "application/grpc"));
  Send(kData, kEndStream, next_stream_,
       std::string(1, '\0') +
           BigEndian(static_cast<uint32_t>(message.size()), 4) + message);
  next_stream_ += 2;
}

size_t SlowClient::ReadToTheEnd() {
  size_t answered = 0;
  bool pinged = false;
  std::string header, payload;
  while (Read(kFrameHeader, header) && Read(Number(header, 0, 3), payload)) {
    const auto type = static_cast<uint8_t>(header[3]);
    const auto flags = static_cast<uint8_t>(header[4]);
    if (type == kPing && (flags & kAck) == 0) Send(kPing, kAck, 0, payload);
    if (type == kSettings && (flags & kAck) == 0) Send(kSettings, kAck, 0, "");
    // As a client that measures its bandwidth.
    if (type == kData && !pinged) {
      Send(kPing, 0, 0, "estimate");
      pinged = true;
    }
    // The trailers of a call.
    if (type == kHeaders && (flags & kEndStream) != 0) ++answered;
  }
  return answered;
}

void SlowClient::Send(uint8_t type, uint8_t flags, uint32_t stream,
                      const std::string& payload) {
  const std::string frame =
      BigEndian(static_cast<uint32_t>(payload.size()), 3) +
      static_cast<char>(type) + static_cast<char>(flags) +
      BigEndian(stream, 4) + payload;
  // The server may have gone: then the reading tells.
  (void)!send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL);
}

bool SlowClient::Read(size_t bytes, std::string& out) {
  out.clear();
  while (out.size() < bytes) {
    char buffer[512];
    const ssize_t got =
        recv(socket_, buffer, std::min(sizeof(buffer), bytes - out.size()), 0);
    if (got <= 0) return false;
    out.append(buffer, static_cast<size_t>(got));
  }
  return true;
}

}  // namespace marquee
