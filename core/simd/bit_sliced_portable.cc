// Compiled for every processor. The oracle of the other kernels.
#define MARQUEE_RUN_BIT_SLICED RunBitSlicedPortable
#include "core/simd/bit_sliced_kernel.inc"
