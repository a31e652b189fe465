#include "server/app/library_log.h"

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/check.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"

namespace marquee {
namespace {

// The libraries take plain functions, and call them from their own threads.
struct Sink {
  absl::Mutex mu;
  EventLog* log ABSL_GUARDED_BY(mu) = nullptr;

  void Write(const char* event, bool is_error, absl::string_view reason) {
    // Held while the line is written, so that ~LibraryLog, and with it the end
    // of the log, waits for a library's thread that writes.
    absl::MutexLock lock(&mu);
    if (log == nullptr) return;
    if (is_error) {
      log->Error(event, {{"reason", reason}});
    } else {
      log->Info(event, {{"reason", reason}});
    }
  }
};
Sink& TheSink() {
  static Sink* const sink = new Sink;  // used until the last thread ends
  return *sink;
}

void WriteGrpc(gpr_log_func_args* args) {
  TheSink().Write("grpc", args->severity == GPR_LOG_SEVERITY_ERROR,
                  args->message);
}

void WriteProtobuf(google::protobuf::LogLevel level, const char*, int,
                   const std::string& message) {
  TheSink().Write("protobuf", level >= google::protobuf::LOGLEVEL_ERROR,
                  message);
}

}  // namespace

LibraryLog::LibraryLog(EventLog& log) {
  Sink& sink = TheSink();
  absl::MutexLock lock(&sink.mu);
  MARQUEE_CHECK(sink.log == nullptr);
  sink.log = &log;
  gpr_set_log_function(WriteGrpc);
  google::protobuf::SetLogHandler(WriteProtobuf);
}

LibraryLog::~LibraryLog() {
  Sink& sink = TheSink();
  absl::MutexLock lock(&sink.mu);
  sink.log = nullptr;
}

}  // namespace marquee
