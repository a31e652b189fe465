// Checksums against corruption (not against an attacker): XXH3 of xxHash.
#ifndef MARQUEE_CORE_BASE_CHECKSUM_H_
#define MARQUEE_CORE_BASE_CHECKSUM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

uint64_t Checksum64(std::span<const std::byte> bytes, uint64_t seed = 0);
uint64_t Checksum64(absl::string_view text, uint64_t seed = 0);

// Returns 32 lower-case hexadecimal digits.
std::string Digest128(std::span<const std::byte> bytes);

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_CHECKSUM_H_
