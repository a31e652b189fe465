#include "core/files/array_file.h"

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
  // 2^64 divided by the golden ratio. It is odd, so no two blocks of a file
  // have the same seed.
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
  // The trailer is the last thing that is written, so a file that was cut off
  // has none.
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
ArrayFileWriter::FinishInMemory(Placement placement) {
  MARQUEE_RETURN_IF_ERROR(Finish().status());
  MARQUEE_ASSIGN_OR_RETURN(
      auto file, FileBytes::FromDescriptor(descriptor_, path_, placement));
  return ArrayFile::FromBytes(std::move(file), path_, identity_);
}

absl::StatusOr<std::unique_ptr<const ArrayFile>> ArrayFile::Open(
    const std::string& path, uint64_t identity, Placement placement) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, FileBytes::Open(path, placement));
  return FromBytes(std::move(file), path, identity);
}

// Reads a file in memory step by step. Every error names the offset of the
// fault.
class ArrayFile::Reader {
 public:
  Reader(std::span<const std::byte> bytes, const std::string& name,
         uint64_t identity)
      : bytes_(bytes), name_(name), identity_(identity) {}

  absl::Status ReadTrailer() {
    if (bytes_.size() < sizeof(Trailer))
      return Damaged(0, "shorter than a trailer: truncated?");
    // Copied: a damaged file has any size, so its trailer may begin at any
    // byte.
    const uint64_t at = bytes_.size() - sizeof(Trailer);
    std::memcpy(&trailer_, bytes_.data() + at, sizeof(trailer_));
    if (std::memcmp(trailer_.magic, kMagic, sizeof(kMagic)) != 0) {
      return Damaged(at,
                     "no trailer of this format: truncated or another file?");
    }
    if (trailer_.file_bytes != bytes_.size()) {
      return Damaged(at, absl::StrCat("the trailer says ", trailer_.file_bytes,
                                      " bytes, the file has ", bytes_.size()));
    }
    if (trailer_.block_count > at / sizeof(uint64_t)) {
      return Damaged(at, "more block checksums than the file has room for");
    }
    payload_ = at - trailer_.block_count * sizeof(uint64_t);
    // Arrays are padded to 64 bytes, and an entry of the table has 64.
    if (trailer_.block_count != (payload_ + kBlockBytes - 1) / kBlockBytes ||
        payload_ % 64 != 0) {
      return Damaged(at,
                     "the number of blocks does not fit the size of the file");
    }
    return absl::OkStatus();
  }

  // Requires: ReadTrailer was called.
  absl::Status CheckBlocks() {
    checksums_.resize(trailer_.block_count);
    // A file without arrays has no blocks.
    if (!checksums_.empty()) {
      std::memcpy(checksums_.data(), bytes_.data() + payload_,
                  trailer_.block_count * sizeof(uint64_t));
    }
    if (trailer_.checksum != TailChecksum(checksums_, trailer_, identity_)) {
      return Damaged(payload_,
                     "the trailer's checksum does not match (damaged, or of "
                     "another snapshot)");
    }
    for (uint64_t i = 0; i < checksums_.size(); ++i) {
      const uint64_t begin = i * kBlockBytes;
      const auto block =
          bytes_.subspan(begin, std::min(kBlockBytes, payload_ - begin));
      if (checksums_[i] != Checksum64(block, BlockSeed(identity_, i))) {
        return Damaged(begin,
                       absl::StrCat("the block of ", block.size(),
                                    " bytes does not match its checksum"));
      }
    }
    return absl::OkStatus();
  }

  // Requires: ReadTrailer was called.
  absl::StatusOr<absl::flat_hash_map<std::string, Extent>> ReadTable() const {
    // The count is checked first, so that the product below can not overflow.
    if (trailer_.array_count > kMaxArrays ||
        trailer_.table_offset % kAlignment != 0 ||
        trailer_.table_offset > payload_ ||
        trailer_.array_count * sizeof(TableEntry) !=
            payload_ - trailer_.table_offset) {
      return Damaged(bytes_.size() - sizeof(Trailer),
                     "the table of contents does not fit the file");
    }
    absl::flat_hash_map<std::string, Extent> arrays;
    for (uint64_t i = 0; i < trailer_.array_count; ++i) {
      const uint64_t at = trailer_.table_offset + i * sizeof(TableEntry);
      TableEntry entry;
      std::memcpy(&entry, bytes_.data() + at, sizeof(entry));
      const size_t length = ::strnlen(entry.name, sizeof(entry.name));
      if (length == 0 || length == sizeof(entry.name))
        return Damaged(at, "an array without a name");
      if (!LiesWithin(entry)) {
        return Damaged(at, absl::StrCat("array '", entry.name,
                                        "' does not lie within the file"));
      }
      const Extent extent{entry.offset, entry.bytes, entry.element_size};
      if (!arrays.emplace(std::string(entry.name, length), extent).second) {
        return Damaged(at,
                       absl::StrCat("array '", entry.name, "' occurs twice"));
      }
    }
    return arrays;
  }

  std::string Digest() const {
    return Digest128(std::as_bytes(std::span<const uint64_t>(checksums_)));
  }

 private:
  absl::Status Damaged(uint64_t offset, absl::string_view what) const {
    return absl::DataLossError(
        absl::StrCat(name_, ": at byte ", offset, ": ", what));
  }
  bool LiesWithin(const TableEntry& entry) const {
    // Differences, because a sum of two numbers of the file could overflow.
    return entry.element_size != 0 && entry.offset % kAlignment == 0 &&
           entry.offset <= trailer_.table_offset &&
           entry.bytes <= trailer_.table_offset - entry.offset &&
           entry.bytes % entry.element_size == 0;
  }

  const std::span<const std::byte> bytes_;
  const std::string& name_;
  const uint64_t identity_;
  Trailer trailer_{};
  uint64_t payload_ = 0;  // bytes before the block checksums
  std::vector<uint64_t> checksums_;
};

absl::StatusOr<std::unique_ptr<const ArrayFile>> ArrayFile::FromBytes(
    std::unique_ptr<const FileBytes> file, std::string name,
    uint64_t identity) {
  Reader reader(file->bytes(), name, identity);
  MARQUEE_RETURN_IF_ERROR(reader.ReadTrailer());
  MARQUEE_RETURN_IF_ERROR(reader.CheckBlocks());
  MARQUEE_ASSIGN_OR_RETURN(auto arrays, reader.ReadTable());
  std::string digest = reader.Digest();
  return std::unique_ptr<const ArrayFile>(new ArrayFile(
      std::move(file), std::move(name), std::move(digest), std::move(arrays)));
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
  return file_->bytes().subspan(it->second.offset, it->second.bytes);
}

absl::StatusOr<absl::string_view> ArrayFile::Text(
    absl::string_view name) const {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const char> text, Array<char>(name));
  return absl::string_view(text.data(), text.size());
}

}  // namespace marquee
