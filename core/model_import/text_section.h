// The parts of a LightGBM text file: lines with their numbers, and sections of
// `key=value` lines.
#ifndef MARQUEE_CORE_MODEL_IMPORT_TEXT_SECTION_H_
#define MARQUEE_CORE_MODEL_IMPORT_TEXT_SECTION_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// The lines of a text without their ends (LF or CRLF). The caller keeps the
// text. Externally synchronised.
class ModelLines {
 public:
  ModelLines(absl::string_view text, absl::string_view name)
      : rest_(text), name_(name) {}

  // Moves to the next line; false at the end.
  bool Next();
  absl::string_view line() const { return line_; }
  size_t number() const { return number_; }
  absl::string_view name() const { return name_; }

 private:
  absl::string_view rest_;
  const absl::string_view name_;
  absl::string_view line_;
  size_t number_ = 0;
};

// The fields of the header or of one tree. Keeps only the keys that the
// constructor gets. Externally synchronised.
class TextSection {
 public:
  // Errors about the whole section name line `begin`.
  TextSection(std::span<const absl::string_view> keys, absl::string_view name,
              size_t begin)
      : keys_(keys), name_(name), begin_(begin), fields_(keys.size()) {}

  // Adds the reader's current line. A line without `=` is a key with an empty
  // value. Errors: DataLoss for a key that the section already has.
  absl::Status Add(const ModelLines& reader);

  bool Has(absl::string_view key) const { return Find(key).line != 0; }
  // Returns an empty text if there is no such field.
  absl::string_view Text(absl::string_view key) const {
    return Find(key).value;
  }

  // Errors of all: DataLoss if the field is missing, has a word that is not a
  // number of the type, or does not have `count` words.
  absl::StatusOr<int64_t> Int(absl::string_view key) const;
  absl::StatusOr<std::vector<int32_t>> Ints(absl::string_view key,
                                            size_t count) const;
  absl::StatusOr<std::vector<uint32_t>> Words(absl::string_view key,
                                              size_t count) const;
  // Correctly rounded; "inf" and "nan" are numbers.
  absl::StatusOr<std::vector<double>> Doubles(absl::string_view key,
                                              size_t count) const;

  // Returns "NAME:LINE: WHAT", with the line of the field, or of the section if
  // it has no such field.
  absl::Status Fault(absl::string_view key, absl::string_view what) const;
  absl::Status Unsupported(absl::string_view key, absl::string_view what) const;

 private:
  struct Field {
    absl::string_view value;
    size_t line = 0;  // 0: no such field
  };

  const Field& Find(absl::string_view key) const;
  std::string Place(absl::string_view key) const;
  template <typename T>
  absl::StatusOr<std::vector<T>> Numbers(absl::string_view key,
                                         size_t count) const;

  const std::span<const absl::string_view> keys_;
  const absl::string_view name_;
  const size_t begin_;
  std::vector<Field> fields_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_TEXT_SECTION_H_
