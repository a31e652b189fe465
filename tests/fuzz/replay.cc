// Runs the program's entry on the files it is given, then on changed ones: a
// test, the same each time, where there is no fuzzer.
//
//   lightgbm_text_fuzz FILE...
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

constexpr int kChanges = 20000;

// A copy of exactly this size, so that the sanitizer sees its end.
void RunOn(const std::string& bytes) {
  const std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

std::string Change(std::string bytes, const std::string& other,
                   std::mt19937& random) {
  for (int i = 1 + static_cast<int>(random() % 3); i > 0 && !bytes.empty();
       --i) {
    const size_t at = random() % bytes.size();
    const size_t length = 1 + random() % 40;
    switch (random() % 5) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes[at] = "0123456789-.eEnN[]{}\",= \n"[random() % 25];
        break;
      case 2:
        bytes.erase(at, length);
        break;
      case 3:
        bytes.insert(at, bytes.substr(random() % bytes.size(), length));
        break;
      default:
        if (!other.empty()) {
          bytes.insert(at, other.substr(random() % other.size(), length));
        }
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> seeds;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::cerr << argv[i] << ": can not be read\n";
      return 1;
    }
    seeds.emplace_back(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
  }
  if (seeds.empty()) {
    std::cerr << "usage: " << argv[0] << " FILE...\n";
    return 2;
  }
  for (const std::string& seed : seeds) RunOn(seed);
  std::mt19937 random(20261124);
  for (int i = 0; i < kChanges; ++i) {
    RunOn(Change(seeds[random() % seeds.size()], seeds[random() % seeds.size()],
                 random));
  }
  std::cout << seeds.size() << " files and " << kChanges
            << " changed ones: no finding\n";
  return 0;
}
