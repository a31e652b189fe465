// A client that reads slowly: HTTP/2 by hand over a socket with a small buffer,
// so that answers wait in the server's kernel. No gRPC library would let them.
#ifndef MARQUEE_TESTS_INTEGRATION_SLOW_CLIENT_H_
#define MARQUEE_TESTS_INTEGRATION_SLOW_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace marquee {

class SlowClient {
 public:
  explicit SlowClient(int port);
  SlowClient(const SlowClient&) = delete;
  SlowClient& operator=(const SlowClient&) = delete;
  ~SlowClient();

  // Begins a call of RecommendationService; reads nothing.
  void Call(const std::string& method, const std::string& message);
  // Reads until the server closes, acknowledging pings and sending one;
  // returns how many calls were answered to the end.
  size_t ReadToTheEnd();

 private:
  void Send(uint8_t type, uint8_t flags, uint32_t stream,
            const std::string& payload);
  bool Read(size_t bytes, std::string& out);

  int socket_ = -1;
  uint32_t next_stream_ = 1;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_INTEGRATION_SLOW_CLIENT_H_
