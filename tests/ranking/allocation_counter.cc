// In a source of its own: g++ takes an operator that it can see into for a
// mismatch of new and free.
#include "tests/ranking/allocation_counter.h"

#include <cstdlib>
#include <new>

namespace {

thread_local size_t allocations = 0;

void* Allocate(size_t bytes, size_t boundary) {
  ++allocations;
  const size_t whole = (bytes + boundary) / boundary * boundary;
  if (void* const memory = std::aligned_alloc(boundary, whole)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// The forms for arrays too: sanitizers have some of their own.
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
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace marquee {

size_t Allocations() { return allocations; }

}  // namespace marquee
