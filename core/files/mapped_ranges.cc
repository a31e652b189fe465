#include "core/files/mapped_ranges.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace marquee {
namespace {

constexpr size_t kMappings = 256;
constexpr size_t kNameBytes = 256;

// Of fixed size and at a fixed address, because a signal handler can neither
// lock nor allocate.
struct Mapping {
  // Held by one thread at a time; acquire and release, as a lock.
  std::atomic<bool> taken{false};
  // 0: the entry is unused. Stored with release after all other fields.
  std::atomic<uintptr_t> begin{0};
  std::atomic<uintptr_t> end{0};
  std::array<char, kNameBytes> file{};
};

constinit std::array<Mapping, kMappings> mappings{};

void WriteName(const std::string& file, std::array<char, kNameBytes>& to) {
  const size_t length = std::min(file.size(), kNameBytes - 1);
  std::transform(file.begin(), file.begin() + static_cast<ptrdiff_t>(length),
                 to.begin(), [](char c) {
                   const bool plain =
                       static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
                   return plain && c != '"' && c != '\\' ? c : '?';
                 });
  to[length] = '\0';
}

}  // namespace

void NoteMapping(std::span<const std::byte> bytes, const std::string& file) {
  if (bytes.empty()) return;
  const auto begin = reinterpret_cast<uintptr_t>(bytes.data());
  for (Mapping& mapping : mappings) {
    if (mapping.taken.exchange(true, std::memory_order_acquire)) continue;
    WriteName(file, mapping.file);
    mapping.end.store(begin + bytes.size(), std::memory_order_relaxed);
    mapping.begin.store(begin, std::memory_order_release);
    return;
  }
}

void ForgetMapping(std::span<const std::byte> bytes) {
  const auto begin = reinterpret_cast<uintptr_t>(bytes.data());
  if (begin == 0) return;
  for (Mapping& mapping : mappings) {
    if (mapping.begin.load(std::memory_order_relaxed) != begin) continue;
    mapping.begin.store(0, std::memory_order_relaxed);
    mapping.taken.store(false, std::memory_order_release);
    return;
  }
}

const char* FileMappedAt(const void* address) {
  const auto at = reinterpret_cast<uintptr_t>(address);
  for (const Mapping& mapping : mappings) {
    const uintptr_t begin = mapping.begin.load(std::memory_order_acquire);
    if (begin == 0 || at < begin) continue;
    // The last page is mapped to its end.
    constexpr uintptr_t kPage = 4096;
    const uintptr_t end = mapping.end.load(std::memory_order_relaxed);
    if (at < (end + kPage - 1) / kPage * kPage) return mapping.file.data();
  }
  return nullptr;
}

}  // namespace marquee
