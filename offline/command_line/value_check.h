// What a word on the command line must be.
#ifndef MARQUEE_OFFLINE_COMMAND_LINE_VALUE_CHECK_H_
#define MARQUEE_OFFLINE_COMMAND_LINE_VALUE_CHECK_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>

namespace marquee {

struct ValueCheck {
  // What is wrong with a word, or nothing. May write another word in its place.
  std::function<std::string(std::string& word)> fault;
  std::string possible;  // for --help
};

// A whole number of `least` to `most`, in decimal digits without leading zeros.
// The parser alone takes -1 for the largest number of an unsigned option and
// 010 for 8.
ValueCheck WholeNumber(uint64_t least, uint64_t most);

// Seeds may be any number of 64 bits.
inline ValueCheck Seed() {
  return WholeNumber(0, std::numeric_limits<uint64_t>::max());
}

// A decimal number of `least` to `most`, both possible; no NaN.
ValueCheck RealNumber(double least, double most);

// One of `words`.
ValueCheck OneOf(std::span<const char* const> words);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_COMMAND_LINE_VALUE_CHECK_H_
