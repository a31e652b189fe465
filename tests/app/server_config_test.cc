#include "server/app/server_config.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

std::string Fault(const std::string& text) {
  auto config = ParseConfig(text, "server.textproto");
  if (!config.ok()) return std::string(config.status().message());
  return std::string(CompleteConfig(*config).message());
}

TEST(ServerConfig, DefaultsAreThoseOfTheProtoFile) {
  auto config = ParseConfig("snapshots: '/srv/s' workers: 3", "f");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_TRUE(CompleteConfig(*config).ok());
  EXPECT_EQ(config->config.listen(), "127.0.0.1:8080");
  EXPECT_EQ(config->config.admin_listen(), "127.0.0.1:8081");
  EXPECT_EQ(config->config.metrics_listen(), "127.0.0.1:9090");
  EXPECT_EQ(config->config.queue(), 96);
  EXPECT_EQ(config->config.default_deadline_ms(), 100);
  EXPECT_EQ(config->config.queue_target_ms(), 5);
  EXPECT_EQ(config->config.drain_delay_ms(), 5000);
  EXPECT_EQ(config->config.drain_deadline_ms(), 10000);
  EXPECT_EQ(config->config.candidates(), 500);
  EXPECT_EQ(config->config.log_level(), "info");
  EXPECT_EQ(config->config.memory(), "mapped");
  EXPECT_FALSE(config->config.reflection());
}

// As editors of Windows write it.
TEST(ServerConfig, MayBeginWithAByteOrderMark) {
  const auto config =
      ParseConfig("\xEF\xBB\xBFworkers: 3\r\nqueue: 7\r\n", "f");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->config.workers(), 3);
  EXPECT_EQ(config->config.queue(), 7);
}

TEST(ServerConfig, AnUnknownFieldIsNamedWithItsLine) {
  const std::string fault = Fault("snapshots: 'x'\n  lisen: 'y'\n");
  EXPECT_THAT(fault, HasSubstr("server.textproto:2:"));
  EXPECT_EQ(fault,
            "server.textproto:2:3: unknown field 'lisen', perhaps 'listen'");
}

TEST(ServerConfig, AWrongTypeIsNamedWithItsLine) {
  EXPECT_EQ(Fault("snapshots: 'x'\n\nworkers: 'many'"),
            "server.textproto:3:10: a whole number is wanted, not ''many''");
  EXPECT_EQ(Fault("snapshots: “x”"),
            "server.textproto:1:12: '“' is not a quote here: write \" or '");
  EXPECT_EQ(Fault("PK\x03\x04"),
            "server.textproto:1: is a zip archive, not text; save it as plain "
            "text");
  EXPECT_EQ(Fault("workers: \xff"),
            "server.textproto:1:10: the byte '\\xff' is not UTF-8: the file "
            "must be UTF-8 text");
}

TEST(ServerConfig, EveryValueIsChecked) {
  EXPECT_THAT(Fault(""), HasSubstr("snapshots: is empty"));
  const std::pair<const char*, const char*> kWrong[] = {
      {"listen: '8080'", "listen: "},
      {"admin_listen: 'localhost:99999'", "admin_listen: "},
      {"metrics_listen: ':1'", "metrics_listen: "},
      {"blocked: '0123456789abcdef' blocked: '77'",
       "blocked: is '77', must be an identity of 16 hexadecimal digits"},
      {"workers: -1", "workers: is -1, must be 1 to 1024"},
      {"queue: -5", "queue: "},
      {"default_deadline_ms: -1", "default_deadline_ms: "},
      {"queue_target_ms: 70000", "queue_target_ms: "},
      {"poll_seconds: -1", "poll_seconds: "},
      {"drain_deadline_ms: -1", "drain_deadline_ms: "},
      {"candidates: 49", "candidates: is 49, must be 50 to 2000"},
      {"log_level: 'verbose'", "log_level: is 'verbose'"},
      {"retrieval: 'hnsw'",
       "retrieval: is 'hnsw', must be auto, exact, cells or graph"},
      {"exact_below_items: -1", "exact_below_items: is -1, must be 0 to "},
      {"memory: 'huge'", "memory: is 'huge', must be mapped or huge_pages"}};
  for (const auto& [text, fault] : kWrong) {
    EXPECT_THAT(Fault(absl::StrCat("snapshots: 'x'\n ", text)),
                HasSubstr(absl::StrCat("server.textproto:2:2: ", fault)));
  }
}

TEST(ServerConfig, MemoryIsMappedOrHugePages) {
  for (const char* const memory : {"mapped", "huge_pages"}) {
    EXPECT_EQ(Fault(absl::StrCat("snapshots: 'x' memory: '", memory, "'")), "");
  }
}

TEST(ServerConfig, EveryFaultIsReportedAtOnce) {
  const std::string fault = Fault("workers: -1\nlog_level: 'loud'");
  EXPECT_THAT(fault, HasSubstr("snapshots: "));
  EXPECT_THAT(fault, HasSubstr("1:1: workers: "));
  EXPECT_THAT(fault, HasSubstr("2:1: log_level: "));
}

TEST(ServerConfig, AFaultOfAFlagNamesTheFlag) {
  auto config = ParseConfig("workers: 2", "f");
  ASSERT_TRUE(config.ok());
  config->config.set_workers(-1);
  config->where["workers"] = "--workers";
  EXPECT_THAT(std::string(CompleteConfig(*config).message()),
              HasSubstr("--workers: workers: is -1"));
}

TEST(ServerConfig, EveryListenerHasAPortOfItsOwn) {
  EXPECT_THAT(Fault("listen: '127.0.0.1:9000' admin_listen: '127.0.0.1:9000'"),
              HasSubstr("admin_listen: is '127.0.0.1:9000', which listen"));
  EXPECT_THAT(
      Fault("listen: '0.0.0.0:9090'"),
      HasSubstr("server.textproto:1:1: listen: is '0.0.0.0:9090', which "
                "metrics_listen ('127.0.0.1:9090')"));
  EXPECT_THAT(Fault("listen: '127.0.0.1: 80'"), HasSubstr("host:port"));
  EXPECT_THAT(Fault("listen: '127.0.0.1:08081'"), HasSubstr("admin_listen"));
  EXPECT_EQ(Fault("snapshots: 'x' listen: '127.0.0.1:0' "
                  "admin_listen: '127.0.0.1:0' metrics_listen: '127.0.0.1:0'"),
            "");
  EXPECT_EQ(Fault("snapshots: 'x' listen: '127.0.0.2:8081'"), "");
}

}  // namespace
}  // namespace marquee
