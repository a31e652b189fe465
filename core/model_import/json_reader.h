// The pull parser of JSON (RFC 8259).
//
// Beyond JSON it accepts the bare words that XGBoost writes and reads: NaN,
// Infinity and -Infinity. It refuses escapes of characters beyond ASCII.
#ifndef MARQUEE_CORE_MODEL_IMPORT_JSON_READER_H_
#define MARQUEE_CORE_MODEL_IMPORT_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/model_import/pull_reader.h"

namespace marquee {

// Externally synchronised. Errors name the place as NAME:LINE:COLUMN.
class JsonReader : public PullReader {
 public:
  // The text must outlive the reader.
  JsonReader(absl::string_view text, absl::string_view name)
      : text_(text), name_(name) {}

  absl::StatusOr<Kind> Peek() override;
  absl::StatusOr<bool> NextElement() override;
  absl::StatusOr<std::string> String() override;
  absl::StatusOr<int64_t> Int() override;
  absl::StatusOr<float> Float() override;
  absl::StatusOr<double> Double() override;
  absl::StatusOr<bool> Bool() override;
  absl::Status ExpectEnd() override;

 protected:
  absl::Status OpenObject() override;
  absl::Status OpenArray() override;
  absl::StatusOr<bool> ReadKey(std::string* key) override;
  absl::Status SkipNumber() override;
  absl::Status ReadNull() override;
  std::string Place() const override;
  bool IsAtEnd() const override { return position_ >= text_.size(); }
  size_t depth() const override { return at_first_.size(); }

 private:
  void SkipSpace();
  // Returns the next character that is not a space; 0 at the end.
  char Front();
  bool Take(char expected);
  bool TakeWord(absl::string_view word);
  // Returns the longest run of characters that a number or a bare word may
  // have.
  absl::string_view Word();
  template <typename T>
  absl::StatusOr<T> Number();
  absl::Status Open(char open);
  absl::StatusOr<bool> Continue(char close);
  absl::Status ReadEscape(std::string* value);

  const absl::string_view text_;
  const absl::string_view name_;
  size_t position_ = 0;
  std::vector<bool> at_first_;  // one element for each open object and array
};

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_JSON_READER_H_
