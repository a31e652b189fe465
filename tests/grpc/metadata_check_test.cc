#include "server/grpc/metadata_check.h"

#include <string>

#include "grpcpp/test/server_context_test_spouse.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

// Keys and values count, of all entries together.
TEST(MetadataCheck, TakesThirtyTwoKibibytes) {
  grpc::ServerContext context;
  EXPECT_TRUE(CheckMetadata(context).ok());
  grpc::testing::ServerContextTestSpouse client(&context);
  client.AddClientMetadata("authorization", std::string(16 * 1024 - 13, 'x'));
  client.AddClientMetadata("cookie", std::string(16 * 1024 - 6, 'x'));
  EXPECT_TRUE(CheckMetadata(context).ok());
  client.AddClientMetadata("a", "");
  const absl::Status status = CheckMetadata(context);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "metadata: has 32769 bytes, at most 32768");
}

}  // namespace
}  // namespace marquee
