#include "core/simd/isa.h"

#include <array>
#include <cstddef>

namespace marquee::simd {
namespace {

struct Supported {
  Supported() {
    Add(Isa::kPortable);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) Add(Isa::kAvx2);
    const bool has_avx512 = __builtin_cpu_supports("avx512f") &&
                            __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512dq") &&
                            __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512vnni");
    if (has_avx512) Add(Isa::kAvx512);
#endif
  }
  void Add(Isa isa) { isas[count++] = isa; }

  std::array<Isa, 3> isas{};
  size_t count = 0;
};

}  // namespace

absl::string_view IsaName(Isa isa) {
  switch (isa) {
    case Isa::kPortable:
      return "portable";
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512:
      break;
  }
  return "avx512";
}

std::span<const Isa> SupportedIsas() {
  static const Supported supported;
  return std::span(supported.isas).first(supported.count);
}

}  // namespace marquee::simd
