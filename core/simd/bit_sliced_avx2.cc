// Compiled for AVX2; called only where it runs.
#if defined(__x86_64__)
#define MARQUEE_RUN_BIT_SLICED RunBitSlicedAvx2
#include "core/simd/bit_sliced_kernel.inc"
#endif
