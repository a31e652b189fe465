// Checks for words on the command line.
#ifndef MARQUEE_OFFLINE_COMMAND_LINE_VALUE_CHECK_H_
#define MARQUEE_OFFLINE_COMMAND_LINE_VALUE_CHECK_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>

namespace marquee {

struct ValueCheck {
  // Returns what is wrong with a word; empty: nothing. May replace the word.
  std::function<std::string(std::string& word)> fault;
  std::string possible;  // for --help
};

// A whole number from `least` to `most`, in decimal digits without leading
// zeros. The parser alone reads -1 as the largest number of an unsigned option,
// and 010 as 8.
ValueCheck WholeNumber(uint64_t least, uint64_t most);

// A seed may be any number of 64 bits.
inline ValueCheck Seed() {
  return WholeNumber(0, std::numeric_limits<uint64_t>::max());
}

// A decimal number from `least` to `most`, both included; not NaN.
ValueCheck RealNumber(double least, double most);

// One of `words`.
ValueCheck OneOf(std::span<const char* const> words);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_COMMAND_LINE_VALUE_CHECK_H_
