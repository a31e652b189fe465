// Calls that a client begins and never goes on with, as no library would.
#ifndef MARQUEE_TESTS_INTEGRATION_HELD_CALLS_H_
#define MARQUEE_TESTS_INTEGRATION_HELD_CALLS_H_

#include <string>
#include <vector>

namespace marquee {

// Speaks just enough HTTP/2. Its connections are closed with it.
class HeldCalls {
 public:
  HeldCalls() = default;
  HeldCalls(const HeldCalls&) = delete;
  HeldCalls& operator=(const HeldCalls&) = delete;
  ~HeldCalls();

  // One more connection to the port of this machine, with so many calls of the
  // method ("/service/method") that end after `begun`, the first bytes of a
  // message. False: it can not be made, or was ended meanwhile.
  bool Hold(int port, const std::string& method, int calls,
            const std::string& begun);

 private:
  std::vector<int> sockets_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_INTEGRATION_HELD_CALLS_H_
