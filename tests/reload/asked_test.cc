// What somebody asks for, what is told of it, and what goes on meanwhile.
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Asked : public ReloaderFixture {};

TEST_F(Asked, ADirectoryWithoutVersionsSaysSo) {
  EXPECT_EQ(Start().code(), absl::StatusCode::kNotFound);
  fs::create_directories(options_.snapshots);
  absl::Status status = Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("holds no snapshot"));
  status = reloader_->Reload(0).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("holds no snapshot"));
  EXPECT_THAT(Line("reload refused"), HasSubstr("holds no snapshot"));
  // The first version serves as soon as it is there.
  Build();
  Poll();
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Asked, AVersionThatIsNotThereIsNamed) {
  Build();
  ASSERT_TRUE(Start().ok());
  const absl::Status status = reloader_->Reload(9).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("has no version 9"));
  EXPECT_THAT(Line("reload refused"),
              AllOf(HasSubstr("\"version\":9"), HasSubstr("has no version 9")));
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Asked, ALoadOfAnOlderVersionReportsHowLongItStays) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  const auto older = reloader_->Reload(1);
  ASSERT_TRUE(older.ok()) << older.status();
  EXPECT_EQ(older->note,
            "it stays until one newer than all that were served is taken, "
            "SIGHUP or a restart; then that one or version 2 is taken, unless "
            "it is blocked");
  EXPECT_EQ(reloader_->Reload(2)->note, "");
  Block(2);
  EXPECT_EQ(reloader_->Reload(1)->note, "");
  UnblockAll();
  options_.poll = absl::ZeroDuration();
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(reloader_->Reload(1)->note,
            "it stays until SIGHUP or a restart; then version 2 is taken, "
            "unless it is blocked");
  options_.pinned_version = 2;
  ASSERT_TRUE(Start().ok());
  Block(2);
  EXPECT_EQ(reloader_->Reload(1, /*force=*/true)->note, "");
  UnblockAll();
  EXPECT_EQ(reloader_->Reload(1, /*force=*/true)->note,
            "it stays until SIGHUP or a restart; then version 2 is taken, "
            "which snapshot_version pins");
}

// It was blocked, and free again before another one was requested.
TEST_F(Asked, WhatIsFreeAgainBeforeIsNotTakenBack) {
  Build();
  Build();
  Block(2);
  ASSERT_TRUE(Start().ok());
  Build();
  Poll();
  ASSERT_EQ(Served().number, 3);
  Block(3);
  Poll();
  ASSERT_EQ(Served().number, 1);
  UnblockAll();
  ASSERT_TRUE(reloader_->Reload(1).ok());
  Poll();
  EXPECT_EQ(Served().number, 1);
}

// Force is for once: what polling has come back to is left when it is blocked.
TEST_F(Asked, ForceIsForgottenWhenPollingGoesElsewhere) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(1).ok());
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  Build();
  Poll();
  ASSERT_EQ(Served().number, 3);
  Block(3);
  Poll();
  ASSERT_EQ(Served().number, 2);
  Block(2);
  Poll();
  EXPECT_EQ(Served().number, 1);
}

// It was blocked while it was served with force.
TEST_F(Asked, WhatWasServedAllTheSameIsNotTakenBack) {
  Build();
  Build();
  Block(2);
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  Poll();
  ASSERT_EQ(Served().number, 2);
  UnblockAll();
  ASSERT_TRUE(reloader_->Reload(1).ok());
  Poll();
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Asked, WhereAllAreBlockedTheNewestIsNamed) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  Block(1, "has no German items");
  Block(2);
  const std::string refused = Refused(reloader_->Reload(0));
  EXPECT_THAT(refused,
              AllOf(HasSubstr("every version is blocked, the newest, 2, "),
                    HasSubstr("shows too little")));
  EXPECT_THAT(Refused(reloader_->Reload(2)),
              AllOf(HasSubstr("version 2 is blocked"),
                    HasSubstr("Reload with force loads it anyway")));
  const auto forced = reloader_->Reload(2, /*force=*/true);
  ASSERT_TRUE(forced.ok()) << forced.status();
  EXPECT_EQ(Served().number, 2);
  // Polling does not overrule force.
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_EQ(Lines("served version is blocked"), 0);
}

TEST_F(Asked, WhatIsPublishedIsToldWithAllThatItIs) {
  Build();
  clock_.Advance(absl::Seconds(3));
  ASSERT_TRUE(Start().ok());
  const Snapshot& snapshot = published_->current()->snapshot();
  EXPECT_THAT(
      Line("snapshot published"),
      AllOf(HasSubstr("\"version\":1"), HasSubstr("\"previous_version\":0"),
            HasSubstr(IdentityText(IdentityOf(1))),
            HasSubstr(snapshot.digest()), HasSubstr("\"items\":4"),
            HasSubstr("\"users\":2"), HasSubstr("\"retrieval\":\"exact\""),
            HasSubstr(absl::StrCat("\"ranker\":\"", snapshot.ranker()->engine(),
                                   "\"")),
            HasSubstr("\"ranks_of_items\":\"yes\""),
            HasSubstr("\"seconds\":0.0}")));
  EXPECT_EQ(publications_, 1);
  EXPECT_EQ(Reloads("ok"), 1);
  const std::string memory = Line("snapshot in memory");
  uint64_t mapped = 0;
  uint64_t resident = 0;
  for (const SectionMemory& section : published_->current()->sections()) {
    EXPECT_EQ(section.placement, Placement::kMapped);
    mapped += section.bytes;
    resident += section.residency.resident_bytes;
  }
  EXPECT_GT(mapped, 0);
  EXPECT_THAT(
      memory,
      AllOf(HasSubstr("\"version\":1"),
            HasSubstr(absl::StrCat("\"mapped_bytes\":", mapped)),
            HasSubstr("\"copied_bytes\":0"), HasSubstr("\"huge_page_bytes\":0"),
            HasSubstr(absl::StrCat("\"resident_bytes\":", resident)),
            Not(HasSubstr("\"resident_bytes\":0"))));
  Build();
  const auto outcome = reloader_->Reload(0);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->previous_version, 1);
  EXPECT_EQ(outcome->version, 2);
  EXPECT_EQ(outcome->identity, IdentityOf(2));
  EXPECT_EQ(outcome->duration, absl::ZeroDuration()) << "the clock stood still";
  EXPECT_FALSE(outcome->persisted);
  EXPECT_THAT(Log(), HasSubstr("\"previous_version\":1"));
  EXPECT_EQ(publications_, 2);
  EXPECT_EQ(Reloads("ok"), 2);
  EXPECT_EQ(Reloads("failed"), 0);
}

// Once more would push the version before it out of memory.
TEST_F(Asked, WhatIsServedAlreadyIsNotLoadedAgain) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  const auto served = published_->current();
  const auto outcome = reloader_->Reload(2);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->version, 2);
  EXPECT_EQ(outcome->previous_version, 2);
  EXPECT_EQ(outcome->identity, IdentityOf(2));
  EXPECT_EQ(published_->current(), served);
  EXPECT_EQ(published_->previous(), nullptr);
  EXPECT_THAT(Line("snapshot served already"),
              AllOf(HasSubstr("\"version\":2"),
                    HasSubstr(IdentityText(IdentityOf(2)))));
  EXPECT_EQ(Reloads("ok"), 2);
  // Another number is.
  EXPECT_EQ(reloader_->Reload(1)->previous_version, 2);
}

TEST_F(Asked, AStartTakesTheNewestThatLoads) {
  Build();
  Build();
  Build();
  Block(3);
  std::ofstream(Path(2) + "/manifest") << "{";
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(Line("version passed over"),
              AllOf(HasSubstr("\"version\":3"), HasSubstr("shows too little")));
  EXPECT_THAT(Line("snapshot refused"),
              AllOf(HasSubstr("\"version\":2"), HasSubstr("does not load"),
                    HasSubstr("\"still_serving\":0")));
  EXPECT_EQ(Reloads("failed"), 1);
  EXPECT_EQ(Reloads("ok"), 1);
}

// The first fault is that of the newest.
TEST_F(Asked, AStartWithoutAnySoundVersionNamesTheNewest) {
  Build();
  Build();
  for (const uint64_t version : {1, 2}) {
    std::ofstream(Path(version) + "/manifest") << "{";
  }
  EXPECT_THAT(Refused(absl::StatusOr<int>(Start())),
              HasSubstr("version 2 does not load"));
}

TEST_F(Asked, NothingIsAnsweredBeforeTheFirstLoadEndedOrAfterAStop) {
  Build();
  published_ = std::make_unique<Published>();
  metrics_ = std::make_unique<ServerMetrics>(1);
  reloader_ = std::make_unique<Reloader>(options_, clock_, *published_,
                                         *metrics_, *log_);
  EXPECT_EQ(reloader_->Reload(0).status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(reloader_->Rollback().status().code(), absl::StatusCode::kAborted);
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(Refused(reloader_->Rollback()),
              HasSubstr("no version in memory that was served before"));
  EXPECT_TRUE(reloader_->StopWithin(absl::Seconds(60)));
  EXPECT_TRUE(reloader_->StopWithin(absl::ZeroDuration()));
  EXPECT_EQ(reloader_->Reload(0).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(Asked, WithoutARankerTheLogSaysNone) {
  SmallWorld world = TinyWorld();
  world.ranker.clear();
  BuildTiny(world, ScratchPath("world"));
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(Line("snapshot published"),
              AllOf(HasSubstr("\"ranker\":\"none\""),
                    HasSubstr("\"ranks_of_items\":\"none\"")));
}

// Its leaves hold sums of features, so items can not be ranked beforehand.
TEST_F(Asked, ARankerThatIsSlowerSaysWhy) {
  SmallWorld world = TinyWorld();
  const size_t at = world.ranker.find("is_linear=0\n");
  ASSERT_NE(at, std::string::npos);
  world.ranker.replace(at, 12,
                       "is_linear=1\nleaf_const=-0.25 0.75\nnum_features=0 "
                       "0\nleaf_features=\nleaf_coeff=\n");
  BuildTiny(world, ScratchPath("world"));
  ASSERT_TRUE(Start().ok());
  const std::string why =
      published_->current()->snapshot().ranker()->why_not_ranks();
  ASSERT_NE(why, "");
  EXPECT_THAT(Line("snapshot published"), HasSubstr(why));
}

TEST_F(Asked, CopiedSectionsAreToldApartFromMappedOnes) {
  options_.serving.snapshot.hot_sections = Placement::kHugePages;
  Build();
  ASSERT_TRUE(Start().ok());
  uint64_t mapped = 0;
  uint64_t copied = 0;
  for (const SectionMemory& section : published_->current()->sections()) {
    (section.placement == Placement::kMapped ? mapped : copied) +=
        section.bytes;
  }
  EXPECT_GT(mapped, 0);
  EXPECT_GT(copied, 0);
  EXPECT_THAT(Line("snapshot in memory"),
              AllOf(HasSubstr(absl::StrCat("\"mapped_bytes\":", mapped, ",")),
                    HasSubstr(absl::StrCat("\"copied_bytes\":", copied, ","))));
}

// It was loaded with force once, and not the next time.
TEST_F(Asked, WhatWasForcedBeforeIsLeftWhenItIsBlocked) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  Block(2);
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  ASSERT_TRUE(reloader_->Reload(1).ok());
  UnblockAll();
  ASSERT_TRUE(reloader_->Reload(2).ok());
  ASSERT_EQ(Served().number, 2);
  Block(2);
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(Line("served version is blocked"),
              AllOf(HasSubstr("version 2 is blocked since"),
                    HasSubstr("; the newest that is not blocked takes over")));
}

// Whoever insists does not ask what is blocked; whoever wants the newest must
// know.
TEST_F(Asked, WithoutALedgerOnlyForceTakesAVersion) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  std::ofstream(options_.snapshots + "/versions") << "higgest: 1";
  for (const auto& [version, force] :
       {std::pair(1, false), std::pair(0, false), std::pair(0, true)}) {
    const absl::Status status = reloader_->Reload(version, force).status();
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), HasSubstr("/versions:1:"));
  }
  EXPECT_EQ(Served().number, 2);
  ASSERT_TRUE(reloader_->Reload(1, /*force=*/true).ok());
  EXPECT_EQ(Served().number, 1);
}

// SIGHUP: what is asked for once is looked at once.
TEST_F(Asked, SoonIsTheNewestAndOnce) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  reloader_->ReloadSoon();
  for (int i = 0; i < 3; ++i) Poll();
  EXPECT_THAT(Line("snapshot served already"), HasSubstr("\"version\":2"));
}

TEST_F(Asked, DefaultsAreThoseOfTheHeader) {
  const Reloader::Options options;
  EXPECT_EQ(options.pinned_version, 0);
  EXPECT_EQ(options.poll, absl::ZeroDuration());
  EXPECT_EQ(options.advance_every, absl::Minutes(1));
  EXPECT_EQ(options.window, absl::Minutes(5));
  EXPECT_EQ(options.tick, absl::Milliseconds(500));
  EXPECT_EQ(options.serving.warm_up_requests, 300);
  EXPECT_EQ(options.serving.retrieval.exact_below, 0);
}

}  // namespace
}  // namespace marquee
