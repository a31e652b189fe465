// Keeps the best rows of a stream of coded scores by a threshold. The scan
// writes only scores above the threshold, and the threshold rises.
#ifndef MARQUEE_CORE_RETRIEVAL_CODE_TOP_K_H_
#define MARQUEE_CORE_RETRIEVAL_CODE_TOP_K_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/simd/code_scan.h"

namespace marquee {

// Externally synchronised. Reused for each request; does not allocate once it
// has grown.
class CodeTopK {
 public:
  // The most rows that may be scanned between Room and Add.
  static constexpr size_t kStep = 1024;

  // Empties it and sets the number of rows to keep. Requires: keep >= 1.
  void Reset(size_t keep);
  // Only scores above this are needed.
  float threshold() const { return threshold_; }
  simd::CodeHits Room() { return {rows_.data(), scores_.data()}; }
  // Adds the first `count` hits that were written to Room.
  void Add(size_t count);
  // Drops all but the best rows. Returns how many of the best came since the
  // last Settle (or Reset).
  size_t Settle();
  // After Settle: at most `keep`, in no order.
  size_t size() const { return keys_.size(); }
  // A key holds score and row in one number. Larger is better; among equal
  // scores the lower row is better.
  std::span<const uint64_t> keys() const { return keys_; }
  static uint64_t KeyOf(uint32_t row, float score) {
    const auto bits = std::bit_cast<uint32_t>(score);
    const bool negative = (bits & 0x80000000u) != 0;
    const uint32_t ascending = negative ? ~bits : bits | 0x80000000u;
    return uint64_t{ascending} << 32 | uint32_t{~row};
  }
  static float ScoreOf(uint64_t key) {
    const auto ascending = static_cast<uint32_t>(key >> 32);
    const bool negative = (ascending & 0x80000000u) == 0;
    return std::bit_cast<float>(negative ? ~ascending
                                         : ascending & 0x7FFFFFFFu);
  }
  static uint32_t RowOf(uint64_t key) { return ~static_cast<uint32_t>(key); }

 private:
  void Shrink();

  size_t keep_ = 1;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<uint64_t> keys_;
  std::vector<uint64_t> settled_;
  std::vector<uint32_t> rows_;
  std::vector<float> scores_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_CODE_TOP_K_H_
