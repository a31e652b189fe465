// Real numbers on the command line.
#ifndef MARQUEE_OFFLINE_CLI_REAL_NUMBER_H_
#define MARQUEE_OFFLINE_CLI_REAL_NUMBER_H_

#include "CLI/CLI.hpp"

namespace marquee {

// For CLI::Option::check: refuses what is not a decimal number of `least` to
// `most`, both possible, with a message that says so. NaN is refused, which
// CLI::Range takes for being in any range, and so are infinities.
CLI::Validator RealNumber(double least, double most);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_REAL_NUMBER_H_
