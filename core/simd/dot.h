// Inner products of float vectors, with the same result on every machine.
//
// The order of summation is defined. There are 16 partial sums; element i goes
// to partial sum i % 16. Products are rounded before they are added (no fused
// multiply-add). The partial sums are added in pairs 8, 4, 2, 1 apart. Every
// instruction set gives the same bits, so the golden answers of a snapshot hold
// wherever it is loaded.
#ifndef MARQUEE_CORE_SIMD_DOT_H_
#define MARQUEE_CORE_SIMD_DOT_H_

#include <cstddef>

#include "core/simd/isa.h"

namespace marquee::simd {

// Returns the inner product of a[0..n) and b[0..n). Any alignment; n may be 0.
float Dot(const float* a, const float* b, size_t n);

// Returns the Euclidean length of v[0..n), by Dot.
float Length(const float* v, size_t n);

// Returns the kernel of an instruction set. Requires: this processor supports
// it. Dot uses the kernel of the best one.
using DotKernel = float (*)(const float* a, const float* b, size_t n);
DotKernel DotFor(Isa isa);

float DotPortable(const float* a, const float* b, size_t n);
float DotAvx2(const float* a, const float* b, size_t n);
float DotAvx512(const float* a, const float* b, size_t n);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_DOT_H_
