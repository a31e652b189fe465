// Reads messages in protobuf's text format: policies, the configuration of a
// server, the manifest of a snapshot. The parser's errors speak of tokens and
// identifiers; the faults here speak of the text, and say what would be right.
//
//   const std::vector<MessageFault> faults =
//       ParseMessage(text, policy, places);
#ifndef MARQUEE_CORE_TEXTPROTO_MESSAGE_TEXT_H_
#define MARQUEE_CORE_TEXTPROTO_MESSAGE_TEXT_H_

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

struct MessageFault {
  int line = 1;      // from 1
  int column = 0;    // from 1, in bytes; 0: the whole file, or its end
  std::string what;  // begins with the block and its name, where it is in one
};

// "NAME:LINE:COLUMN: what is wrong"
std::string DescribeFault(absl::string_view name, const MessageFault& fault);

struct MessageOptions {
  // True: a field that the message does not have is skipped. For files that a
  // later program may have written.
  bool skips_unknown_fields = false;
};

// Sets `message`, and `places` to the lines of its fields, from 0. Skips a byte
// order mark. Returns the first twenty faults: a file of another kind, text
// that is not UTF-8 (only the first place), syntax (the first of a line,
// because the others follow from it) and unknown fields. Empty: the text is
// valid.
std::vector<MessageFault> ParseMessage(
    absl::string_view text, google::protobuf::Message& message,
    google::protobuf::TextFormat::ParseInfoTree& places,
    const MessageOptions& options = {});

}  // namespace marquee

#endif  // MARQUEE_CORE_TEXTPROTO_MESSAGE_TEXT_H_
