// A pull reader of JSON for model files: the caller asks for what it expects
// and skips the rest, so that nothing is built in memory. For small documents
// that are wanted whole, a JSON library is simpler.
//
//   MARQUEE_RETURN_IF_ERROR(json.EnterObject());
//   while (true) {
//     MARQUEE_ASSIGN_OR_RETURN(const bool more, json.NextKey(&key));
//     if (!more) break;
//     if (key == "name") {
//       MARQUEE_ASSIGN_OR_RETURN(name, json.String());
//     } else {
//       MARQUEE_RETURN_IF_ERROR(json.Skip());
//     }
//   }
//
// Beyond JSON it takes what XGBoost writes and reads itself: the bare words
// NaN, Infinity and -Infinity. Escapes of characters beyond ASCII are refused.
#ifndef MARQUEE_CORE_RANKING_JSON_READER_H_
#define MARQUEE_CORE_RANKING_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Externally synchronised. All errors are DataLoss "NAME:LINE:COLUMN: WHAT";
// after one the reader is of no more use.
class JsonReader {
 public:
  static constexpr size_t kMaxDepth = 64;

  enum class Kind { kObject, kArray, kString, kNumber, kBool, kNull };

  // The text must outlive the reader.
  JsonReader(absl::string_view text, absl::string_view name)
      : text_(text), name_(name) {}

  // What the next value is, by its first character.
  absl::StatusOr<Kind> Peek();

  // Into an object; then NextKey until it is false, which leaves the object.
  // The value of a key must be read or skipped before the next key.
  absl::Status EnterObject();
  absl::StatusOr<bool> NextKey(std::string* key);

  // Into an array; then NextElement until it is false, which leaves the array.
  absl::Status EnterArray();
  absl::StatusOr<bool> NextElement();

  absl::StatusOr<std::string> String();
  absl::StatusOr<int64_t> Int();
  // The float32 nearest to the decimal digits, rounded once; subnormals, NaN
  // and infinities included.
  absl::StatusOr<float> Float();
  // true, false, 1 or 0: XGBoost has written both.
  absl::StatusOr<bool> Bool();

  // Reads over the next value, whatever it is.
  absl::Status Skip();
  // Errors when anything but space is left.
  absl::Status ExpectEnd();

  // An error at the place where the reader stands.
  absl::Status Fault(absl::string_view what) const;
  absl::Status Unsupported(absl::string_view what) const;

 private:
  void SkipSpace();
  // The next character that is no space; 0 at the end.
  char Front();
  bool Take(char expected);
  bool TakeWord(absl::string_view word);
  // The characters that a number or a bare word may have.
  absl::string_view Word();
  absl::Status Enter(char open);
  absl::StatusOr<bool> Continue(char close);
  absl::Status SkipObject();
  absl::Status SkipArray();
  absl::Status SkipNumber();
  absl::Status ReadEscape(std::string* value);
  std::string Place() const;

  const absl::string_view text_;
  const absl::string_view name_;
  size_t position_ = 0;
  std::vector<bool> at_first_;  // for each open object and array
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_JSON_READER_H_
