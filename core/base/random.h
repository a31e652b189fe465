// Random numbers that are the same on every machine and compiler, for
// everything that is seeded. Not for secrets.
#ifndef MARQUEE_CORE_BASE_RANDOM_H_
#define MARQUEE_CORE_BASE_RANDOM_H_

#include <cstdint>

namespace marquee {

// SplitMix64 (Steele, Lea, Flood 2014). Splittable: generators made from a seed
// and different numbers are independent. So the n-th user or row is the same in
// whatever order and by whatever thread it is computed. Uses only integer
// arithmetic and exact floating-point operations. Externally synchronised.
class Random {
 public:
  explicit Random(uint64_t seed, uint64_t stream = 0, uint64_t number = 0)
      : state_(Mix(seed + Mix(stream + Mix(number + kStep)))) {}

  uint64_t Next() { return Mix(state_ += kStep); }

  // Uniform in [0, 1), a multiple of 2^-53.
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

  // Uniform in 0 … bound - 1; biased by less than 2^-32. Requires: 0 < bound <
  // 2^32.
  uint32_t Below(uint32_t bound) {
    return static_cast<uint32_t>(((Next() >> 32) * bound) >> 32);
  }

  bool Chance(double probability) { return Uniform() < probability; }

  // Mean 0, variance 1, within ±3.47. The scaled sum of four uniform numbers:
  // close to normal, without a library's logarithm.
  double Normal() {
    const double sum = Uniform() + Uniform() + Uniform() + Uniform();
    return (sum - 2.0) * 1.7320508075688772;
  }

 private:
  static constexpr uint64_t kStep = 0x9e3779b97f4a7c15;

  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_RANDOM_H_
