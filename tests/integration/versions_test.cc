// Pins and rollbacks outlive polling, restarts and new processes, also where
// the directory can not be written to; a number that is used again is loaded.
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/server_process.h"
#include "tests/integration/world.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kPoll = "--poll_seconds=1";

class Versions : public ::testing::Test {
 protected:
  static v1::GetStatusResponse StatusOf(ServerProcess& server) {
    grpc::ClientContext context;
    v1::GetStatusResponse status;
    EXPECT_TRUE(server.admin().GetStatus(&context, {}, &status).ok());
    return status;
  }
  static uint64_t Served(ServerProcess& server) {
    return StatusOf(server).serving().version();
  }
  static bool WaitForServed(ServerProcess& server, uint64_t version) {
    for (int i = 0; i < 300; ++i) {
      if (Served(server) == version) return true;
      absl::SleepFor(absl::Milliseconds(100));
    }
    return false;
  }
  // Returns when the server has looked at the directory after this moment: it
  // tells of a version that can not be read, and of another one each time.
  void WaitForPoll(ServerProcess& server) {
    const std::string path =
        absl::StrCat(world_.snapshots(), "/", 1000 + ++marks_);
    fs::create_directories(path);
    const double before =
        server.Metric("marquee_snapshot_reload_total{result=\"failed\"}");
    for (int i = 0; i < 300; ++i) {
      if (server.Metric("marquee_snapshot_reload_total{result=\"failed\"}") >
          before) {
        break;
      }
      absl::SleepFor(absl::Milliseconds(100));
    }
    fs::remove_all(path);
  }
  static grpc::Status Reload(ServerProcess& server, uint64_t version,
                             bool force = false) {
    grpc::ClientContext context;
    v1::ReloadRequest request;
    request.set_version(version);
    request.set_force(force);
    v1::ReloadResponse response;
    return server.admin().Reload(&context, request, &response);
  }
  static v1::ReloadResponse Rollback(ServerProcess& server) {
    grpc::ClientContext context;
    v1::RollbackRequest request;
    request.set_by("bob");
    request.set_reason("empty rows");
    v1::ReloadResponse response;
    const grpc::Status status =
        server.admin().Rollback(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  World world_;
  int marks_ = 0;
};

TEST_F(Versions, APinHoldsWhileTheServerPolls) {
  world_.Build();
  world_.Build();
  ServerProcess server(world_.snapshots(), {"--snapshot_version=1", kPoll});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  world_.Build();
  // Two looks and a half.
  absl::SleepFor(absl::Milliseconds(2500));
  EXPECT_EQ(Served(server), 1);
  EXPECT_THAT(Reload(server, 3).error_message(),
              HasSubstr("snapshot_version pins version 1"));
  EXPECT_TRUE(Reload(server, 0).ok());
  EXPECT_EQ(Served(server), 1);
  EXPECT_TRUE(Reload(server, 3, /*force=*/true).ok());
  EXPECT_EQ(Served(server), 3);
}

TEST_F(Versions, ARollbackOutlivesPollingRestartsAndReachesOtherServers) {
  world_.Build();
  ServerProcess other(world_.snapshots(), {kPoll});
  ASSERT_NE(other.WaitForEvent("serving"), "");
  {
    ServerProcess server(world_.snapshots(), {kPoll, "--drain_delay_ms=-1"});
    ASSERT_NE(server.WaitForEvent("serving"), "");
    world_.Build();
    ASSERT_TRUE(WaitForServed(server, 2));
    ASSERT_TRUE(WaitForServed(other, 2));
    const v1::ReloadResponse back = Rollback(server);
    EXPECT_EQ(back.version(), 1);
    EXPECT_TRUE(back.persisted());
    WaitForPoll(server);
    EXPECT_EQ(Served(server), 1);
    server.Signal(SIGTERM);
    EXPECT_EQ(server.WaitForExit(), 0);
  }
  // Another one that serves it leaves it by polling.
  EXPECT_TRUE(WaitForServed(other, 1));
  EXPECT_THAT(other.WaitForEvent("served version is blocked"),
              AllOf(HasSubstr("by bob"), HasSubstr("empty rows")));
  ServerProcess next(world_.snapshots());
  EXPECT_THAT(next.WaitForEvent("serving"), HasSubstr("\"version\":1"));
  EXPECT_THAT(Reload(next, 2).error_message(),
              AllOf(HasSubstr("by bob: empty rows"), HasSubstr("unblock")));
  EXPECT_TRUE(Reload(next, 2, /*force=*/true).ok());
  grpc::ClientContext context;
  v1::ListSnapshotsResponse list;
  ASSERT_TRUE(next.admin().ListSnapshots(&context, {}, &list).ok());
  ASSERT_EQ(list.snapshots_size(), 2);
  EXPECT_THAT(list.snapshots(0).blocked(), HasSubstr("by bob"));
  EXPECT_TRUE(list.snapshots(0).serving());
  EXPECT_EQ(list.snapshots(0).identity(), StatusOf(next).serving().identity());
}

TEST_F(Versions, WhereTheDirectoryCanNotBeWrittenTheConfigurationBlocks) {
  world_.Build();
  ServerProcess server(world_.snapshots(), {kPoll});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  world_.Build();
  ASSERT_TRUE(WaitForServed(server, 2));
  const std::string bad = StatusOf(server).serving().identity();
  // For the user root too, unlike a mode.
  fs::remove(world_.snapshots() + "/versions.lock");
  fs::create_directories(world_.snapshots() + "/versions.lock");
  const v1::ReloadResponse back = Rollback(server);
  EXPECT_EQ(back.version(), 1);
  EXPECT_TRUE(back.has_persisted());
  EXPECT_FALSE(back.persisted());
  EXPECT_THAT(back.note(), HasSubstr(absl::StrCat("blocked: \"", bad, "\"")));
  EXPECT_NE(server.WaitForEvent("rollback not kept"), "");
  WaitForPoll(server);
  EXPECT_EQ(Served(server), 1);
  ServerProcess next(world_.snapshots(), {kPoll, "--blocked=" + bad});
  EXPECT_THAT(next.WaitForEvent("serving"), HasSubstr("\"version\":1"));
  WaitForPoll(next);
  EXPECT_EQ(Served(next), 1);
}

// A volume that this process writes to and the server only reads.
TEST_F(Versions, AReadOnlyVolumeIsHonouredAndNeverWrittenTo) {
  if (std::system("unshare --mount true 2> /dev/null") != 0) {
    GTEST_SKIP() << "only a user who may mount can make a read-only volume";
  }
  const std::vector<std::string> read_only = {
      "unshare",
      "--mount",
      "sh",
      "-c",
      R"(mount --bind -o ro "$0" "$0" && exec "$@")",
      world_.snapshots()};
  world_.Build();
  ServerProcess server(world_.snapshots(), {kPoll}, read_only);
  ASSERT_NE(server.WaitForEvent("serving"), "");
  world_.Build();
  ASSERT_TRUE(WaitForServed(server, 2));
  const v1::ReloadResponse back = Rollback(server);
  EXPECT_EQ(back.version(), 1);
  EXPECT_TRUE(back.has_persisted());
  EXPECT_FALSE(back.persisted());
  EXPECT_THAT(back.note(), HasSubstr("blocked: \""));
  WaitForPoll(server);
  EXPECT_EQ(Served(server), 1);
  // A new process knows nothing of it; whoever may write there tells it.
  ServerProcess next(world_.snapshots(), {kPoll}, read_only);
  EXPECT_THAT(next.WaitForEvent("serving"), HasSubstr("\"version\":2"));
  ServerProcess pinned(world_.snapshots(), {kPoll, "--snapshot_version=1"},
                       read_only);
  EXPECT_THAT(pinned.WaitForEvent("serving"), HasSubstr("\"version\":1"));
  world_.Run("versions " + world_.snapshots() +
             " block 2 --by ann --why 'empty rows'");
  EXPECT_TRUE(WaitForServed(next, 1));
  world_.Build();
  EXPECT_TRUE(WaitForServed(next, 3));
  EXPECT_EQ(Served(pinned), 1);
}

TEST_F(Versions, ANumberThatIsUsedAgainIsLoaded) {
  world_.Build();
  world_.Build("blocks { name: 'oops' match { item_ids: 't1' } }");
  ServerProcess server(world_.snapshots(), {kPoll});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  const std::string first = StatusOf(server).serving().identity();
  // By hand: the tool gives no number twice.
  fs::rename(world_.snapshots(), world_.Path("away"));
  fs::create_directories(world_.snapshots());
  world_.Build();
  world_.Build();
  for (int i = 0; i < 300 && StatusOf(server).serving().identity() == first;
       ++i) {
    absl::SleepFor(absl::Milliseconds(100));
  }
  EXPECT_NE(StatusOf(server).serving().identity(), first);
  EXPECT_EQ(Served(server), 2);
}

TEST_F(Versions, ASnapshotThatShowsLessThanHalfIsRefusedUntilItIsConfirmed) {
  world_.Build();
  ServerProcess server(world_.snapshots(), {kPoll});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  world_.Build("blocks { name: 'one' match { item_ids: 't1' } only: true }",
               "--allow-empty");
  EXPECT_THAT(server.WaitForEvent("snapshot refused"),
              HasSubstr("less than half"));
  WaitForPoll(server);
  EXPECT_EQ(Served(server), 1);
  const grpc::Status asked = Reload(server, 2);
  EXPECT_EQ(asked.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(asked.error_message(), HasSubstr("force"));
  EXPECT_TRUE(Reload(server, 2, /*force=*/true).ok());
  EXPECT_EQ(Served(server), 2);
}

TEST_F(Versions, ASnapshotThatShowsNoUserAnythingEmptiesNoScreen) {
  world_.Build();
  ServerProcess server(world_.snapshots(), {kPoll});
  ASSERT_NE(server.WaitForEvent("serving"), "");
  world_.Build(
      "blocks { name: 'one' match { item_ids: 't1' } only: true }\n"
      "blocks { name: 'two' match { item_ids: 't2' } only: true }",
      "--allow-empty");
  EXPECT_THAT(server.WaitForEvent("snapshot refused"),
              AllOf(HasSubstr("no user anything"), HasSubstr("'one' (line")));
  EXPECT_EQ(Served(server), 1);
  ServerProcess next(world_.snapshots());
  EXPECT_THAT(next.WaitForEvent("serving"), HasSubstr("\"version\":1"));
  ASSERT_TRUE(Reload(next, 2, /*force=*/true).ok());
  grpc::ClientContext context;
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("u1");
  v1::RecommendResponse response;
  EXPECT_TRUE(next.service().Recommend(&context, request, &response).ok());
  EXPECT_EQ(next.Metric("marquee_lists_total{fill=\"empty\"}"), 1);
}

}  // namespace
}  // namespace marquee
