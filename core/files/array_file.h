// Named arrays of fixed-size elements in one checksummed, mappable file. It is
// the format of every section of a snapshot. Training uses the same tables in
// an anonymous file.
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<ArrayFileWriter> writer,
//                            ArrayFileWriter::Create(path, identity));
//   writer->Add<float>("vectors", values);
//   MARQUEE_ASSIGN_OR_RETURN(const std::string digest, writer->Finish());
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<const ArrayFile> file,
//                            ArrayFile::Open(path, identity));
//   MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> vectors,
//                            file->Array<float>("vectors"));
//
// Layout, little-endian:
// 1. the arrays, each on a 64-byte boundary,
// 2. a table of contents, 64 bytes per array,
// 3. one 64-bit checksum for each 1 MiB block,
// 4. a trailer of 64 bytes.
//
// The checksum of a block is seeded with the file's identity and the block's
// number, so a block that was moved within a file or between files does not
// pass. The trailer has a checksum of its own over the block checksums and
// itself.
#ifndef MARQUEE_CORE_FILES_ARRAY_FILE_H_
#define MARQUEE_CORE_FILES_ARRAY_FILE_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/files/file_bytes.h"

namespace marquee {

static_assert(std::endian::native == std::endian::little,
              "snapshots are mapped, little-endian");

class ArrayFile;

// Writes one file from front to back. Holds one block in memory. Externally
// synchronised.
class ArrayFileWriter {
 public:
  static absl::StatusOr<std::unique_ptr<ArrayFileWriter>> Create(
      const std::string& path, uint64_t identity);
  // Creates a file without a name, in memory. FinishInMemory maps or copies it.
  static absl::StatusOr<std::unique_ptr<ArrayFileWriter>> CreateInMemory();

  ArrayFileWriter(const ArrayFileWriter&) = delete;
  ArrayFileWriter& operator=(const ArrayFileWriter&) = delete;
  ~ArrayFileWriter();

  // Begins the next array, with elements of `element_size` bytes. Names must be
  // unique and have 1 to 31 bytes.
  void Begin(absl::string_view name, size_t element_size);
  // Adds elements to the array that was begun last. Finish returns errors of
  // the disk.
  template <typename T>
  void Append(std::span<const T> elements) {
    static_assert(std::is_trivially_copyable_v<T>);
    AppendBytes(std::as_bytes(elements));
  }
  template <typename T>
  void Add(absl::string_view name, std::span<const T> elements) {
    Begin(name, sizeof(T));
    Append(elements);
  }
  void AddText(absl::string_view name, absl::string_view text) {
    Add<char>(name, std::span<const char>(text.data(), text.size()));
  }

  // Completes and syncs the file. Returns its digest: 32 hexadecimal digits.
  absl::StatusOr<std::string> Finish();
  // Completes a file of CreateInMemory and opens it. With a copy, the bytes are
  // in memory twice until the writer is destroyed.
  absl::StatusOr<std::unique_ptr<const ArrayFile>> FinishInMemory(
      Placement placement = Placement::kMapped);

 private:
  struct Entry;

  ArrayFileWriter(int descriptor, std::string path, uint64_t identity);
  void AppendBytes(std::span<const std::byte> bytes);
  void Put(std::span<const std::byte> bytes);
  void PadTo(size_t boundary);
  void FlushBlock();
  void WriteRaw(std::span<const std::byte> bytes);

  const int descriptor_;
  const std::string path_;
  const uint64_t identity_;
  std::vector<Entry> entries_;
  std::vector<std::byte> block_;
  std::vector<uint64_t> checksums_;
  uint64_t position_ = 0;
  absl::Status status_;
};

// A file of arrays in memory, checked. Immutable after construction.
class ArrayFile {
 public:
  // Maps or copies the file. Checks its size, every checksum and its table of
  // contents, in the memory that will be read. Errors: DataLoss that names the
  // file and the offset of the first fault; ResourceExhausted if there is no
  // memory for a copy.
  static absl::StatusOr<std::unique_ptr<const ArrayFile>> Open(
      const std::string& path, uint64_t identity,
      Placement placement = Placement::kMapped);

  // Errors: DataLoss if there is no such array or its elements have another
  // size.
  template <typename T>
  absl::StatusOr<std::span<const T>> Array(absl::string_view name) const {
    static_assert(std::is_trivially_copyable_v<T>);
    absl::StatusOr<std::span<const std::byte>> bytes = Find(name, sizeof(T));
    if (!bytes.ok()) return bytes.status();
    return std::span<const T>(reinterpret_cast<const T*>(bytes->data()),
                              bytes->size() / sizeof(T));
  }
  absl::StatusOr<absl::string_view> Text(absl::string_view name) const;

  // The value that Finish returned.
  const std::string& digest() const { return digest_; }
  const std::string& name() const { return name_; }
  uint64_t size_bytes() const { return file_->bytes().size(); }
  Placement placement() const { return file_->placement(); }
  // The whole file, for MeasureResidency.
  std::span<const std::byte> memory() const { return file_->bytes(); }

 private:
  friend class ArrayFileWriter;
  class Reader;
  struct Extent {
    uint64_t offset;
    uint64_t bytes;
    uint32_t element_size;
  };

  static absl::StatusOr<std::unique_ptr<const ArrayFile>> FromBytes(
      std::unique_ptr<const FileBytes> file, std::string name,
      uint64_t identity);
  ArrayFile(std::unique_ptr<const FileBytes> file, std::string name,
            std::string digest, absl::flat_hash_map<std::string, Extent> arrays)
      : file_(std::move(file)),
        name_(std::move(name)),
        digest_(std::move(digest)),
        arrays_(std::move(arrays)) {}
  absl::StatusOr<std::span<const std::byte>> Find(absl::string_view name,
                                                  size_t element_size) const;

  const std::unique_ptr<const FileBytes> file_;
  const std::string name_;
  const std::string digest_;
  const absl::flat_hash_map<std::string, Extent> arrays_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_ARRAY_FILE_H_
