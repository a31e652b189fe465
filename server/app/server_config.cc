#include "server/app/server_config.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "server/app/cpu_count.h"

namespace marquee {
namespace {

class Faults final : public google::protobuf::io::ErrorCollector {
 public:
  explicit Faults(const std::string& name) : name_(name) {}

  // The library counts lines and columns from 0.
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    absl::StrAppend(&text_, text_.empty() ? "" : "; ", name_, ":", line + 1,
                    ":", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  const std::string& name_;
  std::string text_;
};

absl::Status CheckRange(absl::string_view name, int64_t value, int64_t least,
                        int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": is ", value, ", must be ", least, " to ", most));
}

absl::Status CheckAddress(absl::string_view name, const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": is '", address,
                     "', must be host:port, for example 127.0.0.1:8080"));
  }
  return absl::OkStatus();
}

void FillDefaults(config::ServerConfig& config) {
  if (config.listen().empty()) config.set_listen("127.0.0.1:8080");
  if (config.admin_listen().empty()) config.set_admin_listen("127.0.0.1:8081");
  if (config.metrics_listen().empty()) {
    config.set_metrics_listen("127.0.0.1:9090");
  }
  if (config.workers() == 0) config.set_workers(CpuCount());
  if (config.queue() == 0) {
    // A number of workers that is out of range is reported as that.
    config.set_queue(32 * std::clamp(config.workers(), 1, 1024));
  }
  if (config.default_deadline_ms() == 0) config.set_default_deadline_ms(100);
  if (config.queue_target_ms() == 0) config.set_queue_target_ms(5);
  if (config.drain_delay_ms() == 0) config.set_drain_delay_ms(5000);
  if (config.drain_deadline_ms() == 0) config.set_drain_deadline_ms(10000);
  if (config.candidates() == 0) config.set_candidates(500);
  if (config.log_level().empty()) config.set_log_level("info");
}

absl::Status CheckNumbers(const config::ServerConfig& config) {
  MARQUEE_RETURN_IF_ERROR(
      CheckRange("poll_seconds", config.poll_seconds(), 0, 86'400));
  MARQUEE_RETURN_IF_ERROR(CheckRange("workers", config.workers(), 1, 1024));
  MARQUEE_RETURN_IF_ERROR(CheckRange("queue", config.queue(), 1, 100'000));
  MARQUEE_RETURN_IF_ERROR(CheckRange("default_deadline_ms",
                                     config.default_deadline_ms(), 1, 600'000));
  MARQUEE_RETURN_IF_ERROR(
      CheckRange("queue_target_ms", config.queue_target_ms(), 1, 60'000));
  MARQUEE_RETURN_IF_ERROR(
      CheckRange("drain_delay_ms", config.drain_delay_ms(), -600'000, 600'000));
  MARQUEE_RETURN_IF_ERROR(
      CheckRange("drain_deadline_ms", config.drain_deadline_ms(), 1, 600'000));
  return CheckRange("candidates", config.candidates(), 50, 2000);
}

}  // namespace

absl::StatusOr<config::ServerConfig> ReadConfigFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(
        absl::StrCat(path, ": can not be read, or is empty"));
  }
  return ParseConfig(text.str(), path);
}

absl::StatusOr<config::ServerConfig> ParseConfig(const std::string& text,
                                                 const std::string& name) {
  config::ServerConfig config;
  Faults faults(name);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&faults);
  if (!parser.ParseFromString(text, &config)) {
    return absl::InvalidArgumentError(faults.text());
  }
  return config;
}

absl::Status CompleteConfig(config::ServerConfig& config) {
  FillDefaults(config);
  if (config.snapshots().empty()) {
    return absl::InvalidArgumentError(
        "snapshots: is empty, must be the directory with the snapshots");
  }
  MARQUEE_RETURN_IF_ERROR(CheckAddress("listen", config.listen()));
  MARQUEE_RETURN_IF_ERROR(CheckAddress("admin_listen", config.admin_listen()));
  MARQUEE_RETURN_IF_ERROR(
      CheckAddress("metrics_listen", config.metrics_listen()));
  MARQUEE_RETURN_IF_ERROR(CheckNumbers(config));
  if (config.log_level() != "info" && config.log_level() != "warning" &&
      config.log_level() != "error") {
    return absl::InvalidArgumentError(
        absl::StrCat("log_level: is '", config.log_level(),
                     "', must be info, warning or error"));
  }
  return absl::OkStatus();
}

}  // namespace marquee
