#include "offline/formats/line_reader.h"

#include <cstring>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<LineReader>> LineReader::Open(
    const std::string& path, size_t max_bytes) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, InputFile::Open(path));
  MARQUEE_RETURN_IF_ERROR(file->BeginText());
  return std::unique_ptr<LineReader>(
      new LineReader(std::move(file), max_bytes));
}

absl::StatusOr<bool> LineReader::Next() {
  ++line_;
  // No byte of a long line is searched twice.
  size_t searched = 0;
  bool at_end = false;
  while (true) {
    const std::span<char> window = file_->window();
    const void* const newline =
        window.size() == searched ? nullptr
                                  : std::memchr(window.data() + searched, '\n',
                                                window.size() - searched);
    if (newline == nullptr && at_end && window.empty()) return false;
    if (newline != nullptr || at_end) {
      const size_t length =
          newline == nullptr
              ? window.size()
              : static_cast<size_t>(static_cast<const char*>(newline) -
                                    window.data());
      text_ = absl::StripSuffix(absl::string_view(window.data(), length), "\r");
      file_->Consume(length + (newline != nullptr));
      if (text_.size() > max_bytes_) break;
      return true;
    }
    // The end of the line is not part of it.
    if (window.size() > max_bytes_ + 2) break;
    searched = window.size();
    MARQUEE_ASSIGN_OR_RETURN(const bool more, file_->Extend());
    at_end = !more;
  }
  return Fault(absl::StrCat("is longer than ", max_bytes_, " bytes"));
}

absl::Status LineReader::Fault(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(path(), ":", line_, ": ", what));
}

}  // namespace marquee
