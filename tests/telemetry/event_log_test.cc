#include "server/telemetry/event_log.h"

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace marquee {
namespace {

std::string Written(LogLevel level, const auto& write,
                    const Clock& clock = Clock::Real()) {
  char* text = nullptr;
  size_t size = 0;
  std::FILE* const file = open_memstream(&text, &size);
  {
    EventLog log(level, file, clock, {.most = 3, .window = absl::Seconds(10)});
    write(log);
  }
  std::fclose(file);
  std::string result(text, size);
  std::free(text);
  return result;
}

TEST(EventLog, WritesOneJsonObjectALine) {
  const std::string text = Written(LogLevel::kInfo, [](EventLog& log) {
    log.Info("published", {{"version", uint64_t{7}},
                           {"seconds", 0.5},
                           {"ok", true},
                           {"reason", "a \"quoted\"\nline"}});
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const nlohmann::json line = nlohmann::json::parse(text);
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["event"], "published");
  EXPECT_EQ(line["version"], 7);
  EXPECT_EQ(line["seconds"], 0.5);
  EXPECT_EQ(line["ok"], true);
  EXPECT_EQ(line["reason"], "a \"quoted\"\nline");
}

TEST(EventLog, BytesThatAreNotTextDoNotBreakTheLine) {
  const std::string text = Written(LogLevel::kInfo, [](EventLog& log) {
    log.Error("refused", {{"id", std::string("\xff\x00z", 3)}});
  });
  EXPECT_NO_THROW(nlohmann::json::parse(text));
}

std::vector<nlohmann::json> Lines(const std::string& text) {
  std::vector<nlohmann::json> lines;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    lines.push_back(nlohmann::json::parse(line));
  }
  return lines;
}

TEST(EventLog, AFloodOfOneEventIsCountedAndLeavesOthersTheirLines) {
  FakeClock clock(absl::FromUnixSeconds(1'800'000'000));
  const auto lines = Lines(Written(
      LogLevel::kInfo,
      [&](EventLog& log) {
        for (int i = 0; i < 100; ++i) log.Error("flood", {{"n", i}});
        log.Info("other", {});
        // The date is set back: what is left out is told in time all the same.
        clock.JumpWall(-absl::Hours(5));
        clock.Advance(absl::Seconds(9));
        log.ReportLeftOut();
        clock.Advance(absl::Seconds(1));
        log.ReportLeftOut();
        log.ReportLeftOut();
        log.Error("flood", {{"n", 100}});
      },
      clock));
  ASSERT_EQ(lines.size(), 6);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(lines[i]["n"], i);
  EXPECT_EQ(lines[3]["event"], "other");
  EXPECT_EQ(lines[3]["time"], "2027-01-15T08:00:00.000Z");
  EXPECT_EQ(lines[4]["event"], "lines left out");
  EXPECT_EQ(lines[4]["of"], "flood");
  EXPECT_EQ(lines[4]["lines"], 97);
  EXPECT_EQ(lines[4]["level"], "warning");
  EXPECT_EQ(lines[5]["n"], 100);
}

TEST(EventLog, ThreeInAWindowAreNoFlood) {
  FakeClock clock(absl::UnixEpoch());
  const auto lines = Lines(Written(
      LogLevel::kInfo,
      [&](EventLog& log) {
        for (int i = 0; i < 12; ++i) {
          log.Info("steady", {{"n", i}});
          clock.Advance(absl::Seconds(10) / 3);
        }
      },
      clock));
  ASSERT_EQ(lines.size(), 12);
}

TEST(EventLog, WhatWasLeftOutIsToldAtTheEnd) {
  const auto lines = Lines(Written(LogLevel::kError, [](EventLog& log) {
    for (int i = 0; i < 5; ++i) log.Error("flood", {});
    for (int i = 0; i < 5; ++i) log.Info("quiet", {});
  }));
  ASSERT_EQ(lines.size(), 4);
  EXPECT_EQ(lines[3]["of"], "flood");
  EXPECT_EQ(lines[3]["lines"], 2);
}

TEST(EventLog, DropsWhatIsBelowItsLevel) {
  const std::string text = Written(LogLevel::kWarning, [](EventLog& log) {
    log.Info("quiet", {});
    log.Warning("loud", {});
  });
  EXPECT_EQ(text.find("quiet"), std::string::npos);
  EXPECT_NE(text.find("loud"), std::string::npos);
}

}  // namespace
}  // namespace marquee
