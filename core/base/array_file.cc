#include "core/base/array_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/checksum.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr uint64_t kBlockBytes = uint64_t{1} << 20;
constexpr uint64_t kAlignment = 64;
constexpr uint64_t kMaxArrays = 1024;
constexpr char kMagic[8] = {'M', 'A', 'R', 'Q', 'A', 'R', 'R', '1'};

struct TableEntry {
  char name[32];
  uint64_t offset;
  uint64_t bytes;
  uint32_t element_size;
  uint32_t reserved[3];
};
static_assert(sizeof(TableEntry) == 64);

struct Trailer {
  char magic[8];
  uint64_t file_bytes;
  uint64_t table_offset;
  uint64_t array_count;
  uint64_t block_count;
  uint64_t reserved[2];
  uint64_t checksum;  // of the block checksums and of this trailer up to here
};
static_assert(sizeof(Trailer) == 64);

uint64_t BlockSeed(uint64_t identity, uint64_t block) {
  return identity + (block + 1) * 0x9E3779B97F4A7C15u;
}

uint64_t TailChecksum(std::span<const uint64_t> checksums,
                      const Trailer& trailer, uint64_t identity) {
  const uint64_t blocks = Checksum64(std::as_bytes(checksums), identity);
  const auto bytes = std::as_bytes(std::span(&trailer, 1));
  return Checksum64(bytes.first(offsetof(Trailer, checksum)), blocks);
}

}  // namespace

struct ArrayFileWriter::Entry : TableEntry {};

ArrayFileWriter::ArrayFileWriter(int descriptor, std::string path,
                                 uint64_t identity)
    : descriptor_(descriptor), path_(std::move(path)), identity_(identity) {
  block_.reserve(kBlockBytes);
}

ArrayFileWriter::~ArrayFileWriter() { ::close(descriptor_); }

absl::StatusOr<std::unique_ptr<ArrayFileWriter>> ArrayFileWriter::Create(
    const std::string& path, uint64_t identity) {
  const int descriptor =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be created"));
  }
  return std::unique_ptr<ArrayFileWriter>(
      new ArrayFileWriter(descriptor, path, identity));
}

absl::StatusOr<std::unique_ptr<ArrayFileWriter>>
ArrayFileWriter::CreateInMemory() {
  const int descriptor = ::memfd_create("marquee", MFD_CLOEXEC);
  if (descriptor < 0)
    return absl::ErrnoToStatus(errno, "an anonymous file can not be created");
  return std::unique_ptr<ArrayFileWriter>(
      new ArrayFileWriter(descriptor, "(memory)", 0));
}

void ArrayFileWriter::Begin(absl::string_view name, size_t element_size) {
  MARQUEE_CHECK(!name.empty() && name.size() < sizeof(TableEntry::name));
  MARQUEE_CHECK(entries_.size() < kMaxArrays);
  PadTo(kAlignment);
  Entry entry{};
  std::memcpy(entry.name, name.data(), name.size());
  entry.offset = position_;
  entry.element_size = static_cast<uint32_t>(element_size);
  entries_.push_back(entry);
}

void ArrayFileWriter::AppendBytes(std::span<const std::byte> bytes) {
  MARQUEE_CHECK(!entries_.empty());
  entries_.back().bytes += bytes.size();
  Put(bytes);
}

void ArrayFileWriter::Put(std::span<const std::byte> bytes) {
  position_ += bytes.size();
  while (!bytes.empty()) {
    const size_t take = std::min(bytes.size(), kBlockBytes - block_.size());
    block_.insert(block_.end(), bytes.begin(), bytes.begin() + take);
    bytes = bytes.subspan(take);
    if (block_.size() == kBlockBytes) FlushBlock();
  }
}

void ArrayFileWriter::PadTo(size_t boundary) {
  static constexpr std::byte kZeros[4096] = {};
  while (position_ % boundary != 0) {
    Put(std::span(kZeros).first(
        std::min(sizeof(kZeros), boundary - position_ % boundary)));
  }
}

void ArrayFileWriter::FlushBlock() {
  checksums_.push_back(
      Checksum64(block_, BlockSeed(identity_, checksums_.size())));
  WriteRaw(block_);
  block_.clear();
}

void ArrayFileWriter::WriteRaw(std::span<const std::byte> bytes) {
  while (status_.ok() && !bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      status_ = absl::ErrnoToStatus(
          errno, absl::StrCat(path_, ": can not be written"));
      return;
    }
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

absl::StatusOr<std::string> ArrayFileWriter::Finish() {
  PadTo(kAlignment);
  Trailer trailer{};
  std::memcpy(trailer.magic, kMagic, sizeof(kMagic));
  trailer.table_offset = position_;
  trailer.array_count = entries_.size();
  Put(std::as_bytes(std::span<const Entry>(entries_)));
  if (!block_.empty()) FlushBlock();  // the last block may be short
  trailer.block_count = checksums_.size();
  trailer.file_bytes =
      position_ + checksums_.size() * sizeof(uint64_t) + sizeof(Trailer);
  trailer.checksum = TailChecksum(checksums_, trailer, identity_);
  WriteRaw(std::as_bytes(std::span<const uint64_t>(checksums_)));
  WriteRaw(std::as_bytes(std::span(&trailer, 1)));
  MARQUEE_RETURN_IF_ERROR(status_);
  if (::fsync(descriptor_) != 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path_, ": can not be synced"));
  }
  return Digest128(std::as_bytes(std::span<const uint64_t>(checksums_)));
}

absl::StatusOr<std::unique_ptr<const ArrayFile>>
ArrayFileWriter::FinishInMemory() {
  MARQUEE_RETURN_IF_ERROR(Finish().status());
  MARQUEE_ASSIGN_OR_RETURN(auto mapping,
                           MappedFile::FromDescriptor(descriptor_, path_));
  return ArrayFile::FromMapping(std::move(mapping), path_, identity_);
}

absl::StatusOr<std::unique_ptr<const ArrayFile>> ArrayFile::Open(
    const std::string& path, uint64_t identity) {
  MARQUEE_ASSIGN_OR_RETURN(auto mapping, MappedFile::Open(path));
  return FromMapping(std::move(mapping), path, identity);
}

absl::StatusOr<std::unique_ptr<const ArrayFile>> ArrayFile::FromMapping(
    std::unique_ptr<const MappedFile> mapping, std::string name,
    uint64_t identity) {
  const std::span<const std::byte> bytes = mapping->bytes();
  const auto damaged = [&](uint64_t offset, absl::string_view what) {
    return absl::DataLossError(
        absl::StrCat(name, ": at byte ", offset, ": ", what));
  };
  if (bytes.size() < sizeof(Trailer))
    return damaged(0, "shorter than a trailer: truncated?");
  const uint64_t trailer_offset = bytes.size() - sizeof(Trailer);
  Trailer trailer;
  std::memcpy(&trailer, bytes.data() + trailer_offset, sizeof(trailer));
  if (std::memcmp(trailer.magic, kMagic, sizeof(kMagic)) != 0) {
    return damaged(trailer_offset,
                   "no trailer of this format: truncated or another file?");
  }
  if (trailer.file_bytes != bytes.size()) {
    return damaged(trailer_offset,
                   absl::StrCat("the trailer says ", trailer.file_bytes,
                                " bytes, the file has ", bytes.size()));
  }
  if (trailer.block_count > trailer_offset / sizeof(uint64_t)) {
    return damaged(trailer_offset,
                   "more block checksums than the file has room for");
  }
  const uint64_t payload =
      trailer_offset - trailer.block_count * sizeof(uint64_t);
  if (trailer.block_count != (payload + kBlockBytes - 1) / kBlockBytes ||
      payload % 64 != 0) {
    return damaged(trailer_offset,
                   "the number of blocks does not fit the size of the file");
  }
  std::vector<uint64_t> checksums(trailer.block_count);
  std::memcpy(checksums.data(), bytes.data() + payload,
              trailer.block_count * sizeof(uint64_t));
  if (trailer.checksum != TailChecksum(checksums, trailer, identity)) {
    return damaged(payload,
                   "the trailer's checksum does not match (damaged, or of "
                   "another snapshot)");
  }
  for (uint64_t i = 0; i < checksums.size(); ++i) {
    const uint64_t begin = i * kBlockBytes;
    const auto block =
        bytes.subspan(begin, std::min(kBlockBytes, payload - begin));
    if (checksums[i] != Checksum64(block, BlockSeed(identity, i))) {
      return damaged(begin, absl::StrCat("the block of ", block.size(),
                                         " bytes does not match its checksum"));
    }
  }

  if (trailer.array_count > kMaxArrays ||
      trailer.table_offset % kAlignment != 0 ||
      trailer.table_offset > payload ||
      trailer.array_count * sizeof(TableEntry) !=
          payload - trailer.table_offset) {
    return damaged(trailer_offset,
                   "the table of contents does not fit the file");
  }
  absl::flat_hash_map<std::string, Extent> arrays;
  for (uint64_t i = 0; i < trailer.array_count; ++i) {
    const uint64_t at = trailer.table_offset + i * sizeof(TableEntry);
    TableEntry entry;
    std::memcpy(&entry, bytes.data() + at, sizeof(entry));
    const size_t length = ::strnlen(entry.name, sizeof(entry.name));
    if (length == 0 || length == sizeof(entry.name))
      return damaged(at, "an array without a name");
    if (entry.element_size == 0 || entry.offset % kAlignment != 0 ||
        entry.offset > trailer.table_offset ||
        entry.bytes > trailer.table_offset - entry.offset ||
        entry.bytes % entry.element_size != 0) {
      return damaged(at, absl::StrCat("array '", entry.name,
                                      "' does not lie within the file"));
    }
    const Extent extent{entry.offset, entry.bytes, entry.element_size};
    if (!arrays.emplace(std::string(entry.name, length), extent).second) {
      return damaged(
          at, absl::StrCat("array '", entry.name, "' stands there twice"));
    }
  }
  std::string digest =
      Digest128(std::as_bytes(std::span<const uint64_t>(checksums)));
  return std::unique_ptr<const ArrayFile>(
      new ArrayFile(std::move(mapping), std::move(name), std::move(digest),
                    std::move(arrays)));
}

absl::StatusOr<std::span<const std::byte>> ArrayFile::Find(
    absl::string_view name, size_t element_size) const {
  const auto it = arrays_.find(name);
  if (it == arrays_.end()) {
    return absl::DataLossError(
        absl::StrCat(name_, ": has no array '", name, "'"));
  }
  if (it->second.element_size != element_size) {
    return absl::DataLossError(
        absl::StrCat(name_, ": array '", name, "' has elements of ",
                     it->second.element_size, " bytes, not of ", element_size));
  }
  return mapping_->bytes().subspan(it->second.offset, it->second.bytes);
}

absl::StatusOr<absl::string_view> ArrayFile::Text(
    absl::string_view name) const {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const char> text, Array<char>(name));
  return absl::string_view(text.data(), text.size());
}

}  // namespace marquee
