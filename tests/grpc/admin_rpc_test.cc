#include "server/grpc/admin_rpc.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/version.h"
#include "core/snapshot/version_ledger.h"
#include "gmock/gmock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"
#include "tests/grpc/raw_call.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

class AdminRpcTest : public ReloaderFixture {
 protected:
  // A server without any version yet, or with the newest.
  void StartServer() {
    // The directory must be there; what it holds may be nothing.
    std::filesystem::create_directories(options_.snapshots);
    (void)Start();
    admin_ = std::make_unique<AdminRpc>(
        AdminRpc::Options{.snapshots = options_.snapshots,
                          .workers = 3,
                          .state = [this] { return state_; }},
        *published_, *reloader_, queue_, clock_);
  }
  void TearDown() override {
    admin_.reset();
    ReloaderFixture::TearDown();
  }

  v1::GetStatusResponse Status() {
    v1::GetStatusResponse status;
    EXPECT_TRUE(admin_->GetStatus({}, status).ok());
    return status;
  }
  v1::ListSnapshotsResponse List() {
    v1::ListSnapshotsResponse list;
    EXPECT_TRUE(admin_->ListSnapshots({}, list).ok());
    return list;
  }
  grpc::Status Reload(uint64_t version, bool force = false) {
    v1::ReloadRequest request;
    request.set_version(version);
    request.set_force(force);
    answer_.Clear();
    return admin_->Reload(request, answer_);
  }
  grpc::Status Rollback(const std::string& by = "ann",
                        const std::string& reason = "too few comedies") {
    v1::RollbackRequest request;
    request.set_by(by);
    request.set_reason(reason);
    answer_.Clear();
    return admin_->Rollback(request, answer_);
  }

  std::string state_ = "starting";
  AdmissionQueue queue_{{}, clock_};
  std::unique_ptr<AdminRpc> admin_;
  v1::ReloadResponse answer_;
};

TEST_F(AdminRpcTest, TheStatusBeforeAnythingIsServed) {
  StartServer();
  clock_.Advance(absl::Milliseconds(61'250));
  QueuedRequest waiting;
  queue_.Push(&waiting);
  const v1::GetStatusResponse status = Status();
  EXPECT_EQ(status.server_version(), Version());
  EXPECT_EQ(status.state(), "starting");
  EXPECT_EQ(status.uptime().seconds(), 61);
  EXPECT_EQ(status.uptime().nanos(), 250'000'000);
  EXPECT_FALSE(status.has_serving());
  EXPECT_FALSE(status.has_previous());
  EXPECT_EQ(status.workers(), 3);
  EXPECT_EQ(status.queue_depth(), 1);
  EXPECT_EQ(List().snapshots_size(), 0);
  EXPECT_EQ(Reload(0).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(AdminRpcTest, TheStatusTellsWhatIsServedAndWhatWasBefore) {
  Build();
  clock_.Advance(absl::Milliseconds(1500));
  StartServer();
  state_ = "serving";
  v1::GetStatusResponse status = Status();
  EXPECT_EQ(status.state(), "serving");
  EXPECT_FALSE(status.has_previous());
  const v1::SnapshotStatus& serving = status.serving();
  EXPECT_EQ(serving.version(), 1);
  EXPECT_EQ(serving.digest(), published_->current()->snapshot().digest());
  EXPECT_EQ(serving.created().seconds(),
            ReadManifest(Path(1))->created_unix_seconds());
  EXPECT_EQ(serving.loaded().seconds(), kSmallNow + 1);
  EXPECT_EQ(serving.loaded().nanos(), 500'000'000);
  EXPECT_EQ(serving.items(), 4);
  EXPECT_EQ(serving.users(), 2);
  EXPECT_EQ(serving.dimension(), 2);
  EXPECT_EQ(serving.identity(), IdentityText(IdentityOf(1)));

  Build();
  ASSERT_TRUE(Reload(2).ok());
  EXPECT_EQ(answer_.previous_version(), 1);
  EXPECT_EQ(answer_.version(), 2);
  EXPECT_EQ(answer_.identity(), IdentityText(IdentityOf(2)));
  EXPECT_TRUE(answer_.has_duration());
  EXPECT_FALSE(answer_.has_persisted());
  status = Status();
  EXPECT_EQ(status.serving().version(), 2);
  EXPECT_EQ(status.previous().version(), 1);
  EXPECT_EQ(status.previous().identity(), IdentityText(IdentityOf(1)));
}

TEST_F(AdminRpcTest, WhatIsRolledBackFromIsBlockedAndListedSo) {
  Build();
  StartServer();
  Build();
  ASSERT_TRUE(Reload(0).ok());
  ASSERT_TRUE(Rollback().ok());
  EXPECT_EQ(answer_.previous_version(), 2);
  EXPECT_EQ(answer_.version(), 1);
  EXPECT_EQ(answer_.identity(), IdentityText(IdentityOf(1)));
  EXPECT_TRUE(answer_.persisted());
  const v1::ListSnapshotsResponse list = List();
  ASSERT_EQ(list.snapshots_size(), 2);
  for (const v1::SnapshotEntry& entry : list.snapshots()) {
    const config::Manifest manifest = *ReadManifest(Path(entry.version()));
    int64_t bytes = 0;
    for (const auto& section : manifest.sections()) bytes += section.bytes();
    EXPECT_GT(bytes, 0);
    EXPECT_EQ(entry.bytes(), bytes);
    EXPECT_EQ(entry.created().seconds(), manifest.created_unix_seconds());
    EXPECT_EQ(entry.identity(), IdentityText(manifest.identity()));
    EXPECT_EQ(entry.serving(), entry.version() == 1);
    EXPECT_EQ(entry.fault(), "");
  }
  // The newest first.
  EXPECT_EQ(list.snapshots(0).version(), 2);
  EXPECT_THAT(list.snapshots(0).blocked(), HasSubstr("too few comedies"));
  EXPECT_EQ(list.snapshots(1).blocked(), "");

  const grpc::Status again = Rollback();
  EXPECT_EQ(again.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_FALSE(answer_.has_persisted());
  EXPECT_EQ(answer_.version(), 0);
  EXPECT_EQ(Reload(2).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reload(9).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(Reload(2, /*force=*/true).ok());
  EXPECT_THAT(answer_.note(), HasSubstr("version 1 is taken"));
}

TEST_F(AdminRpcTest, WordsThatCanNotBeKeptAreRefusedBeforeAnythingIsDone) {
  Build();
  StartServer();
  Build();
  ASSERT_TRUE(Reload(2).ok());
  const std::string long_words(1025, 'x');
  for (const grpc::Status& status :
       {Rollback(long_words, ""), Rollback("ann", long_words)}) {
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_THAT(status.error_message(),
                HasSubstr("has 1025 bytes, at most 1024"));
  }
  EXPECT_EQ(Status().serving().version(), 2);
  EXPECT_THAT(Rollback("ann", long_words).error_message(),
              ::testing::StartsWith("reason: "));
}

TEST_F(AdminRpcTest, ARollbackThatIsNotKeptSaysSo) {
  Build();
  StartServer();
  Build();
  ASSERT_TRUE(Reload(0).ok());
  MakeLedgerReadOnly();
  ASSERT_TRUE(Rollback().ok());
  EXPECT_TRUE(answer_.has_persisted());
  EXPECT_FALSE(answer_.persisted());
  EXPECT_NE(answer_.note(), "");
}

TEST_F(AdminRpcTest, TheListTellsWhatCanNotBeRead) {
  Build();
  StartServer();
  // Under its number there is another snapshot now, and one that is broken.
  const std::string other = BuildElsewhere(2);
  std::filesystem::remove_all(Path(1));
  std::filesystem::rename(other, Path(1));
  std::filesystem::create_directories(Path(7));
  std::ofstream(absl::StrCat(Path(7), "/", kManifestName)) << "{";
  std::ofstream(absl::StrCat(options_.snapshots, "/", kLedgerName)) << "{";
  const v1::ListSnapshotsResponse list = List();
  ASSERT_EQ(list.snapshots_size(), 2);
  for (const v1::SnapshotEntry& entry : list.snapshots()) {
    EXPECT_FALSE(entry.serving());
    if (entry.version() == 7) {
      EXPECT_THAT(entry.fault(), HasSubstr(Path(7)));
      EXPECT_EQ(entry.identity(), "");
      continue;
    }
    EXPECT_EQ(entry.fault(), "");
    // Nobody knows what is blocked.
    EXPECT_THAT(entry.blocked(), HasSubstr(kLedgerName));
  }
  std::filesystem::remove_all(options_.snapshots);
  v1::ListSnapshotsResponse none;
  EXPECT_THAT(admin_->ListSnapshots({}, none).error_message(),
              HasSubstr(options_.snapshots));
}

// As clients call it.
TEST_F(AdminRpcTest, EveryMethodIsThereForCallers) {
  Build();
  StartServer();
  Build();
  grpc::ServerBuilder builder;
  builder.RegisterService(admin_.get());
  const auto server = builder.BuildAndStart();
  const auto call = [&](const std::string& method,
                        const google::protobuf::Message& request,
                        google::protobuf::Message& answer) {
    const RawAnswer raw = CallRaw(server->InProcessChannel({}),
                                  "/marquee.v1.AdminService/" + method,
                                  request.SerializePartialAsString());
    EXPECT_TRUE(answer.ParseFromString(raw.bytes));
    return raw.status;
  };
  v1::GetStatusResponse status;
  EXPECT_TRUE(call("GetStatus", v1::GetStatusRequest(), status).ok());
  EXPECT_EQ(status.serving().version(), 1);
  v1::ListSnapshotsResponse list;
  EXPECT_TRUE(call("ListSnapshots", v1::ListSnapshotsRequest(), list).ok());
  EXPECT_EQ(list.snapshots_size(), 2);
  v1::ReloadRequest reload;
  reload.set_version(9);
  EXPECT_EQ(call("Reload", reload, answer_).error_code(), grpc::NOT_FOUND);
  reload.set_version(2);
  EXPECT_TRUE(call("Reload", reload, answer_).ok());
  EXPECT_EQ(answer_.version(), 2);
  v1::RollbackRequest rollback;
  rollback.set_by("\xff");
  EXPECT_THAT(call("Rollback", rollback, answer_).error_message(),
              HasSubstr("by: is not UTF-8"));
  rollback.set_by("ann");
  EXPECT_TRUE(call("Rollback", rollback, answer_).ok());
  EXPECT_EQ(answer_.version(), 1);
  server->Shutdown();
}

}  // namespace
}  // namespace marquee
