#include "offline/formats/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/files/file_kind.h"

namespace marquee {
namespace {

constexpr size_t kFirstBufferBytes = size_t{1} << 20;
constexpr size_t kBeginningBytes = 16;  // enough to recognise a format

}  // namespace

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Open(
    const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be opened"));
  }
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  struct stat info;
  if (::fstat(descriptor, &info) != 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be examined"));
  }
  if (S_ISDIR(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is a directory, not a file"));
  }
  std::move(close).Cancel();
  return std::unique_ptr<InputFile>(new InputFile(
      path, descriptor,
      S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0));
}

InputFile::InputFile(std::string path, int descriptor, uint64_t size)
    : path_(std::move(path)),
      descriptor_(descriptor),
      size_(size),
      buffer_(kFirstBufferBytes) {}

absl::Status InputFile::BeginText() {
  bool more = true;
  while (more && window().size() < kBeginningBytes) {
    MARQUEE_ASSIGN_OR_RETURN(more, Extend());
  }
  const absl::string_view beginning(window().data(), window().size());
  if (const std::optional<FileKind> kind = FindFileKind(beginning)) {
    return absl::DataLossError(absl::StrCat(
        path_, ": is ", kind->name, ", not text; ",
        kind->form == FileKind::Form::kPacked ? "unpack it"
                                              : "save it as text"));
  }
  if (const absl::string_view fault = FindTextFault(beginning);
      !fault.empty()) {
    return absl::DataLossError(absl::StrCat(path_, ": ", fault));
  }
  if (absl::StartsWith(beginning, kByteOrderMark)) {
    Consume(kByteOrderMark.size());
  }
  return absl::OkStatus();
}

InputFile::~InputFile() { ::close(descriptor_); }

absl::StatusOr<bool> InputFile::Extend() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  while (true) {
    const ssize_t got =
        ::read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return absl::ErrnoToStatus(errno,
                                 absl::StrCat(path_, ": can not be read"));
    }
    end_ += static_cast<size_t>(got);
    return got > 0;
  }
}

}  // namespace marquee
