#include "server/rpc/status.h"

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

TEST(Status, ARefusalSaysWhetherAnotherReplicaMayAnswer) {
  for (size_t i = 0; i < kRefusals; ++i) {
    const Refusal refusal = static_cast<Refusal>(i);
    const bool late =
        refusal == Refusal::kDeadline || refusal == Refusal::kExpired;
    EXPECT_EQ(ToStatus(refusal).code(),
              late ? absl::StatusCode::kDeadlineExceeded
                   : absl::StatusCode::kUnavailable)
        << RefusalName(refusal);
  }
}

}  // namespace
}  // namespace marquee
