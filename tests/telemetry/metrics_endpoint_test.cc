#include "server/telemetry/metrics_endpoint.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/metric_family.h"

namespace marquee {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class OneGauge final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::MetricFamily family;
    family.name = "marquee_test";
    family.help = "Of a test.";
    family.type = prometheus::MetricType::Gauge;
    family.metric.emplace_back().gauge.value = 7;
    return {family};
  }
};

auto Serve(const std::string& address) {
  return MetricsEndpoint::Create(address, {std::make_shared<OneGauge>()});
}

// The answer to one request, by a socket of the family; "": no connection.
std::string Ask(int family, int port, const std::string& request) {
  const int descriptor = ::socket(family, SOCK_STREAM, 0);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(static_cast<uint16_t>(port));
  six.sin6_addr = in6addr_loopback;
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = six.sin6_port;
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* const address = family == AF_INET6
                                  ? reinterpret_cast<const sockaddr*>(&six)
                                  : reinterpret_cast<const sockaddr*>(&four);
  std::string text;
  if (::connect(descriptor, address,
                family == AF_INET6 ? sizeof(six) : sizeof(four)) == 0) {
    const std::string whole =
        request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::write(descriptor, whole.data(), whole.size()),
              static_cast<ssize_t>(whole.size()));
    char buffer[4096];
    for (ssize_t n; (n = ::read(descriptor, buffer, sizeof(buffer))) > 0;) {
      text.append(buffer, static_cast<size_t>(n));
    }
  }
  ::close(descriptor);
  return text;
}

TEST(MetricsEndpoint, GivesTheTextFormatAndNothingElse) {
  const auto endpoint = Serve("127.0.0.1:0");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  const int port = (*endpoint)->port();
  const std::string scrape = Ask(AF_INET, port, "GET /metrics");
  EXPECT_THAT(scrape, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(scrape, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(scrape, EndsWith("# HELP marquee_test Of a test.\n"
                               "# TYPE marquee_test gauge\n"
                               "marquee_test 7\n"));
  EXPECT_THAT(Ask(AF_INET, port, "GET /"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(Ask(AF_INET, port, "POST /metrics"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(Ask(AF_INET, port, "HEAD /metrics"), EndsWith("\r\n\r\n"));
}

TEST(MetricsEndpoint, ListensOnIpv6AsOnIpv4) {
  const auto six = Serve("[::1]:0");
  if (!six.ok()) GTEST_SKIP() << "no IPv6 here: " << six.status();
  EXPECT_THAT(Ask(AF_INET6, (*six)->port(), "GET /metrics"),
              HasSubstr("marquee_test 7"));
  EXPECT_EQ(Ask(AF_INET, (*six)->port(), "GET /metrics"), "");
  const auto both = Serve("[::]:0");
  ASSERT_TRUE(both.ok()) << both.status();
  for (const int family : {AF_INET, AF_INET6}) {
    EXPECT_THAT(Ask(family, (*both)->port(), "GET /metrics"),
                HasSubstr("marquee_test 7"));
  }
}

TEST(MetricsEndpoint, AnAddressThatCanNotBeBoundIsNamedWithWhy) {
  const auto first = Serve("127.0.0.1:0");
  ASSERT_TRUE(first.ok());
  const std::string taken = absl::StrCat("127.0.0.1:", (*first)->port());
  const auto fault = [](const std::string& address) {
    const auto endpoint = Serve(address);
    EXPECT_EQ(endpoint.status().code(), absl::StatusCode::kUnavailable);
    return std::string(endpoint.status().message());
  };
  EXPECT_EQ(fault(taken), absl::StrCat("metrics_listen: can not listen on ",
                                       taken, ": Address already in use"));
  EXPECT_THAT(fault("no.such.host.invalid:1"), HasSubstr("no.such.host"));
  for (const char* const wrong : {"[:0", "[]:0", "[::1:0"}) {
    EXPECT_THAT(fault(wrong), HasSubstr("is not [host]:port")) << wrong;
  }
  EXPECT_THAT(fault("9090"), HasSubstr("'9090' is not host:port"));
}

}  // namespace
}  // namespace marquee
