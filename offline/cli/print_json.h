// Prints the results of subcommands with --json.
#ifndef MARQUEE_OFFLINE_CLI_PRINT_JSON_H_
#define MARQUEE_OFFLINE_CLI_PRINT_JSON_H_

#include <string>

#include "nlohmann/json.hpp"

namespace marquee {

// Indented by two, with a newline at the end. Ids and paths may hold any bytes.
// Bytes that are not UTF-8 become U+FFFD, because JSON can not represent them
// and the library would throw.
std::string FormatJson(const nlohmann::ordered_json& value);

// Prints to the standard output.
void PrintJson(const nlohmann::ordered_json& value);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_PRINT_JSON_H_
