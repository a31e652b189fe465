#include "server/app/grpc_log.h"

#include <atomic>

#include "core/base/check.h"
#include "grpc/support/log.h"

namespace marquee {
namespace {

// The library takes a plain function.
std::atomic<EventLog*> sink = nullptr;

void Write(gpr_log_func_args* args) {
  EventLog* const log = sink.load(std::memory_order_acquire);
  if (log == nullptr) return;
  const LogField what("reason", args->message);
  if (args->severity == GPR_LOG_SEVERITY_ERROR) {
    log->Error("grpc", {what});
  } else {
    log->Info("grpc", {what});
  }
}

}  // namespace

GrpcLog::GrpcLog(EventLog& log) {
  EventLog* const before = sink.exchange(&log, std::memory_order_acq_rel);
  MARQUEE_CHECK(before == nullptr);
  gpr_set_log_function(Write);
}

GrpcLog::~GrpcLog() { sink.store(nullptr, std::memory_order_release); }

}  // namespace marquee
