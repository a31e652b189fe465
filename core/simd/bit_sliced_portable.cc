// Compiled for every processor: the oracle of the others.
#define MARQUEE_RUN_BIT_SLICED RunBitSlicedPortable
#include "core/simd/bit_sliced_kernel.inc"
