// The configuration: a file in protobuf text format, overridden by flags,
// completed by defaults, and checked as a whole.
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
  // By the name of a field that was set: "FILE:LINE:COLUMN" or "--FIELD".
  std::map<std::string, std::string> where;
};

// Errors: InvalidArgument "FILE:LINE:COLUMN: what" for each fault; NotFound.
absl::StatusOr<SourcedConfig> ReadConfigFile(const std::string& path);
// `name`: of the file, for errors.
absl::StatusOr<SourcedConfig> ParseConfig(const std::string& text,
                                          const std::string& name);

// Sets the defaults of server.proto for fields that were not set, and checks
// every value. Errors: InvalidArgument "WHERE: FIELD: is …, must be …" for each
// fault. A fault of the text format ends the reading of a file at the first.
absl::Status CompleteConfig(SourcedConfig& sourced);

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_SERVER_CONFIG_H_
