#include "core/simd/bit_sliced_kernel.h"

namespace marquee::simd {

BitSlicedKernel BitSlicedKernelFor(Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case Isa::kAvx2:
      return RunBitSlicedAvx2;
    case Isa::kAvx512:
      return RunBitSlicedAvx512;
#endif
    default:
      return RunBitSlicedPortable;
  }
}

}  // namespace marquee::simd
