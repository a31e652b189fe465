#include "core/rerank/policy_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "core/textproto/message_text.h"

namespace marquee {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::TextFormat;

// Checks every string of a message and of the messages in it.
class StringCheck {
 public:
  explicit StringCheck(std::vector<PolicyFault>& faults) : faults_(faults) {}

  void Check(const Message& message, const TextFormat::ParseInfoTree& places,
             const std::string& path) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* const field : fields) {
      const std::string name = absl::StrCat(path, field->name());
      if (!field->is_repeated()) {
        CheckValue(message, *field, -1, places, name);
        continue;
      }
      const int count = message.GetReflection()->FieldSize(message, field);
      for (int i = 0; i < count; ++i) {
        CheckValue(message, *field, i, places, name);
      }
    }
  }

 private:
  // `index`: of the value in a repeated field, else -1.
  void CheckValue(const Message& message, const FieldDescriptor& field,
                  int index, const TextFormat::ParseInfoTree& places,
                  const std::string& name) {
    const Reflection& values = *message.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Message& inner =
          index < 0 ? values.GetMessage(message, &field)
                    : values.GetRepeatedMessage(message, &field, index);
      Check(inner, *places.GetTreeForNested(&field, index),
            absl::StrCat(name, "."));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string text =
          index < 0 ? values.GetString(message, &field)
                    : values.GetRepeatedString(message, &field, index);
      if (FindInvalidUtf8(text) == absl::string_view::npos) return;
      faults_.push_back({places.GetLocation(&field, index).line + 1,
                         absl::StrCat(name, " '", absl::CEscape(text),
                                      "': must be UTF-8; \\u00e9 is the escape "
                                      "of a character, \\xe9 of a byte")});
    }
  }

  std::vector<PolicyFault>& faults_;
};

}  // namespace

bool ParsePolicy(absl::string_view text, config::Policy& message,
                 TextFormat::ParseInfoTree& places,
                 std::vector<PolicyFault>& faults) {
  for (const MessageFault& fault : ParseMessage(text, message, places)) {
    const std::string column =
        fault.column > 0 ? absl::StrCat("column ", fault.column, ": ") : "";
    faults.push_back({fault.line, absl::StrCat(column, fault.what)});
  }
  if (!faults.empty()) return false;
  StringCheck(faults).Check(message, places, "");
  return faults.empty();
}

}  // namespace marquee
