// marquee-server: see `marquee-server --help`.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/version.h"
#include "server/app/bus_error_log.h"
#include "server/app/command_line.h"
#include "server/app/heap_trimmer.h"
#include "server/app/library_log.h"
#include "server/app/server.h"
#include "server/app/server_config.h"
#include "server/app/stop_source.h"
#include "server/telemetry/event_log.h"

namespace marquee {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kCalledWrong = 2;

LogLevel LevelOf(const config::ServerConfig& config) {
  if (config.log_level() == "error") return LogLevel::kError;
  if (config.log_level() == "warning") return LogLevel::kWarning;
  return LogLevel::kInfo;
}

int Refuse(const absl::Status& status) {
  EventLog(LogLevel::kError, stderr)
      .Error("configuration refused", {{"reason", status.message()}});
  return kCalledWrong;
}

int Serve(const config::ServerConfig& config) {
  EventLog log(LevelOf(config), stderr);
  absl::StatusOr<std::unique_ptr<StopSource>> made = StopSource::Create();
  if (!made.ok()) {
    log.Error("not started", {{"reason", made.status().message()}});
    return kFailed;
  }
  StopSource& stop = **made;
  const LibraryLog library_log(log);
  LogFileOnBusError();
  log.Info("starting", {{"server_version", Version()},
                        {"config", config.ShortDebugString()}});
  absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Create(config, log, stop);
  if (!server.ok()) {
    log.Error("not started", {{"reason", server.status().message()}});
    return kFailed;
  }
  HeapTrimmer trimmer(Clock::Real());
  while (!stop.WaitFor(absl::Seconds(1))) {
    if (stop.TakeHangUp()) (*server)->ReloadNewest();
    (*server)->CheckLiveness();
    log.ReportLeftOut();
    const size_t given_back = trimmer.TrimNowAndThen();
    if (given_back > 0) log.Info("memory given back", {{"bytes", given_back}});
  }
  const bool all_ended = (*server)->Drain(stop);
  if (all_ended) server->reset();
  if (stop.failed()) {
    log.Error("stopped", {{"reason", stop.reason()}});
  } else {
    log.Info("stopped", {{"reason", stop.reason()}});
  }
  const int code = stop.failed() ? kFailed : kDone;
  // A load only reads, so it may be abandoned.
  if (!all_ended) {
    log.ReportLeftOut(/*all=*/true);
    // Without destructors: the thread of the load still uses the server.
    std::_Exit(code);
  }
  return code;
}

int Run(std::span<const char* const> arguments) {
  absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) return Refuse(line.status());
  if (line->help || line->version) {
    std::fputs(
        line->help ? Usage().c_str() : absl::StrCat(Version(), "\n").c_str(),
        stdout);
    return kDone;
  }
  const absl::Status complete = CompleteConfig(line->sourced);
  if (!complete.ok()) return Refuse(complete);
  return Serve(line->sourced.config);
}

}  // namespace
}  // namespace marquee

int main(int argc, char** argv) {
  marquee::StopSource::HoldSignals();
  return marquee::Run({argv + 1, argv + argc});
}
