#include "server/grpc/status.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(Status, KeepsCodeAndMessage) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status status =
        ToGrpcStatus(absl::Status(static_cast<absl::StatusCode>(code), "why"));
    EXPECT_EQ(static_cast<int>(status.error_code()), code);
    EXPECT_EQ(status.error_message(), "why");
  }
}

// Trailers that are too long make clients report another code.
TEST(Status, ALongMessageIsCutOff) {
  const auto sent = [](size_t bytes) {
    return ToGrpcStatus(absl::InternalError(std::string(bytes, 'x')))
        .error_message();
  };
  EXPECT_EQ(sent(2048), std::string(2048, 'x'));
  EXPECT_EQ(sent(2049), std::string(2048, 'x') + " … (cut off)");
}

}  // namespace
}  // namespace marquee
