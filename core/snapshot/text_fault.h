// The first fault of a file in protobuf's text format, as LINE:COLUMN: words.
#ifndef MARQUEE_CORE_SNAPSHOT_TEXT_FAULT_H_
#define MARQUEE_CORE_SNAPSHOT_TEXT_FAULT_H_

#include <google/protobuf/io/tokenizer.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace marquee {

// For TextFormat::Parser::RecordErrorsTo; without one, the parser prints to
// stderr.
class TextFault final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text.empty())
      text = absl::StrCat(line + 1, ":", column + 1, ": ", message);
  }

  std::string text;  // empty: no fault
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_TEXT_FAULT_H_
