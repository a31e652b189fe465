// Compiled for AVX-512; called only where it runs.
#if defined(__x86_64__)
#define MARQUEE_RUN_BIT_SLICED RunBitSlicedAvx512
#include "core/simd/bit_sliced_kernel.inc"
#endif
