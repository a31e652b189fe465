#include "server/app/server_config.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/files/file_bytes.h"
#include "core/retrieval/retrieval_plan.h"
#include "core/snapshot/version_ledger.h"
#include "core/textproto/message_text.h"
#include "google/protobuf/text_format.h"
#include "server/app/cpu_count.h"

namespace marquee {
namespace {

struct Address {
  std::string host;
  int port = 0;  // 0: any free port
};

// host:port, the port in decimal digits.
std::optional<Address> ParseAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  const std::string port = text.substr(colon + 1);
  Address address{.host = text.substr(0, colon)};
  // Digits alone: SimpleAtoi also takes spaces and a sign.
  if (port.empty() || port.size() > 5 ||
      !std::all_of(port.begin(), port.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(port, &address.port) || address.port > 65535) {
    return std::nullopt;
  }
  return address;
}

// Whether one address listens on the port of the other.
bool Collide(const std::string& a_text, const std::string& b_text) {
  const std::optional<Address> a = ParseAddress(a_text);
  const std::optional<Address> b = ParseAddress(b_text);
  // Names are compared as text. `localhost` beside `127.0.0.1` is found only
  // when the second of them is bound.
  if (!a || !b || a->port != b->port || a->port == 0) return false;
  const auto is_any = [](const Address& address) {
    return address.host == "0.0.0.0" || address.host == "[::]";
  };
  return a->host == b->host || is_any(*a) || is_any(*b);
}

// Collects the faults of the values, with the places where they were set.
class Check {
 public:
  explicit Check(const SourcedConfig& sourced) : sourced_(sourced) {}

  // `zero` says what the value 0 means if it is not a number.
  void Range(const std::string& field, int64_t value, int64_t least,
             int64_t most, absl::string_view zero = "") {
    if (value >= least && value <= most) return;
    Fault(field, absl::StrCat("is ", value, ", must be ", least, " to ", most,
                              zero.empty() ? "" : ", or 0 for ", zero));
  }

  void Address(const std::string& field, const std::string& address) {
    if (ParseAddress(address)) return;
    Fault(field,
          absl::StrCat("is '", address,
                       "', must be host:port, for example 127.0.0.1:8080"));
  }

  void Apart(const std::string& field, const std::string& address,
             const std::string& other_field, const std::string& other) {
    if (!Collide(address, other)) return;
    // Names the place of the field that was set; the other may be a default.
    const bool said = sourced_.where.contains(field);
    Fault(
        said ? field : other_field,
        absl::StrCat("is '", said ? address : other, "', which ",
                     said ? other_field : field, " ('", said ? other : address,
                     "') takes; each needs its own port"));
  }

  void Fault(const std::string& field, absl::string_view what) {
    const auto where = sourced_.where.find(field);
    absl::StrAppend(
        &faults_, faults_.empty() ? "" : "; ",
        where == sourced_.where.end() ? "" : absl::StrCat(where->second, ": "),
        field, ": ", what);
  }

  absl::Status status() const {
    return faults_.empty() ? absl::OkStatus()
                           : absl::InvalidArgumentError(faults_);
  }

 private:
  const SourcedConfig& sourced_;
  std::string faults_;
};

void FillDefaults(config::ServerConfig& config) {
  if (config.listen().empty()) config.set_listen("127.0.0.1:8080");
  if (config.admin_listen().empty()) config.set_admin_listen("127.0.0.1:8081");
  if (config.metrics_listen().empty()) {
    config.set_metrics_listen("127.0.0.1:9090");
  }
  if (config.workers() == 0) config.set_workers(CpuCount());
  if (config.queue() == 0) {
    // If `workers` is out of range, only that is reported.
    config.set_queue(32 * std::clamp(config.workers(), 1, 1024));
  }
  if (config.default_deadline_ms() == 0) config.set_default_deadline_ms(100);
  if (config.queue_target_ms() == 0) config.set_queue_target_ms(5);
  if (config.drain_delay_ms() == 0) config.set_drain_delay_ms(5000);
  if (config.drain_deadline_ms() == 0) config.set_drain_deadline_ms(10000);
  if (config.candidates() == 0) config.set_candidates(500);
  if (config.log_level().empty()) config.set_log_level("info");
  if (config.retrieval().empty()) config.set_retrieval("auto");
  if (config.recall_sample_every() == 0) config.set_recall_sample_every(1000);
  if (config.memory().empty()) {
    config.set_memory(std::string(PlacementName(Placement::kMapped)));
  }
}

void CheckNumbers(const config::ServerConfig& config, Check& check) {
  check.Range("poll_seconds", config.poll_seconds(), 0, 86'400);
  check.Range("workers", config.workers(), 1, 1024, "one for each CPU");
  check.Range("queue", config.queue(), 1, 100'000, "32 for each worker");
  check.Range("default_deadline_ms", config.default_deadline_ms(), 1, 600'000,
              "the default");
  check.Range("queue_target_ms", config.queue_target_ms(), 1, 60'000,
              "the default");
  // 0 stands for the default, so a negative number says that there is no delay.
  check.Range("drain_delay_ms", config.drain_delay_ms(), -600'000, 600'000);
  check.Range("drain_deadline_ms", config.drain_deadline_ms(), 1, 600'000,
              "the default");
  check.Range("candidates", config.candidates(), kMinCandidates, kMaxCandidates,
              "the default");
  check.Range("exact_below_items", config.exact_below_items(), 0,
              std::numeric_limits<int32_t>::max());
}

void CheckRetrieval(const config::ServerConfig& config, Check& check) {
  if (config.retrieval() != "auto" &&
      !ParseRetrievalEngine(config.retrieval())) {
    check.Fault("retrieval", absl::StrCat("is '", config.retrieval(),
                                          "', must be auto, exact, cells or "
                                          "graph"));
  }
}

void CheckBlocked(const config::ServerConfig& config, Check& check) {
  for (const std::string& identity : config.blocked()) {
    if (ParseIdentity(identity)) continue;
    check.Fault("blocked",
                absl::StrCat("is '", identity,
                             "', must be an identity of 16 hexadecimal digits "
                             "(`marquee versions DIR list` has them)"));
  }
}

void CheckAddresses(const config::ServerConfig& config, Check& check) {
  check.Address("listen", config.listen());
  check.Address("admin_listen", config.admin_listen());
  check.Address("metrics_listen", config.metrics_listen());
  check.Apart("admin_listen", config.admin_listen(), "listen", config.listen());
  check.Apart("metrics_listen", config.metrics_listen(), "listen",
              config.listen());
  check.Apart("metrics_listen", config.metrics_listen(), "admin_listen",
              config.admin_listen());
}

// The place of each field that the file sets.
std::map<std::string, std::string> Places(
    const google::protobuf::TextFormat::ParseInfoTree& places,
    const std::string& name) {
  std::map<std::string, std::string> where;
  const google::protobuf::Descriptor& fields =
      *config::ServerConfig::descriptor();
  for (int i = 0; i < fields.field_count(); ++i) {
    // The library counts from 0, and returns -1 for a missing field.
    const auto place = places.GetLocation(
        fields.field(i), fields.field(i)->is_repeated() ? 0 : -1);
    if (place.line < 0) continue;
    where[fields.field(i)->name()] =
        absl::StrCat(name, ":", place.line + 1, ":", place.column + 1);
  }
  return where;
}

}  // namespace

absl::StatusOr<SourcedConfig> ReadConfigFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  // The insertion fails if it inserts nothing, so an empty file ends here, too.
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(
        absl::StrCat(path, ": can not be read, or is empty"));
  }
  return ParseConfig(text.str(), path);
}

absl::StatusOr<SourcedConfig> ParseConfig(const std::string& text,
                                          const std::string& name) {
  SourcedConfig sourced;
  google::protobuf::TextFormat::ParseInfoTree places;
  const std::vector<MessageFault> faults =
      ParseMessage(text, sourced.config, places);
  if (!faults.empty()) {
    const auto place = [&name](std::string* out, const MessageFault& fault) {
      absl::StrAppend(out, DescribeFault(name, fault));
    };
    return absl::InvalidArgumentError(absl::StrJoin(faults, "; ", place));
  }
  sourced.where = Places(places, name);
  return sourced;
}

absl::Status CompleteConfig(SourcedConfig& sourced) {
  config::ServerConfig& config = sourced.config;
  FillDefaults(config);
  Check check(sourced);
  if (config.snapshots().empty()) {
    check.Fault("snapshots",
                "is empty, must be the directory with the snapshots");
  }
  CheckAddresses(config, check);
  CheckNumbers(config, check);
  CheckRetrieval(config, check);
  CheckBlocked(config, check);
  if (config.log_level() != "info" && config.log_level() != "warning" &&
      config.log_level() != "error") {
    check.Fault("log_level", absl::StrCat("is '", config.log_level(),
                                          "', must be info, warning or error"));
  }
  if (config.memory() != PlacementName(Placement::kMapped) &&
      config.memory() != PlacementName(Placement::kHugePages)) {
    check.Fault("memory", absl::StrCat("is '", config.memory(),
                                       "', must be mapped or huge_pages"));
  }
  return check.status();
}

}  // namespace marquee
