// Whole numbers on the command line.
#ifndef MARQUEE_OFFLINE_CLI_WHOLE_NUMBER_H_
#define MARQUEE_OFFLINE_CLI_WHOLE_NUMBER_H_

#include <cstdint>
#include <limits>

#include "CLI/CLI.hpp"

namespace marquee {

// For CLI::Option::check: refuses what is not a whole number of `least` to
// `most`, in decimal digits without leading zeros, with a message that says so.
// The parser alone takes -1 for the largest number of an unsigned option and
// 010 for 8.
CLI::Validator WholeNumber(uint64_t least, uint64_t most);

// Iterations of a model: a whole number of 1 or more, or "best", which becomes
// Forest::kBestIteration.
CLI::Validator Iterations();

// Seeds may be any number of 64 bits.
inline CLI::Validator Seed() {
  return WholeNumber(0, std::numeric_limits<uint64_t>::max());
}

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_WHOLE_NUMBER_H_
