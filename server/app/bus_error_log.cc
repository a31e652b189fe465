#include "server/app/bus_error_log.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>

#include "core/files/mapped_ranges.h"

namespace marquee {
namespace {

// For a signal handler: takes no lock and allocates nothing.
void Say(const char* text) {
  const ssize_t ignored = ::write(STDERR_FILENO, text, ::strlen(text));
  static_cast<void>(ignored);
}

void SayNumber(int64_t number) {
  char digits[24] = {};
  char* at = digits + sizeof(digits) - 1;
  do {
    *--at = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number > 0);
  Say(at);
}

// Returns to the same instruction, which then ends the process.
void OnBusError(int number, siginfo_t* info, void*) {
  ::signal(number, SIG_DFL);
  // Sent by a process: there is no file and no instruction.
  if (info->si_code <= 0) {
    ::raise(number);
    return;
  }
  const char* const file = FileMappedAt(info->si_addr);
  Say("{\"unix_seconds\":");
  SayNumber(::time(nullptr));
  Say(",\"level\":\"error\",\"event\":\"bus error\",\"file\":\"");
  Say(file == nullptr ? "unknown" : file);
  Say("\",\"reason\":\"the file was cut off, or its disk can not be read: "
      "write "
      "new versions, never to one that is there\"}\n");
}

}  // namespace

void LogFileOnBusError() {
  struct sigaction action {};
  action.sa_sigaction = &OnBusError;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace marquee
