#include <signal.h>

#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/load.h"
#include "tests/integration/server_process.h"
#include "tests/integration/slow_client.h"
#include "tests/integration/world.h"
#include "tests/paths.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

TEST(Lifecycle, BeforeASnapshotThePortsAreOpenAndReadinessSaysNo) {
  World world;
  ServerProcess server(world.snapshots(), {"--poll_seconds=1"});
  ASSERT_NE(server.WaitForEvent("no snapshot yet"), "");
  EXPECT_EQ(server.Health("marquee-liveness"), "SERVING");
  EXPECT_EQ(server.Health("marquee-startup"), "NOT_SERVING");
  EXPECT_EQ(server.Health("marquee-readiness"), "NOT_SERVING");
  EXPECT_EQ(server.Health(""), "NOT_SERVING");
  EXPECT_EQ(server.Metric("marquee_snapshot_loaded"), 0);
  grpc::ClientContext context;
  v1::RecommendResponse response;
  EXPECT_EQ(server.service().Recommend(&context, {}, &response).error_code(),
            grpc::UNAVAILABLE);
  EXPECT_EQ(context.GetServerTrailingMetadata().count("grpc-retry-pushback-ms"),
            1);
  EXPECT_TRUE(context.GetServerInitialMetadata().empty());

  world.Build();
  ASSERT_NE(server.WaitForEvent("serving"), "");
  EXPECT_EQ(server.Health("marquee-startup"), "SERVING");
  EXPECT_EQ(server.Health("marquee-readiness"), "SERVING");
  EXPECT_EQ(server.Health(""), "SERVING");
  EXPECT_EQ(server.Health("marquee.v1.RecommendationService"), "SERVING");
}

TEST(Lifecycle, WithoutASnapshotAndWithoutPollingItEndsAndSaysWhy) {
  World world;
  ServerProcess server(world.snapshots());
  EXPECT_EQ(server.WaitForExit(), 1);
  EXPECT_THAT(server.WaitForEvent("stopped"), HasSubstr("holds no snapshot"));
}

// A balancer stops to send once readiness says no; until then, and for what is
// under way then, every call is answered.
TEST(Lifecycle, SigtermUnderLoadFailsNoCall) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {"--drain_delay_ms=1500"});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  Load load(server, 4);
  absl::SleepFor(absl::Milliseconds(300));
  server.Signal(SIGTERM);
  ASSERT_NE(server.WaitForEvent("draining"), "");
  EXPECT_EQ(server.Health("marquee-readiness"), "NOT_SERVING");
  EXPECT_EQ(server.Health("marquee-liveness"), "SERVING");
  const int before = load.answered();
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_GT(load.answered(), before) << "did not serve on";
  load.Stop();
  EXPECT_EQ(server.WaitForExit(), 0);
  EXPECT_EQ(load.failed(), 0) << load.first_failure();
  EXPECT_NE(server.WaitForEvent("stopped"), "");
}

// What was accepted is answered to the last byte, however slowly it is read.
TEST(Lifecycle, AnswersThatAreStillUnderWayAtTheShutdownArrive) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(), {"--drain_delay_ms=-1"});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  SlowClient client(server.recommend_port());
  constexpr int kCalls = 20;
  for (int i = 1; i <= kCalls; ++i) {
    v1::ExplainRequest request;
    request.mutable_request()->mutable_context()->set_user_id(
        absl::StrCat("u", i));
    request.mutable_request()->set_limit(200);
    client.Call("Explain", request.SerializeAsString());
    // One explanation at a time.
    for (int look = 0; look < 1000; ++look) {
      if (server.Metric("grpc_server_handled_total{grpc_type=\"unary\","
                        "grpc_service=\"marquee.v1.RecommendationService\","
                        "grpc_method=\"Explain\",grpc_code=\"OK\"}") == i) {
        break;
      }
      absl::SleepFor(absl::Milliseconds(10));
    }
  }
  server.Signal(SIGTERM);
  // A server that closes at once has done so by then.
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_EQ(client.ReadToTheEnd(), kCalls);
  EXPECT_EQ(server.WaitForExit(), 0);
}

// Nobody was sent to a server that never was ready: SIGTERM is obeyed at once,
// whatever the delay.
TEST(Lifecycle, AServerThatIsNotReadyYetEndsWithoutTheDrainDelay) {
  World world;
  ServerProcess server(world.snapshots(),
                       {"--poll_seconds=3600", "--drain_delay_ms=600000"});
  ASSERT_NE(server.WaitForEvent("no snapshot yet"), "");
  server.Signal(SIGTERM);
  EXPECT_THAT(server.WaitForEvent("draining"), HasSubstr("\"delay_ms\":0"));
  EXPECT_EQ(server.WaitForExit(), 0);
}

// The connections of clients that are idle do not hold the process.
TEST(Lifecycle, IdleConnectionsDoNotDelayTheEnd) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots(),
                       {"--drain_delay_ms=-1", "--drain_deadline_ms=120000"});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  v1::RecommendResponse response;
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext context;
    ASSERT_TRUE(server.service().Recommend(&context, {}, &response).ok());
  }
  const absl::Time before = absl::Now();
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForExit(), 0);
  EXPECT_LT(absl::Now() - before, absl::Seconds(60));
}

// A port that is taken is said in the server's own log, with the cause.
TEST(Lifecycle, APortInUseIsNamedWithItsCause) {
  World world;
  ServerProcess first(world.snapshots(), {"--poll_seconds=1"});
  const std::string taken =
      absl::StrCat("--listen=127.0.0.1:", first.recommend_port());
  ServerProcess second(world.snapshots(), {taken});
  EXPECT_EQ(second.WaitForExit(), 1);
  EXPECT_THAT(second.WaitForEvent("grpc"), HasSubstr("Address already in use"));
  EXPECT_THAT(second.WaitForEvent("not started"),
              HasSubstr("listen: can not listen on 127.0.0.1:"));
}

TEST(Lifecycle, ReloadAndRollbackUnderLoadFailNoCall) {
  World world;
  world.Build();
  ServerProcess server(world.snapshots());
  ASSERT_NE(server.WaitForEvent("serving"), "");
  Load load(server, 4);
  world.Build("pins { name: 'top' item_id: 't1' position: 1 }");
  for (int i = 0; i < 10; ++i) {
    grpc::ClientContext context;
    v1::ReloadResponse reloaded;
    // Each rollback blocks it.
    v1::ReloadRequest second;
    second.set_version(2);
    second.set_force(true);
    const grpc::Status status =
        server.admin().Reload(&context, second, &reloaded);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(reloaded.version(), 2);
    grpc::ClientContext back_context;
    v1::ReloadResponse back;
    ASSERT_TRUE(server.admin().Rollback(&back_context, {}, &back).ok());
    EXPECT_EQ(back.previous_version(), 2);
    // A second one does not bring back what was left.
    grpc::ClientContext again_context;
    v1::ReloadResponse again;
    EXPECT_EQ(server.admin().Rollback(&again_context, {}, &again).error_code(),
              grpc::FAILED_PRECONDITION);
  }
  grpc::ClientContext context;
  v1::ReloadRequest first;
  first.set_version(1);
  v1::ReloadResponse reloaded;
  ASSERT_TRUE(server.admin().Reload(&context, first, &reloaded).ok());
  EXPECT_EQ(reloaded.version(), 1);
  load.Stop();
  EXPECT_GT(load.answered(), 0);
  EXPECT_EQ(load.failed(), 0) << load.first_failure();
  EXPECT_EQ(server.Metric("marquee_snapshot_reload_total{result=\"ok\"}"), 12);
  EXPECT_EQ(
      server.Metric("marquee_snapshot_reload_total{result=\"rolled_back\"}"),
      10);
}

TEST(Lifecycle, ADamagedVersionIsRefusedAndTheServedOneStays) {
  World world;
  world.Build();
  world.Build();
  std::filesystem::rename(world.snapshots() + "/2", world.Path("away"));
  ServerProcess server(world.snapshots());
  ASSERT_NE(server.WaitForEvent("serving"), "");
  std::filesystem::rename(world.Path("away"), world.snapshots() + "/2");
  world.Damage(2, "item_vectors");
  v1::ReloadResponse reloaded;
  {
    grpc::ClientContext context;
    const grpc::Status status = server.admin().Reload(&context, {}, &reloaded);
    EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
    EXPECT_THAT(status.error_message(), HasSubstr("item_vectors"));
  }
  {
    grpc::ClientContext context;
    v1::ReloadRequest request;
    request.set_version(77);
    EXPECT_EQ(server.admin().Reload(&context, request, &reloaded).error_code(),
              grpc::NOT_FOUND);
  }
  {
    grpc::ClientContext context;
    EXPECT_EQ(server.admin().Rollback(&context, {}, &reloaded).error_code(),
              grpc::FAILED_PRECONDITION);
  }
  grpc::ClientContext context;
  v1::GetStatusResponse status;
  ASSERT_TRUE(server.admin().GetStatus(&context, {}, &status).ok());
  EXPECT_EQ(status.state(), "serving");
  EXPECT_EQ(status.serving().version(), 1);
  EXPECT_EQ(status.serving().items(), 504);
  EXPECT_EQ(status.serving().users(), 200);
  EXPECT_FALSE(status.has_previous());
  grpc::ClientContext list_context;
  v1::ListSnapshotsResponse list;
  ASSERT_TRUE(server.admin().ListSnapshots(&list_context, {}, &list).ok());
  ASSERT_EQ(list.snapshots_size(), 2);
  EXPECT_EQ(list.snapshots(0).version(), 2);
  EXPECT_FALSE(list.snapshots(0).serving());
  EXPECT_TRUE(list.snapshots(1).serving());
  EXPECT_GT(list.snapshots(1).bytes(), 0);
}

TEST(Lifecycle, AtTheStartTheNewestThatLoadsServes) {
  World world;
  world.Build();
  world.Build();
  world.Damage(2, "catalog");
  ServerProcess server(world.snapshots(), {"--poll_seconds=1"});
  ASSERT_THAT(server.WaitForEvent("serving"), HasSubstr("\"version\":1"));
  EXPECT_EQ(server.Metric("marquee_snapshot_reload_total{result=\"failed\"}"),
            1);
  world.Build();
  for (int i = 0; i < 200; ++i) {
    if (server.Metric("marquee_snapshot_info{version=\"3\"") == 1) break;
    absl::SleepFor(absl::Milliseconds(100));
  }
  EXPECT_EQ(server.Metric("marquee_snapshot_info{version=\"3\""), 1);
  // The damaged one was not tried again.
  EXPECT_EQ(server.Metric("marquee_snapshot_reload_total{result=\"failed\"}"),
            1);
}

TEST(Lifecycle, AWrongConfigurationIsRefusedWithItsLine) {
  const std::string path = ::testing::TempDir() + "marquee_wrong.textproto";
  std::ofstream(path) << "workers: 2\nlissten: 'x'\n";
  const std::string command =
      absl::StrCat(BinaryDir(), "/marquee-server --config ", path, " 2>&1");
  std::FILE* const pipe = popen(command.c_str(), "r");
  char text[4096] = {};
  EXPECT_GT(std::fread(text, 1, sizeof(text) - 1, pipe), 0);
  EXPECT_EQ(WEXITSTATUS(pclose(pipe)), 2);
  EXPECT_THAT(std::string(text), HasSubstr("marquee_wrong.textproto:2:"));
}

}  // namespace
}  // namespace marquee
