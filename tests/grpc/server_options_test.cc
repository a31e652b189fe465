#include "server/grpc/server_options.h"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/request_limits.h"
#include "gmock/gmock.h"
#include "grpc/impl/codegen/compression_types.h"
#include "grpc/impl/codegen/grpc_types.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "marquee/v1/admin_service.grpc.pb.h"
#include "server/service/wire_check.h"
#include "tests/grpc/raw_call.h"

namespace marquee {
namespace {

constexpr char kReflection[] =
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr char kRollback[] = "/marquee.v1.AdminService/Rollback";

// Answers with as many bytes as it is told to.
class Service final : public v1::AdminService::Service {
 public:
  grpc::Status Rollback(grpc::ServerContext*, const v1::RollbackRequest*,
                        v1::ReloadResponse* response) override {
    response->set_note(std::string(bytes, 'x'));
    return grpc::Status::OK;
  }
  std::atomic<size_t> bytes = 0;
};

class ServerOptionsTest : public ::testing::Test {
 protected:
  std::unique_ptr<grpc::Server> Listen(bool reflection, int port, int& bound) {
    grpc::ServerBuilder builder;
    ApplyServerOptions(reflection, builder);
    builder.RegisterService(&service_);
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port),
                             grpc::InsecureServerCredentials(), &bound);
    return builder.BuildAndStart();
  }
  void Start(bool reflection) {
    server_ = Listen(reflection, 0, port_);
    ASSERT_NE(server_, nullptr);
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    channel_ = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port_),
                                         grpc::InsecureChannelCredentials(),
                                         arguments);
  }

  Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServerOptionsTest, ReflectionIsThereWhereItIsAskedFor) {
  const std::string list_services("\x3a\0", 2);
  Start(false);
  EXPECT_EQ(CallRaw(channel_, kReflection, list_services).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  Start(true);
  EXPECT_THAT(CallRaw(channel_, kReflection, list_services).bytes,
              ::testing::HasSubstr("marquee.v1.AdminService"));
}

TEST_F(ServerOptionsTest, ARequestHasSoManyBytesAtMost) {
  Start(false);
  // A field that nobody knows, of so many bytes with its tag and length.
  const auto request = [](size_t bytes) {
    const size_t content = bytes - 4;
    std::string text = "\x7a";
    text += static_cast<char>((content & 127) | 128);
    text += static_cast<char>((content >> 7 & 127) | 128);
    text += static_cast<char>(content >> 14);
    return text + std::string(content, 'x');
  };
  EXPECT_TRUE(
      CallRaw(channel_, kRollback, request(kMaxRequestBytes)).status.ok());
  EXPECT_EQ(CallRaw(channel_, kRollback, request(kMaxRequestBytes + 1))
                .status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// What is small on the wire may be large unpacked.
TEST_F(ServerOptionsTest, ACompressedRequestIsRefused) {
  Start(false);
  const auto stub = v1::AdminService::NewStub(channel_);
  v1::RollbackRequest request;
  request.set_reason(std::string(100'000, 'x'));
  v1::ReloadResponse response;
  for (const grpc_compression_algorithm packed :
       {GRPC_COMPRESS_NONE, GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    grpc::ClientContext context;
    context.set_compression_algorithm(packed);
    EXPECT_EQ(stub->Rollback(&context, request, &response).error_code(),
              packed == GRPC_COMPRESS_NONE ? grpc::StatusCode::OK
                                           : grpc::StatusCode::UNIMPLEMENTED);
  }
}

// Four mebibytes, which clients take without a setting of their own.
TEST_F(ServerOptionsTest, AnAnswerHasSoManyBytesAtMost) {
  Start(false);
  service_.bytes = 4 * 1024 * 1024 - 5;
  EXPECT_TRUE(CallRaw(channel_, kRollback, "").status.ok());
  service_.bytes += 1;
  EXPECT_EQ(CallRaw(channel_, kRollback, "").status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServerOptionsTest, ASecondServerDoesNotTakeThePort) {
  Start(false);
  int bound = 0;
  EXPECT_EQ(Listen(false, port_, bound), nullptr);
}

// What gRPC is told about connections.
class Arguments final : public grpc::ServerBuilderOption {
 public:
  explicit Arguments(std::map<std::string, int>& values) : values_(values) {}
  void UpdateArguments(grpc::ChannelArguments* arguments) override {
    const grpc_channel_args all = arguments->c_channel_args();
    for (size_t i = 0; i < all.num_args; ++i) {
      if (all.args[i].type == GRPC_ARG_INTEGER) {
        values_[all.args[i].key] = all.args[i].value.integer;
      }
    }
  }
  void UpdatePlugins(
      std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>*) override {}

 private:
  std::map<std::string, int>& values_;
};

TEST_F(ServerOptionsTest, ConnectionsAreLookedAfter) {
  std::map<std::string, int> values;
  grpc::ServerBuilder builder;
  ApplyServerOptions(false, builder);
  builder.SetOption(std::make_unique<Arguments>(values));
  const auto server = builder.BuildAndStart();
  // A dead peer is found within a minute, an idle one too.
  EXPECT_GE(values[GRPC_ARG_KEEPALIVE_TIME_MS], 30'000);
  EXPECT_GE(values[GRPC_ARG_KEEPALIVE_TIMEOUT_MS], 5'000);
  EXPECT_LE(values[GRPC_ARG_KEEPALIVE_TIME_MS] +
                values[GRPC_ARG_KEEPALIVE_TIMEOUT_MS],
            60'000);
  EXPECT_EQ(values[GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS], 1);
  // A client may ask as often as it is asked.
  EXPECT_GE(values[GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS],
            1'000);
  EXPECT_LE(values[GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS],
            values[GRPC_ARG_KEEPALIVE_TIME_MS]);
  // Clients come anew within a quarter of an hour, and calls outlive that.
  EXPECT_GE(values[GRPC_ARG_MAX_CONNECTION_AGE_MS], 60'000);
  EXPECT_LE(values[GRPC_ARG_MAX_CONNECTION_AGE_MS], 900'000);
  EXPECT_GE(values[GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS], 10'000);
  EXPECT_LE(values[GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS], 60'000);
  EXPECT_GE(values[GRPC_ARG_MAX_CONNECTION_IDLE_MS],
            values[GRPC_ARG_MAX_CONNECTION_AGE_MS]);
  EXPECT_GE(values[GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS], 1'000);
  EXPECT_LE(values[GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS], 30'000);
  // A connection has room for a busy client, not for all there is.
  EXPECT_EQ(values[GRPC_ARG_MAX_CONCURRENT_STREAMS], 128);
  // A call with too much metadata fails alone: see metadata_check.h.
  EXPECT_GE(values[GRPC_ARG_MAX_METADATA_SIZE], 512 * 1024);
}

}  // namespace
}  // namespace marquee
