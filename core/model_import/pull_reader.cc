#include "core/model_import/pull_reader.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace marquee {

absl::Status PullReader::Fault(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(
      Place(), ": ", what, IsAtEnd() ? ", but the text ends here" : ""));
}

absl::Status PullReader::Unsupported(absl::string_view what) const {
  return absl::UnimplementedError(absl::StrCat(Place(), ": ", what));
}

absl::Status PullReader::CheckDepth() const {
  if (depth() < kMaxDepth) return absl::OkStatus();
  return Fault(absl::StrCat("is nested deeper than ", kMaxDepth));
}

absl::Status PullReader::EnterObject() {
  MARQUEE_RETURN_IF_ERROR(CheckDepth());
  MARQUEE_RETURN_IF_ERROR(OpenObject());
  keys_.emplace_back();
  return absl::OkStatus();
}

absl::Status PullReader::EnterArray() {
  MARQUEE_RETURN_IF_ERROR(CheckDepth());
  return OpenArray();
}

absl::StatusOr<bool> PullReader::NextKey(std::string* key) {
  MARQUEE_ASSIGN_OR_RETURN(const bool more, ReadKey(key));
  if (!more) {
    keys_.pop_back();
    return false;
  }
  if (!keys_.back().insert(*key).second) {
    return Fault(
        absl::StrCat("the key '", absl::CHexEscape(*key), "' occurs twice"));
  }
  return true;
}

// Recursion is bounded by kMaxDepth.
absl::Status PullReader::Skip() {
  MARQUEE_ASSIGN_OR_RETURN(const Kind kind, Peek());
  switch (kind) {
    case Kind::kObject:
      return ForEachKey([&](const std::string&) { return Skip(); });
    case Kind::kArray:
      return ForEachElement([&] { return Skip(); });
    case Kind::kString:
      return String().status();
    case Kind::kBool:
      return Bool().status();
    case Kind::kNull:
      return ReadNull();
    case Kind::kNumber:
      return SkipNumber();
  }
  return Fault("expected a value");
}

}  // namespace marquee
