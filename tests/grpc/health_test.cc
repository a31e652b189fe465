#include "server/grpc/health.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "tests/grpc/raw_call.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

// What an orchestrator is told when it asks grpc.health.v1.
TEST(Health, TellsStartReadinessAndLivenessApart) {
  Health::Enable();
  grpc::ServerBuilder builder;
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const auto serving = [&](const std::string& service) {
    const std::string request =
        std::string("\x0a") + static_cast<char>(service.size()) + service;
    const RawAnswer answer =
        CallRaw(server->InProcessChannel({}), "/grpc.health.v1.Health/Check",
                service.empty() ? "" : request);
    EXPECT_TRUE(answer.status.ok()) << service;
    EXPECT_EQ(answer.bytes.size(), 2);
    return answer.bytes == "\x08\x01";
  };
  // Started, ready by each of its names, alive.
  const auto all = [&] {
    return std::vector<bool>{serving("marquee-startup"),
                             serving("marquee-readiness"), serving(""),
                             serving("marquee.v1.RecommendationService"),
                             serving("marquee-liveness")};
  };
  Health health(*server);
  EXPECT_THAT(all(), ElementsAre(false, false, false, false, true));
  health.SetStarted();
  EXPECT_THAT(all(), ElementsAre(true, false, false, false, true));
  health.SetReady(true);
  EXPECT_THAT(all(), ElementsAre(true, true, true, true, true));
  health.SetAlive(false);
  EXPECT_THAT(all(), ElementsAre(true, true, true, true, false));
  health.SetReady(false);
  health.SetAlive(true);
  EXPECT_THAT(all(), ElementsAre(true, false, false, false, true));
  server->Shutdown();
}

}  // namespace
}  // namespace marquee
