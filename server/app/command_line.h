// The flags: `--config FILE`, and one for every field of ServerConfig.
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
  // Of the file, overridden by the flags; not completed yet.
  SourcedConfig sourced;
};

// Reads `--name value` and `--name=value`, with - or _ inside names; a flag of
// a bool may stand alone, or before true or false. Errors: InvalidArgument that
// names the flag; those of ReadConfigFile.
absl::StatusOr<CommandLine> ParseCommandLine(
    std::span<const char* const> arguments);

// One line for each flag.
std::string Usage();

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_COMMAND_LINE_H_
