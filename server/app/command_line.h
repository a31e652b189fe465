// The command line: `--config FILE`, and one flag for every field of
// ServerConfig.
#ifndef MARQUEE_SERVER_APP_COMMAND_LINE_H_
#define MARQUEE_SERVER_APP_COMMAND_LINE_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "server/app/server_config.h"

namespace marquee {

struct CommandLine {
  bool help = false;
  bool version = false;
  // From the file, overridden by the flags. Not completed yet.
  SourcedConfig sourced;
};

// Reads `--name value` and `--name=value`, with - or _ inside names. A flag of
// a bool may have no value, or true or false behind it. Errors: InvalidArgument
// that names the flag; those of ReadConfigFile.
absl::StatusOr<CommandLine> ParseCommandLine(
    std::span<const char* const> arguments);

// One line per flag.
std::string Usage();

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_COMMAND_LINE_H_
