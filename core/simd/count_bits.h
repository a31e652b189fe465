// Counts set bits. Plain x86-64 has no instruction for it.
#ifndef MARQUEE_CORE_SIMD_COUNT_BITS_H_
#define MARQUEE_CORE_SIMD_COUNT_BITS_H_

#include <cstddef>
#include <cstdint>

#include "core/simd/isa.h"

namespace marquee::simd {

// Returns the number of set bits of words[0..n).
size_t CountBits(const uint64_t* words, size_t n);

// Returns the kernel of an instruction set. Requires: this processor supports
// it. CountBits uses the kernel of the best one.
using CountBitsKernel = size_t (*)(const uint64_t* words, size_t n);
CountBitsKernel CountBitsFor(Isa isa);

size_t CountBitsPortable(const uint64_t* words, size_t n);
size_t CountBitsAvx2(const uint64_t* words, size_t n);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_COUNT_BITS_H_
