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

TEST(Status, ALongMessageIsCutOffBetweenTwoCharacters) {
  // One to four bytes, at every place about the end.
  for (const std::string character : {"x", "é", "€", "😀"}) {
    for (size_t before = 2040; before <= 2048; ++before) {
      std::string message(before, 'x');
      while (message.size() <= 2060) message += character;
      const std::string sent =
          ToGrpcStatus(absl::InternalError(message)).error_message();
      const size_t whole = (2048 - before) / character.size();
      EXPECT_EQ(sent, message.substr(0, before + whole * character.size()) +
                          " … (cut off)");
    }
  }
  // Bytes that are no text have no characters.
  EXPECT_EQ(ToGrpcStatus(absl::InternalError(std::string(3000, '\x80')))
                .error_message(),
            std::string(2045, '\x80') + " … (cut off)");
}

}  // namespace
}  // namespace marquee
