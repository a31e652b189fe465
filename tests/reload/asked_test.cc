// What somebody asks for, what is told of it, and what goes on meanwhile.
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
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

class Asked : public ReloaderFixture {
 protected:
  // The one line of the log that has this event.
  std::string Line(const std::string& event) const {
    EXPECT_EQ(Lines(event), 1) << Log();
    for (const absl::string_view line : absl::StrSplit(Log(), '\n')) {
      if (absl::StrContains(line, absl::StrCat("\"event\":\"", event, "\""))) {
        return std::string(line);
      }
    }
    return "";
  }
};

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
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Asked, WhereAllAreBlockedTheNewestIsNamed) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  Block(1);
  Block(2);
  const std::string refused = Refused(reloader_->Reload(0));
  EXPECT_THAT(refused,
              AllOf(HasSubstr("every version is blocked, the newest, 2, "),
                    HasSubstr("shows too little")));
  EXPECT_THAT(Refused(reloader_->Reload(2)),
              AllOf(HasSubstr("version 2 is blocked"),
                    HasSubstr("Reload with force takes it all the same")));
  const auto forced = reloader_->Reload(2, /*force=*/true);
  ASSERT_TRUE(forced.ok()) << forced.status();
  EXPECT_EQ(Served().number, 2);
  // Whoever insists is not overruled by polling.
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
            HasSubstr(snapshot.digest()), HasSubstr("\"titles\":4"),
            HasSubstr("\"users\":2"), HasSubstr("\"retrieval\":\"exact\""),
            HasSubstr(absl::StrCat("\"ranker\":\"", snapshot.ranker()->engine(),
                                   "\"")),
            HasSubstr("\"seconds\":0")));
  const std::string memory = Line("snapshot in memory");
  uint64_t mapped = 0;
  for (const SectionMemory& section : published_->current()->sections()) {
    EXPECT_EQ(section.placement, Placement::kMapped);
    mapped += section.bytes;
  }
  EXPECT_GT(mapped, 0);
  EXPECT_THAT(
      memory,
      AllOf(HasSubstr("\"version\":1"),
            HasSubstr(absl::StrCat("\"mapped_bytes\":", mapped)),
            HasSubstr("\"copied_bytes\":0"), HasSubstr("\"huge_page_bytes\":0"),
            Not(HasSubstr("\"resident_bytes\":0"))));
  Build();
  const auto outcome = reloader_->Reload(0);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->previous_version, 1);
  EXPECT_EQ(outcome->version, 2);
  EXPECT_EQ(outcome->identity, IdentityOf(2));
  EXPECT_THAT(Log(), HasSubstr("\"previous_version\":1"));
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

// The counts of what is served are those of the last one to two windows.
TEST_F(Asked, TheWindowOfWhatIsServedMovesOn) {
  Build();
  ASSERT_TRUE(Start().ok());
  const auto serving = published_->current();
  const auto served = [&] { return serving->served().Shape().impressions; };
  serving->served().Count(std::vector<PlacedTitle>(3));
  clock_.Advance(options_.window - absl::Seconds(20));
  Poll();
  EXPECT_EQ(served(), 3);
  clock_.Advance(absl::Seconds(10));
  Poll();
  serving->served().Count(std::vector<PlacedTitle>(4));
  Poll();
  EXPECT_EQ(served(), 7);
  clock_.Advance(options_.window);
  Poll();
  EXPECT_EQ(served(), 4);
  clock_.Advance(options_.window);
  Poll();
  EXPECT_EQ(served(), 0);
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

}  // namespace
}  // namespace marquee
