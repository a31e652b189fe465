// Compiled for AVX-512. Called only on processors that have it.
#if defined(__x86_64__)
#define MARQUEE_RUN_BIT_SLICED RunBitSlicedAvx512
#include "core/simd/bit_sliced_kernel.inc"
#endif
