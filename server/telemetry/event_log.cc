#include "server/telemetry/event_log.h"

#include <array>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace marquee {

EventLog::~EventLog() { ReportLeftOut(/*all=*/true); }

void EventLog::Write(LogLevel level, absl::string_view event, Fields fields) {
  if (level < level_) return;
  absl::MutexLock lock(&mu_);
  WriteLeftOut(/*all=*/false);
  if (gate_.Passes(event, clock_.Steady())) WriteLine(level, event, fields);
}

void EventLog::ReportLeftOut(bool all) {
  absl::MutexLock lock(&mu_);
  WriteLeftOut(all);
}

void EventLog::WriteLeftOut(bool all) {
  for (const FloodGate::LeftOut& left_out :
       gate_.TakeLeftOut(clock_.Steady(), all)) {
    WriteLine(LogLevel::kWarning, "lines left out",
              {{"of", left_out.kind}, {"lines", left_out.count}});
  }
}

void EventLog::WriteLine(LogLevel level, absl::string_view event,
                         Fields fields) {
  static constexpr std::array<const char*, 3> kNames = {"info", "warning",
                                                        "error"};
  nlohmann::ordered_json line;
  line["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", clock_.Now(),
                                  absl::UTCTimeZone());
  line["level"] = kNames[static_cast<size_t>(level)];
  line["event"] = std::string(event);
  for (const LogField& field : fields) {
    std::visit(
        [&](const auto& value) { line[std::string(field.name)] = value; },
        field.value);
  }
  // Ids and messages may hold any bytes; a log line is always valid UTF-8.
  std::string text =
      line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

}  // namespace marquee
