// What one client or one accident can do to a server that others use.
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/impl/codegen/rpc_method.h"
#include "gtest/gtest.h"
#include "tests/integration/held_calls.h"
#include "tests/integration/load.h"
#include "tests/integration/server_process.h"
#include "tests/integration/world.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// A machine that stands still for a moment is no overload: nothing is shed for
// the queue's delay, which UNAVAILABLE would say too.
constexpr const char* kPatience = "--queue_target_ms=60000";

// Sends bytes as they are.
class RawClient {
 public:
  explicit RawClient(const ServerProcess& server)
      : RawClient(server.NewChannel(), "RecommendationService") {}
  RawClient(std::shared_ptr<grpc::Channel> channel, std::string service)
      : channel_(std::move(channel)), service_(std::move(service)) {}

  grpc::Status Call(const std::string& method, const std::string& bytes,
                    grpc_compression_algorithm packed = GRPC_COMPRESS_NONE) {
    const std::string name =
        absl::StrCat("/marquee.v1.", service_, "/", method);
    const grpc::internal::RpcMethod rpc(name.c_str(),
                                        grpc::internal::RpcMethod::NORMAL_RPC);
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    context.set_compression_algorithm(packed);
    return grpc::internal::BlockingUnaryCall<grpc::ByteBuffer,
                                             grpc::ByteBuffer>(
        channel_.get(), rpc, &context, request, &response);
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::string service_;
};

#if defined(__SANITIZE_THREAD__)
constexpr int kRounds = 10;         // 250 take longer than a test may
constexpr bool kGivesBack = false;  // its shadow of what was in use stays
#else
constexpr int kRounds = 250;
constexpr bool kGivesBack = true;
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kMaxGrowth = 600 << 20;  // it keeps 256 MiB of what was freed
#else
constexpr int kMaxGrowth = 64 << 20;
#endif

std::string Field(int number, const std::string& content) {
  std::string text(1, static_cast<char>(number << 3 | 2));
  for (size_t rest = content.size();; rest >>= 7) {
    if (rest < 128) return text + static_cast<char>(rest) + content;
    text += static_cast<char>(rest % 128 | 128);
  }
}

std::string Times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

struct Flood {
  std::string method;
  std::string bytes;
};

// Of every repeated field, half a megabyte of its smallest entries.
std::vector<Flood> Floods() {
  constexpr int kEntries = 250'000;
  // In the context of a Recommend, and of a SimilarItems.
  const auto in = [](int context, int number) {
    return Field(context, Times(kEntries, Field(number, "")));
  };
  constexpr int kEvents = v1::RequestContext::kRecentEventsFieldNumber;
  constexpr int kExcluded = v1::RequestContext::kExcludeItemIdsFieldNumber;
  constexpr int kFilters = v1::RequestContext::kFiltersFieldNumber;
  return {
      {"Recommend", in(2, kEvents)},
      {"Recommend", Times(100'000, std::string("\x25\0\0\0\0", 5))},  // vector
      {"Recommend", in(2, kExcluded)},
      {"Recommend", in(2, kFilters)},
      {"Recommend", Field(2, Field(kFilters, Times(kEntries, Field(2, ""))))},
      {"Recommend", Times(kEntries, std::string("\x68\x01"))},  // unknown
      {"SimilarItems", in(3, kExcluded)},
      {"SimilarItems", in(3, kFilters)},
      {"Explain", Times(kEntries, Field(2, ""))},
      {"Explain", Field(1, in(2, kExcluded))}};
}

TEST(Hostile, MemoryIsFlatUnderTenThousandFloodsOfEveryRepeatedField) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  const std::vector<Flood> floods = Floods();
  const auto flood_all = [&](int rounds) {
    std::atomic<int> wrong = 0, code = 0;
    std::vector<std::thread> clients;
    for (int c = 0; c < 4; ++c) {
      clients.emplace_back([&, rounds] {
        RawClient client(server);
        for (int i = 0; i < rounds; ++i) {
          for (const Flood& flood : floods) {
            const auto status = client.Call(flood.method, flood.bytes);
            if (status.error_code() == grpc::INVALID_ARGUMENT) continue;
            ++wrong;
            code = status.error_code();
          }
        }
      });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(wrong, 0) << "the last with code " << code;
  };
  const auto resident = [&] {
    return server.Metric("process_resident_memory_bytes");
  };
  const double before = resident();
  ASSERT_GT(before, 0);
  flood_all(kRounds);
  EXPECT_LT(resident() - before, kMaxGrowth);
  // And it serves.
  v1::RecommendResponse response;
  grpc::ClientContext context;
  EXPECT_TRUE(server.service().Recommend(&context, {}, &response).ok());
}

// Ten thousand calls whose requests never come to an end.
TEST(Hostile, CallsThatNeverGoOnCostNothingOnceTheyAreGone) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  const double before = server.Metric("process_resident_memory_bytes");
  const auto growth = [&] {
    return server.Metric("process_resident_memory_bytes") - before;
  };
  // 655,000 bytes are announced; 500 come, as much as a connection takes
  // before the server asks for more.
  const std::string begun =
      std::string("\0\0\x09\xfe\x98", 5) + Times(495, "x");
  for (int round = 0; round < 2; ++round) {
    {
      HeldCalls held;
      for (int i = 0; i < 80; ++i) {
        ASSERT_TRUE(held.Hold(server.recommend_port(),
                              "/marquee.v1.RecommendationService/Recommend",
                              125, begun));
      }
      v1::RecommendResponse response;
      grpc::ClientContext context;
      EXPECT_TRUE(server.service().Recommend(&context, {}, &response).ok());
    }
    if (!kGivesBack) continue;
    for (int i = 0; i < 60 && growth() > kMaxGrowth; ++i) {
      absl::SleepFor(absl::Seconds(1));
    }
    EXPECT_LT(growth(), kMaxGrowth) << "round " << round;
  }
}

// What is small on the wire and large unpacked is not unpacked, on either port.
TEST(Hostile, ACompressedRequestIsRefusedBeforeItIsUnpacked) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  const double before = server.Metric("process_resident_memory_bytes");
  RawClient client(server);
  const std::string zeros(128 << 20, '\0');
  for (const auto packed : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    const grpc::Status status = client.Call("Recommend", zeros, packed);
    EXPECT_EQ(status.error_code(), grpc::UNIMPLEMENTED);
    EXPECT_THAT(status.error_message(), HasSubstr("ompression"));
    grpc::ClientContext context;
    context.set_compression_algorithm(packed);
    v1::RollbackRequest request;
    request.set_reason(zeros);
    v1::ReloadResponse response;
    EXPECT_EQ(
        server.admin().Rollback(&context, request, &response).error_code(),
        grpc::UNIMPLEMENTED);
  }
  EXPECT_LT(server.Metric("process_resident_memory_bytes") - before,
            kMaxGrowth);
  EXPECT_TRUE(client.Call("Recommend", "").ok());
}

// Beyond the largest request of the API nothing is read.
TEST(Hostile, ARequestOfAMegabyteIsRefusedAsAWhole) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  RawClient client(server);
  EXPECT_EQ(client.Call("Recommend", Field(1, std::string(1 << 20, 'x')))
                .error_code(),
            grpc::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(client.Call("Recommend", "").ok());
}

TEST(Hostile, TextThatIsNotUtf8IsTheCallersFaultAndNoLineOfTheLog) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  RawClient client(server);
  for (int i = 0; i < 50; ++i) {
    const grpc::Status status =
        client.Call("Recommend", Field(2, Field(6, "\xff\xfe")));
    ASSERT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    ASSERT_EQ(status.error_message(),
              "context.user_id: is not UTF-8: byte 0 is '\\xff'");
  }
  EXPECT_EQ(client.Call("Explain", Field(1, Field(2, Field(6, "\xc0"))))
                .error_message(),
            "request.context.user_id: is not UTF-8: byte 0 is '\\xc0'");
  RawClient admin(server.NewAdminChannel(), "AdminService");
  const grpc::Status rollback = admin.Call("Rollback", Field(1, "\xff"));
  EXPECT_EQ(rollback.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(rollback.error_message(),
            "reason: is not UTF-8: byte 0 is '\\xff'");
  server.Signal(SIGTERM);
  ASSERT_NE(server.WaitForEvent("draining"), "");
  EXPECT_EQ(server.LogLines("error"), 0);
}

// Calls with so many bytes of metadata, beside others on the same connection.
TEST(Hostile, MetadataOverTheLimitFailsAlone) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  const auto channel = server.NewChannel();
  const auto stub = v1::RecommendationService::NewStub(channel);
  std::atomic<bool> stop = false;
  std::atomic<int> failed = 0;
  std::atomic<int> answered = 0;
  std::thread others([&] {
    while (!stop) {
      grpc::ClientContext context;
      v1::RecommendResponse response;
      ++(stub->Recommend(&context, {}, &response).ok() ? answered : failed);
    }
  });
  const auto call = [&](size_t bytes) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", std::string(bytes, 'a'));
    v1::RecommendResponse response;
    return stub->Recommend(&context, {}, &response).error_code();
  };
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(call(9'000), grpc::OK);
    EXPECT_EQ(call(16 * 1024), grpc::OK);
    EXPECT_EQ(call(31 * 1024), grpc::OK);
    EXPECT_EQ(call(40 * 1024), grpc::RESOURCE_EXHAUSTED);
    EXPECT_EQ(call(900 * 1024), grpc::RESOURCE_EXHAUSTED);
  }
  stop = true;
  others.join();
  EXPECT_EQ(failed, 0);
  EXPECT_GT(answered, 0);
}

// Explanations at once, of which a server with two workers computes one.
TEST(Hostile, ExplanationsDoNotCrowdOutTheScreens) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  std::atomic<bool> stop = false;
  std::atomic<int> explained = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> other = 0;
  std::vector<std::thread> curious;
  for (int i = 0; i < 8; ++i) {
    curious.emplace_back([&] {
      const auto stub = v1::RecommendationService::NewStub(server.NewChannel());
      v1::ExplainRequest request;
      request.mutable_request()->set_limit(200);
      while (!stop) {
        grpc::ClientContext context;
        v1::ExplainResponse response;
        const grpc::Status status = stub->Explain(&context, request, &response);
        if (status.ok()) {
          ++explained;
        } else if (absl::StrContains(status.error_message(),
                                     "as many explanations are under way")) {
          ++refused;
        } else {
          ++other;
        }
      }
    });
  }
  Load load(server, 2);
  while (explained < 20 || refused < 20) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  load.Stop();
  stop = true;
  for (std::thread& client : curious) client.join();
  EXPECT_EQ(other, 0);
  EXPECT_EQ(load.failed(), 0) << load.first_failure();
  EXPECT_GT(load.answered(), 0);
  EXPECT_GE(server.Metric("marquee_shed_total{reason="
                          "\"explanations\"}"),
            20);
}

TEST(Hostile, ACutOffFileIsNamedByTheLastLine) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  const std::string file = world.snapshots() + "/1/users";
  std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  std::filesystem::resize_file(file, 0);
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u1");
  grpc::ClientContext context;
  v1::RecommendResponse response;
  EXPECT_FALSE(server.service().Recommend(&context, request, &response).ok());
  const std::string line = server.WaitForEvent("bus error");
  EXPECT_THAT(line, HasSubstr(absl::StrCat("\"file\":\"", file, "\"")));
  EXPECT_EQ(server.WaitForExit(), -1);
}

TEST(Hostile, ABusErrorSentAsASignalNamesNoFile) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  server.Signal(SIGBUS);
  EXPECT_EQ(server.WaitForExit(), -1);
  EXPECT_EQ(server.WaitForEvent("bus error", absl::Seconds(1)), "");
}

TEST(Hostile, AHangUpAsksForTheNewestVersionAndEndsNothing) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {kPatience});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  world.Build();
  server.Signal(SIGHUP);
  EXPECT_THAT(server.WaitForEvent("reload"), HasSubstr("SIGHUP"));
  v1::RecommendResponse response;
  for (int look = 0; look < 3000 && response.snapshot_version() != 2; ++look) {
    grpc::ClientContext context;
    ASSERT_TRUE(server.service().Recommend(&context, {}, &response).ok());
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(response.snapshot_version(), 2);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForExit(), 0);
}

}  // namespace
}  // namespace marquee
