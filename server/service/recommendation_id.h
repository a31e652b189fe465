// Names an answer, for the log of what the user does next.
#ifndef MARQUEE_SERVER_SERVICE_RECOMMENDATION_ID_H_
#define MARQUEE_SERVER_SERVICE_RECOMMENDATION_ID_H_

#include <cstdint>
#include <string>

#include "absl/random/random.h"

namespace marquee {

// Unique, not secret: 128 random bits. One for each worker. Externally
// synchronised.
class RecommendationIds {
 public:
  // Sets `id` to 32 hexadecimal digits.
  void Next(std::string& id) {
    static constexpr char kDigits[] = "0123456789abcdef";
    id.resize(32);
    for (size_t half = 0; half < 2; ++half) {
      uint64_t bits = random_();
      for (size_t i = 0; i < 16; ++i, bits >>= 4) {
        id[half * 16 + i] = kDigits[bits & 15];
      }
    }
  }

 private:
  // Seeded from the system's randomness.
  absl::BitGen random_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_RECOMMENDATION_ID_H_
