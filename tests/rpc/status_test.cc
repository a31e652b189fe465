#include "server/rpc/status.h"

#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
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

// Trailers that are too long make clients report another code.
TEST(Status, ALongMessageIsCutOff) {
  const auto sent = [](size_t bytes) {
    return ToGrpcStatus(absl::InternalError(std::string(bytes, 'x')))
        .error_message();
  };
  EXPECT_EQ(sent(2048), std::string(2048, 'x'));
  EXPECT_EQ(sent(2049), std::string(2048, 'x') + " … (cut off)");
}

TEST(Status, ARefusalSaysWhy) {
  const std::pair<Refusal, absl::string_view> expected[] = {
      {Refusal::kDeadline, "the deadline can not be met"},
      {Refusal::kExpired, "the deadline passed while the request waited"},
      {Refusal::kQueueFull, "too many requests wait"},
      {Refusal::kSlowQueue, "the request waited too long"},
      {Refusal::kBatch, "batch requests give way to interactive ones"},
      {Refusal::kNoSnapshot, "no snapshot is loaded yet"},
      {Refusal::kExplanations, "as many explanations are under way"},
      {Refusal::kDraining, "the server is shutting down"}};
  static_assert(std::size(expected) == kRefusals);
  for (const auto& [refusal, why] : expected) {
    EXPECT_THAT(std::string(ToStatus(refusal).message()),
                ::testing::HasSubstr(std::string(why)));
  }
}

}  // namespace
}  // namespace marquee
