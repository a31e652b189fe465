// Dot products of float vectors, with one result on every machine.
//
// The sum is defined: 16 partial sums, element i into partial sum i % 16,
// products rounded before they are added (no fused multiply-add), the partial
// sums added in pairs 8, 4, 2, 1 apart. Any instruction set gives the same
// bits, so a snapshot's golden answers hold wherever it is loaded.
#ifndef MARQUEE_CORE_SIMD_DOT_H_
#define MARQUEE_CORE_SIMD_DOT_H_

#include <cstddef>

#include "core/simd/isa.h"

namespace marquee::simd {

// The inner product of a[0..n) and b[0..n). Any alignment; n may be 0.
float Dot(const float* a, const float* b, size_t n);

// The Euclidean length of v[0..n), by Dot.
float Length(const float* v, size_t n);

// The kernel of an instruction set that this processor supports; Dot is that of
// the best one.
using DotKernel = float (*)(const float* a, const float* b, size_t n);
DotKernel DotFor(Isa isa);

float DotPortable(const float* a, const float* b, size_t n);
float DotAvx2(const float* a, const float* b, size_t n);
float DotAvx512(const float* a, const float* b, size_t n);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_DOT_H_
