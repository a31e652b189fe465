// A pull parser of model files: the caller asks for what it expects and skips
// the rest, so that nothing is built in memory. The formats are JsonReader and
// UbjsonReader. For small documents that are wanted whole, a JSON library is
// simpler.
//
//   MARQUEE_RETURN_IF_ERROR(reader.ForEachKey([&](const std::string& key) {
//     if (key != "name") return reader.Skip();
//     MARQUEE_ASSIGN_OR_RETURN(name, reader.String());
//     return absl::OkStatus();
//   }));
#ifndef MARQUEE_CORE_MODEL_IMPORT_PULL_READER_H_
#define MARQUEE_CORE_MODEL_IMPORT_PULL_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"

namespace marquee {

// Externally synchronised. All errors but Unsupported are DataLoss "NAME:
// PLACE: WHAT"; after one the reader is of no more use.
class PullReader {
 public:
  static constexpr size_t kMaxDepth = 64;

  enum class Kind { kObject, kArray, kString, kNumber, kBool, kNull };

  virtual ~PullReader() = default;

  // What the next value is.
  virtual absl::StatusOr<Kind> Peek() = 0;

  // Into an object; then NextKey until it is false, which leaves the object.
  // The value of a key must be read or skipped before the next key. A key that
  // an object has twice is an error.
  absl::Status EnterObject();
  absl::StatusOr<bool> NextKey(std::string* key);

  // Into an array; then NextElement until it is false, which leaves the array.
  absl::Status EnterArray();
  virtual absl::StatusOr<bool> NextElement() = 0;

  virtual absl::StatusOr<std::string> String() = 0;
  virtual absl::StatusOr<int64_t> Int() = 0;
  // The float32 nearest to the number of the file, rounded once; subnormals,
  // NaN and infinities included.
  virtual absl::StatusOr<float> Float() = 0;
  // The double nearest to it; infinite where it is too large.
  virtual absl::StatusOr<double> Double() = 0;
  // true, false, 1 or 0: XGBoost has written both.
  virtual absl::StatusOr<bool> Bool() = 0;

  // Reads over the next value, whatever it is.
  absl::Status Skip();
  // Errors when anything that means something is left.
  virtual absl::Status ExpectEnd() = 0;

  // An error at the place where the reader stands.
  absl::Status Fault(absl::string_view what) const;
  // The same as Unimplemented.
  absl::Status Unsupported(absl::string_view what) const;

  // read(key) and read() read one value and return a Status.
  template <typename Read>
  absl::Status ForEachKey(const Read& read) {
    MARQUEE_RETURN_IF_ERROR(EnterObject());
    std::string key;
    while (true) {
      MARQUEE_ASSIGN_OR_RETURN(const bool more, NextKey(&key));
      if (!more) return absl::OkStatus();
      MARQUEE_RETURN_IF_ERROR(read(key));
    }
  }
  template <typename Read>
  absl::Status ForEachElement(const Read& read) {
    MARQUEE_RETURN_IF_ERROR(EnterArray());
    while (true) {
      MARQUEE_ASSIGN_OR_RETURN(const bool more, NextElement());
      if (!more) return absl::OkStatus();
      MARQUEE_RETURN_IF_ERROR(read());
    }
  }

 protected:
  virtual absl::Status OpenObject() = 0;
  virtual absl::Status OpenArray() = 0;
  // As NextKey, which looks for keys that are there twice.
  virtual absl::StatusOr<bool> ReadKey(std::string* key) = 0;
  virtual absl::Status SkipNumber() = 0;
  virtual absl::Status ReadNull() = 0;
  // Where the reader stands: "NAME:LINE:COLUMN" or alike.
  virtual std::string Place() const = 0;
  // Whether that is behind the last byte.
  virtual bool IsAtEnd() const = 0;
  // How many objects and arrays are open.
  virtual size_t depth() const = 0;

 private:
  absl::Status CheckDepth() const;

  std::vector<absl::flat_hash_set<std::string>> keys_;  // of open objects
};

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_PULL_READER_H_
