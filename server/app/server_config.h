// The configuration: a file in protobuf text format, flags over it, defaults
// under it, and one check of everything.
#ifndef MARQUEE_SERVER_APP_SERVER_CONFIG_H_
#define MARQUEE_SERVER_APP_SERVER_CONFIG_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "marquee/config/server.pb.h"

namespace marquee {

struct SourcedConfig {
  config::ServerConfig config;
  // By the name of a field that was given: "FILE:LINE:COLUMN" or "--FIELD".
  std::map<std::string, std::string> where;
};

// Errors: InvalidArgument "FILE:LINE:COLUMN: what" for each fault; NotFound.
absl::StatusOr<SourcedConfig> ReadConfigFile(const std::string& path);
// `name` stands for the file in errors.
absl::StatusOr<SourcedConfig> ParseConfig(const std::string& text,
                                          const std::string& name);

// Puts the defaults of server.proto where nothing was said, and checks every
// value. Errors: InvalidArgument "WHERE: FIELD: is …, must be …" for each
// fault; those of the text format end the reading of a file at the first.
absl::Status CompleteConfig(SourcedConfig& sourced);

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_SERVER_CONFIG_H_
