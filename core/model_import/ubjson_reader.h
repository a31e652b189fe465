// The pull parser of UBJSON (draft 12, big-endian), as XGBoost writes and reads
// it since 1.6.
//
// It does not support what XGBoost never writes: high-precision numbers, and
// containers that give one type to elements without bytes or to containers.
#ifndef MARQUEE_CORE_MODEL_IMPORT_UBJSON_READER_H_
#define MARQUEE_CORE_MODEL_IMPORT_UBJSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/model_import/pull_reader.h"

namespace marquee {

// Externally synchronised. Errors name the place as "NAME: byte OFFSET".
class UbjsonReader : public PullReader {
 public:
  // The bytes must outlive the reader.
  UbjsonReader(absl::string_view bytes, absl::string_view name)
      : bytes_(bytes), name_(name) {}

  absl::StatusOr<Kind> Peek() override;
  absl::StatusOr<bool> NextElement() override;
  absl::StatusOr<std::string> String() override;
  absl::StatusOr<int64_t> Int() override;
  absl::StatusOr<float> Float() override;
  absl::StatusOr<double> Double() override;
  absl::StatusOr<bool> Bool() override;
  absl::Status ExpectEnd() override;

 protected:
  absl::Status OpenObject() override { return Open('{'); }
  absl::Status OpenArray() override { return Open('['); }
  absl::StatusOr<bool> ReadKey(std::string* key) override;
  absl::Status SkipNumber() override;
  absl::Status ReadNull() override;
  std::string Place() const override;
  bool IsAtEnd() const override { return Left() == 0; }
  size_t depth() const override { return open_.size(); }

 private:
  // An object or array.
  struct Container {
    char type = 0;  // of every value, which then has no marker; 0: mixed
    bool is_counted = false;  // a counted container has no closing bracket
    uint64_t left = 0;        // elements or pairs left, if it is counted
  };

  size_t Left() const { return bytes_.size() - position_; }
  // Returns the next byte; 0 at the end.
  char Front() const { return Left() == 0 ? '\0' : bytes_[position_]; }
  bool Take(char expected);
  void SkipNoOps();
  // The type of the next value. Marker leaves it unread, TakeMarker reads it.
  char Marker();
  char TakeMarker();
  absl::StatusOr<absl::string_view> Bytes(uint64_t count);
  // Big-endian.
  template <typename T>
  absl::StatusOr<T> Number();
  absl::StatusOr<int64_t> IntOf(char marker);
  absl::StatusOr<uint64_t> Length();
  absl::Status Open(char bracket);
  absl::StatusOr<bool> Continue(char close);

  const absl::string_view bytes_;
  const absl::string_view name_;
  size_t position_ = 0;
  std::vector<Container> open_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_UBJSON_READER_H_
