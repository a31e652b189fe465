// In a source of its own: g++ takes an operator that it can see into for a
// mismatch of new and free.
#include "tests/scoring/allocation_counter.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

thread_local size_t allocations = 0;
thread_local size_t live = 0;
thread_local size_t peak = 0;

// Null when there is none.
void* TryAllocate(size_t bytes, size_t boundary) noexcept {
  ++allocations;
  // Not a byte more than asked for, so that a sanitizer sees the end.
  void* memory = nullptr;
  if (::posix_memalign(&memory, boundary, bytes) != 0) return nullptr;
  live += malloc_usable_size(memory);
  peak = std::max(peak, live);
  return memory;
}

void* Allocate(size_t bytes, size_t boundary) {
  if (void* const memory = TryAllocate(bytes, boundary)) return memory;
  throw std::bad_alloc();
}

void Free(void* memory) {
  // What another thread allocated would make it negative.
  live -= std::min(live, malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

// All forms that the library uses: sanitizers have some of their own.
void* operator new(size_t bytes) {
  return Allocate(bytes, alignof(std::max_align_t));
}
void* operator new[](size_t bytes) {
  return Allocate(bytes, alignof(std::max_align_t));
}
void* operator new(size_t bytes, std::align_val_t boundary) {
  return Allocate(bytes, static_cast<size_t>(boundary));
}
void* operator new[](size_t bytes, std::align_val_t boundary) {
  return Allocate(bytes, static_cast<size_t>(boundary));
}
void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return TryAllocate(bytes, alignof(std::max_align_t));
}
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept {
  return TryAllocate(bytes, alignof(std::max_align_t));
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept {
  Free(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  Free(memory);
}
void operator delete[](void* memory, size_t, std::align_val_t) noexcept {
  Free(memory);
}

namespace marquee {

size_t Allocations() { return allocations; }

PeakBytes::PeakBytes() : before_(live) { peak = live; }

size_t PeakBytes::Get() const { return peak - std::min(peak, before_); }

}  // namespace marquee
