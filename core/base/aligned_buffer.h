// A fixed-size array on 64-byte boundaries: one cache line, one AVX-512
// register.
#ifndef MARQUEE_CORE_BASE_ALIGNED_BUFFER_H_
#define MARQUEE_CORE_BASE_ALIGNED_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace marquee {

inline constexpr size_t kCacheLine = 64;

// Externally synchronised. Elements are zero after construction.
template <typename T>
class AlignedBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t size)
      : data_(static_cast<T*>(
            ::operator new[](std::max<size_t>(size, 1) * sizeof(T),
                             std::align_val_t{kCacheLine}))),
        size_(size) {
    std::fill_n(data_.get(), size, T{});
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  std::span<T> span() { return {data_.get(), size_}; }
  std::span<const T> span() const { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(T* p) const {
      ::operator delete[](p, std::align_val_t{kCacheLine});
    }
  };
  std::unique_ptr<T[], Free> data_;
  size_t size_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_ALIGNED_BUFFER_H_
