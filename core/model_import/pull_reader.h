// A pull parser of model files. The caller reads the values that it expects and
// skips the rest, so the parser builds no document in memory. Implementations:
// JsonReader and UbjsonReader. For a small document that is needed whole, a
// JSON library is simpler.
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

// Externally synchronised. All errors but those of Unsupported are DataLoss
// "NAME: PLACE: WHAT". After an error the reader must not be used.
class PullReader {
 public:
  static constexpr size_t kMaxDepth = 64;

  enum class Kind { kObject, kArray, kString, kNumber, kBool, kNull };

  virtual ~PullReader() = default;

  // Returns the kind of the next value without reading it.
  virtual absl::StatusOr<Kind> Peek() = 0;

  // Enters an object. Call NextKey until it returns false, which leaves the
  // object. Read or skip the value of a key before the next call. A key that an
  // object has twice is an error.
  absl::Status EnterObject();
  absl::StatusOr<bool> NextKey(std::string* key);

  // Enters an array. Call NextElement until it returns false, which leaves the
  // array.
  absl::Status EnterArray();
  virtual absl::StatusOr<bool> NextElement() = 0;

  virtual absl::StatusOr<std::string> String() = 0;
  virtual absl::StatusOr<int64_t> Int() = 0;
  // Returns the float32 nearest to the number in the file, rounded once. Keeps
  // subnormals, NaN and infinities.
  virtual absl::StatusOr<float> Float() = 0;
  // Returns the nearest double; an infinity if the number is too large.
  virtual absl::StatusOr<double> Double() = 0;
  // Accepts true, false, 1 and 0: XGBoost has written both forms.
  virtual absl::StatusOr<bool> Bool() = 0;

  // Skips the next value, of any kind.
  absl::Status Skip();
  // Fails if anything is left but white space or, in UBJSON, no-ops.
  virtual absl::Status ExpectEnd() = 0;

  // Returns a DataLoss error with the reader's current place.
  absl::Status Fault(absl::string_view what) const;
  // Returns an Unimplemented error with the reader's current place.
  absl::Status Unsupported(absl::string_view what) const;

  // Each call of read(key) or read() reads one value and returns a Status.
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
  // Reads the next key. NextKey, which calls it, checks that no key repeats.
  virtual absl::StatusOr<bool> ReadKey(std::string* key) = 0;
  virtual absl::Status SkipNumber() = 0;
  virtual absl::Status ReadNull() = 0;
  // The current place: "NAME:LINE:COLUMN" or similar.
  virtual std::string Place() const = 0;
  // Whether the current place is after the last byte.
  virtual bool IsAtEnd() const = 0;
  // The number of open objects and arrays.
  virtual size_t depth() const = 0;

 private:
  absl::Status CheckDepth() const;

  std::vector<absl::flat_hash_set<std::string>> keys_;  // of open objects
};

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_PULL_READER_H_
