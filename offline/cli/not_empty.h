// Texts on the command line that must not be empty.
#ifndef MARQUEE_OFFLINE_CLI_NOT_EMPTY_H_
#define MARQUEE_OFFLINE_CLI_NOT_EMPTY_H_

#include <string>

#include "CLI/CLI.hpp"

namespace marquee {

// For CLI::Option::check: a variable of a script that was not set is no option
// left out.
inline CLI::Validator NotEmpty(
    const std::string& fault = "is empty: leave the option out to do without") {
  return CLI::Validator(
      [fault](const std::string& text) { return text.empty() ? fault : ""; },
      "");
}

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_NOT_EMPTY_H_
