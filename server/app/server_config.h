// The configuration: a file in protobuf text format, flags over it, defaults
// under it, and one check of everything.
#ifndef MARQUEE_SERVER_APP_SERVER_CONFIG_H_
#define MARQUEE_SERVER_APP_SERVER_CONFIG_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "marquee/config/server.pb.h"

namespace marquee {

// Errors: InvalidArgument "FILE:LINE:COLUMN: what" for each fault; NotFound.
absl::StatusOr<config::ServerConfig> ReadConfigFile(const std::string& path);
// `name` stands for the file in errors.
absl::StatusOr<config::ServerConfig> ParseConfig(const std::string& text,
                                                 const std::string& name);

// Puts the defaults of server.proto where nothing was said, and checks every
// value. Errors: InvalidArgument "FIELD: is …, must be …".
absl::Status CompleteConfig(config::ServerConfig& config);

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_SERVER_CONFIG_H_
