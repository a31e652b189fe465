// A file that is written from front to back under a temporary name and appears
// under its own name only when it is complete. Files that belong together are
// published together: all are synced before the first is renamed.
//
//   MARQUEE_ASSIGN_OR_RETURN(auto users, OutputFile::Create("users.txt"));
//   users->Append("u1\n");
//   MARQUEE_RETURN_IF_ERROR(PublishAll({users.get(), items.get()}));
#ifndef MARQUEE_CORE_FILES_OUTPUT_FILE_H_
#define MARQUEE_CORE_FILES_OUTPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

enum class Readers {
  kAsUmask,    // those that the umask of the process allows
  kEverybody,  // also those that the umask excludes
};

// Externally synchronised. The destructor removes the temporary file if
// PublishAll was not called.
class OutputFile {
 public:
  // Opens `path` + ".tmp". Errors: NotFound if the directory is missing, or the
  // system's error.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(
      const std::string& path, Readers readers = Readers::kAsUmask);

  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  // PublishAll returns errors of the disk. status() reports them earlier, for a
  // long write.
  void Append(absl::string_view text);
  void Append(std::span<const std::byte> bytes) {
    Append(absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                             bytes.size()));
  }
  // Replaces bytes that were appended before, for counts in a header.
  void Overwrite(uint64_t offset, absl::string_view bytes);

  uint64_t size_bytes() const { return flushed_ + buffer_.size(); }
  const absl::Status& status() const { return status_; }

 private:
  friend absl::Status PublishAll(std::initializer_list<OutputFile*> files);

  OutputFile(std::string path, int descriptor);
  void Flush();
  absl::Status Sync();
  absl::Status Rename();

  const std::string path_;
  const std::string temporary_;
  int descriptor_;  // -1 after Sync
  bool published_ = false;
  std::string buffer_;
  uint64_t flushed_ = 0;
  absl::Status status_;
};

// Completes, syncs and then renames the files. After an error, none or some of
// them have been renamed.
absl::Status PublishAll(std::initializer_list<OutputFile*> files);

// Makes renames and new names in the directory durable.
absl::Status SyncDirectory(const std::string& directory);

// Checks at the beginning of long work that OutputFile::Create and PublishAll
// can succeed. Leaves nothing behind. Errors: FailedPrecondition if `path` is a
// directory; those of OutputFile::Create.
absl::Status CheckCanCreate(const std::string& path);

// Creates the directory and its parents if they are missing. Errors:
// FailedPrecondition that names the directory.
absl::Status MakeDirectory(const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_OUTPUT_FILE_H_
