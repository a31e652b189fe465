// Changes the arrays of a section and makes everything right again that vouches
// for its bytes: what is left to refuse it is its meaning.
#ifndef MARQUEE_TESTS_SNAPSHOT_RESIGNED_SECTION_H_
#define MARQUEE_TESTS_SNAPSHOT_RESIGNED_SECTION_H_

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/files/array_file.h"
#include "core/snapshot/manifest.h"
#include "gtest/gtest.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {

// Has `edit` change the bytes of the array `name` of a section of the version.
inline void EditArray(const std::string& version, const std::string& section,
                      const std::string& name,
                      const std::function<void(std::string&)>& edit) {
  // As array_file.h tells: a table of 64 bytes an array, found by the trailer.
  struct Entry {
    char name[32];
    uint64_t offset, bytes;
    uint32_t element_size, reserved[3];
  };
  const std::string path = version + "/" + section;
  std::ifstream in(path, std::ios::binary);
  const std::string file(std::istreambuf_iterator<char>(in), {});
  ASSERT_GE(file.size(), 64);
  uint64_t table = 0, arrays = 0;
  std::memcpy(&table, &file[file.size() - 64 + 16], sizeof(table));
  std::memcpy(&arrays, &file[file.size() - 64 + 24], sizeof(arrays));
  auto manifest = ReadManifest(version);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  std::filesystem::remove(path);
  auto out = ArrayFileWriter::Create(path, SectionIdentity(*manifest, section));
  ASSERT_TRUE(out.ok()) << out.status();
  bool found = false;
  for (uint64_t i = 0; i < arrays; ++i) {
    Entry entry;
    std::memcpy(&entry, &file[table + i * sizeof(Entry)], sizeof(Entry));
    std::string bytes = file.substr(entry.offset, entry.bytes);
    if (name == entry.name) {
      edit(bytes);
      found = true;
    }
    (*out)->Begin(entry.name, entry.element_size);
    (*out)->Append<char>(std::span(bytes.data(), bytes.size()));
  }
  ASSERT_TRUE(found) << section << " has no array " << name;
  const auto digest = (*out)->Finish();
  ASSERT_TRUE(digest.ok()) << digest.status();
  for (auto& listed : *manifest->mutable_sections()) {
    if (listed.name() != section) continue;
    listed.set_digest(*digest);
    listed.set_bytes(std::filesystem::file_size(path));
  }
  ASSERT_TRUE(WriteManifest(*manifest, version).ok());
}

// Puts a value at one place of an array.
template <typename T>
void SetElement(const std::string& version, const std::string& section,
                const std::string& name, size_t index, T value) {
  EditArray(version, section, name, [&](std::string& bytes) {
    ASSERT_LE((index + 1) * sizeof(T), bytes.size());
    std::memcpy(&bytes[index * sizeof(T)], &value, sizeof(T));
  });
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_SNAPSHOT_RESIGNED_SECTION_H_
