// The instruction sets that kernels are written for. The choice is made once,
// at run time, so one program runs on any node.
//
//   const CodeScan scan = CodeScanFor(BestIsa());  // once
//   const size_t hits = scan(matrix, query, begin, end, eligible, limit, out);
#ifndef MARQUEE_CORE_SIMD_ISA_H_
#define MARQUEE_CORE_SIMD_ISA_H_

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"

namespace marquee::simd {

enum class Isa : uint8_t {
  kPortable,  // plain C++; the oracle of the others
  kAvx2,
  kAvx512,  // with F, BW, DQ, VL and VNNI
};
absl::string_view IsaName(Isa isa);

// Returns what this processor can run: the portable one first, the best one
// last.
std::span<const Isa> SupportedIsas();
inline Isa BestIsa() { return SupportedIsas().back(); }

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_ISA_H_
