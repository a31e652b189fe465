#include "core/rerank/policy_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/file_kind.h"
#include "core/base/utf8.h"

namespace marquee {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::TextFormat;

// Of nested messages; a policy has three levels.
constexpr int kMaxDepth = 16;

// Keeps the faults of the parser, which counts lines from 0.
class SyntaxFaults final : public google::protobuf::io::ErrorCollector {
 public:
  explicit SyntaxFaults(std::vector<PolicyFault>& faults) : faults_(faults) {}
  void AddError(int line, int column, const std::string& message) override {
    faults_.push_back(
        {line + 1, absl::StrCat("column ", column + 1, ": ", message)});
  }

 private:
  std::vector<PolicyFault>& faults_;
};

// The file as it is, before its escapes mean anything.
void CheckText(absl::string_view text, std::vector<PolicyFault>& faults) {
  if (const absl::string_view fault = FindTextFault(text); !fault.empty()) {
    faults.push_back({1, std::string(fault)});
    return;
  }
  const size_t at = FindInvalidUtf8(text);
  if (at == absl::string_view::npos) return;
  const absl::string_view before = text.substr(0, at);
  const size_t newline = before.rfind('\n');
  const size_t column =
      newline == absl::string_view::npos ? at + 1 : at - newline;
  faults.push_back(
      {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
       absl::StrCat("column ", column, ": the byte '",
                    absl::CHexEscape(text.substr(at, 1)),
                    "' is not UTF-8: the file must be UTF-8 text")});
}

// Every string of a message and of those in it.
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

bool ParsePolicy(absl::string_view file, config::Policy& message,
                 TextFormat::ParseInfoTree& places,
                 std::vector<PolicyFault>& faults) {
  const absl::string_view text = WithoutByteOrderMark(file);
  CheckText(text, faults);
  if (!faults.empty()) return false;
  SyntaxFaults syntax(faults);
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&syntax);
  parser.WriteLocationsTo(&places);
  parser.SetRecursionLimit(kMaxDepth);
  if (!parser.ParseFromString(std::string(text), &message)) return false;
  StringCheck(faults).Check(message, places, "");
  return faults.empty();
}

}  // namespace marquee
