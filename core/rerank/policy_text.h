// Parses the text of a policy file into messages, before anything is compiled.
// Finds what is wrong with it as text.
#ifndef MARQUEE_CORE_RERANK_POLICY_TEXT_H_
#define MARQUEE_CORE_RERANK_POLICY_TEXT_H_

#include <google/protobuf/text_format.h>

#include <vector>

#include "absl/strings/string_view.h"
#include "core/rerank/policy_check.h"
#include "marquee/config/policy.pb.h"

namespace marquee {

// Sets `message`, and `places` to the lines of its fields, from 0. If there are
// faults, adds them to `faults` and returns false. Faults: those of
// ParseMessage; if there are none, strings whose escapes make them other than
// UTF-8, which no client could read.
bool ParsePolicy(absl::string_view text, config::Policy& message,
                 google::protobuf::TextFormat::ParseInfoTree& places,
                 std::vector<PolicyFault>& faults);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_POLICY_TEXT_H_
