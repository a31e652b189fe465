#include "server/telemetry/event_log.h"

#include <cstdio>
#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace marquee {
namespace {

std::string Written(LogLevel level, const auto& write) {
  char* text = nullptr;
  size_t size = 0;
  std::FILE* const file = open_memstream(&text, &size);
  EventLog log(level, file);
  write(log);
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
