// What subcommands print with --json.
#ifndef MARQUEE_OFFLINE_CLI_PRINT_JSON_H_
#define MARQUEE_OFFLINE_CLI_PRINT_JSON_H_

#include <string>

#include "nlohmann/json.hpp"

namespace marquee {

// Indented by two, with a newline at the end. Ids and paths may hold any bytes:
// those that are not UTF-8 become U+FFFD, for JSON has no other way to say them
// and the library throws.
std::string FormatJson(const nlohmann::ordered_json& value);

// Onto the standard output.
void PrintJson(const nlohmann::ordered_json& value);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_PRINT_JSON_H_
