// The arrays of one section of a snapshot, to be damaged one at a time: what a
// table's Open has to refuse.
#ifndef MARQUEE_TESTS_CATALOG_SECTION_H_
#define MARQUEE_TESTS_CATALOG_SECTION_H_

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/files/array_file.h"
#include "gtest/gtest.h"

namespace marquee {

// A file in memory of what `write(ArrayFileWriter&)` writes.
template <typename Writer>
std::unique_ptr<const ArrayFile> Written(Writer write) {
  auto out = *ArrayFileWriter::CreateInMemory();
  const absl::Status status = write(*out);
  EXPECT_TRUE(status.ok()) << status;
  return *out->FinishInMemory();
}

class Section {
 public:
  // Takes an array of a sound file.
  template <typename T>
  void Keep(const ArrayFile& file, const std::string& name) {
    const auto array = file.Array<T>(name);
    ASSERT_TRUE(array.ok()) << array.status();
    Set<T>(name, std::vector<T>(array->begin(), array->end()));
  }
  template <typename T>
  void Set(const std::string& name, const std::vector<T>& elements) {
    const auto bytes = std::as_bytes(std::span(elements));
    arrays_[name] = {sizeof(T), {bytes.begin(), bytes.end()}};
  }
  template <typename T>
  std::vector<T> Get(const std::string& name) const {
    const std::vector<std::byte>& bytes = arrays_.at(name).second;
    const T* const first = reinterpret_cast<const T*>(bytes.data());
    return std::vector<T>(first, first + bytes.size() / sizeof(T));
  }
  // The same with element `i` of an array changed, all others as they are.
  template <typename T>
  Section With(const std::string& name, size_t i, T value) const {
    std::vector<T> elements = Get<T>(name);
    elements.at(i) = value;
    Section changed = *this;
    changed.Set(name, elements);
    return changed;
  }
  // The same with an array of other elements.
  template <typename T>
  Section WithAll(const std::string& name,
                  const std::vector<T>& elements) const {
    Section changed = *this;
    changed.Set(name, elements);
    return changed;
  }
  // The same with an array that lacks its last element.
  template <typename T>
  Section Shortened(const std::string& name) const {
    std::vector<T> elements = Get<T>(name);
    elements.pop_back();
    return WithAll(name, elements);
  }

  std::unique_ptr<const ArrayFile> File() const {
    return Written([this](ArrayFileWriter& out) {
      for (const auto& [name, array] : arrays_) {
        out.Begin(name, array.first);
        out.Append(std::span<const std::byte>(array.second));
      }
      return absl::OkStatus();
    });
  }

 private:
  std::map<std::string, std::pair<size_t, std::vector<std::byte>>> arrays_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_CATALOG_SECTION_H_
