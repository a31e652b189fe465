#include "core/textproto/message_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "core/base/near_names.h"
#include "core/base/utf8.h"
#include "core/files/file_kind.h"
#include "core/textproto/open_braces.h"

namespace marquee {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::TextFormat;

constexpr size_t kLongestToken = 64;  // bytes of it in a message
constexpr size_t kMostFaults = 20;    // each search starts at the beginning

// Of nested messages. A policy has three levels.
constexpr int kMaxDepth = 16;

// The parser's expectations, in its words and in ours.
constexpr std::pair<absl::string_view, absl::string_view> kWanted[] = {
    {"Expected identifier, got: ", "the name of a field"},
    {"Expected integer, got: ", "a whole number"},
    {"Expected double, got: ", "a number"},
    {"Expected string, got: ", "a text in quotes"},
};

constexpr absl::string_view kCurlyQuotes[] = {"“", "”", "„", "‟", "‘", "’",
                                              "‚", "«", "»", "′", "″"};

MessageFault FaultAt(absl::string_view text, size_t offset, std::string what) {
  const absl::string_view before = text.substr(0, offset);
  const size_t newline = before.rfind('\n');
  const size_t begin = newline == absl::string_view::npos ? 0 : newline + 1;
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(before.size() - begin) + 1, std::move(what)};
}

// Converts a place as the library counts it: from 0, with tabs to every eighth
// column.
size_t OffsetOf(absl::string_view text, int line, int column) {
  size_t at = 0;
  for (; line > 0; --line) {
    const size_t newline = text.find('\n', at);
    if (newline == absl::string_view::npos) return text.size();
    at = newline + 1;
  }
  for (int c = 0; c < column && at < text.size() && text[at] != '\n'; ++at) {
    c += text[at] == '\t' ? 8 - c % 8 : 1;
  }
  return at;
}

// Returns the text between the next two quotes. Drops it with the quotes and
// the text before them.
absl::string_view TakeQuoted(absl::string_view& message) {
  const size_t begin = message.find('"') + 1;
  const size_t end = message.find('"', begin);
  if (begin == 0 || end == absl::string_view::npos) return "";
  const absl::string_view quoted = message.substr(begin, end - begin);
  message.remove_prefix(end + 1);
  return quoted;
}

// Control characters must not reach a terminal.
std::string QuoteToken(absl::string_view token) {
  token = token.substr(0, kLongestToken);
  const bool sound = FindInvalidUtf8(token) == absl::string_view::npos &&
                     absl::c_none_of(token, absl::ascii_iscntrl);
  return absl::StrCat("'", sound ? std::string(token) : absl::CHexEscape(token),
                      "'");
}

// Returns "1,5" if the text before `offset` ends with "1," and digits follow.
std::string NumberWithComma(absl::string_view text, size_t offset) {
  if (offset < 2 || text[offset - 1] != ',') return "";
  size_t begin = offset - 1;
  size_t end = offset;
  while (begin > 0 && absl::ascii_isdigit(text[begin - 1])) --begin;
  while (end < text.size() && absl::ascii_isdigit(text[end])) ++end;
  if (begin == offset - 1 || end == offset) return "";
  return std::string(text.substr(begin, end - begin));
}

// Translates the parser's errors for one text into words for people.
class Translator final : public google::protobuf::io::ErrorCollector {
 public:
  Translator(absl::string_view text, const Descriptor& root,
             std::vector<MessageFault>& faults)
      : text_(text), root_(root), faults_(faults) {}

  void AddError(int line, int column, const std::string& message) override {
    if (line == last_line_ || faults_.size() > kMostFaults) return;
    last_line_ = line;
    if (faults_.size() == kMostFaults) {
      faults_.push_back({line + 1, 0, "and more, from this line on"});
      return;
    }
    ends_ = false;
    offset_ = OffsetOf(text_, line, column);
    open_ = FindOpenBraces(text_, offset_);
    std::string what = Translate(message);
    if (!open_.braces.empty() && !ends_) {
      const std::string name =
          open_.name.empty() ? "" : absl::StrCat(" ", QuoteToken(open_.name));
      what = absl::StrCat(open_.braces[0].field, name, ": ", what);
    }
    faults_.push_back(FaultAt(text_, offset_, std::move(what)));
  }

 private:
  std::string Translate(absl::string_view message) {
    if (absl::StrContains(message, "has no field named")) {
      return UnknownField(message);
    }
    if (absl::StartsWith(message, "Interpreting non ascii")) {
      return ForeignCharacter();
    }
    ends_ = absl::EndsWith(message, "got: ") ||
            absl::EndsWith(message, "found \"\".");
    if (ends_ && !open_.braces.empty()) return EndsInside();
    for (const auto& [words, wanted] : kWanted) {
      if (absl::ConsumePrefix(&message, words)) return Other(message, wanted);
    }
    if (absl::StartsWith(message, "Expected \"")) {
      const absl::string_view wanted = TakeQuoted(message);
      return Other(TakeQuoted(message), QuoteToken(wanted));
    }
    if (absl::StartsWith(message, "Invalid value for boolean")) {
      const absl::string_view field = TakeQuoted(message);
      const absl::string_view value = TakeQuoted(message);
      GoBackTo(value);
      return absl::StrCat("'", field, "' is true or false, not ",
                          QuoteToken(value));
    }
    if (absl::StrContains(message, "cannot cross")) {
      return "a quote is not closed on its line";
    }
    return std::string(message);
  }

  // The library's place is behind the word that it complains of.
  void GoBackTo(absl::string_view word) {
    const size_t at = text_.substr(0, offset_).rfind(word);
    if (at != absl::string_view::npos) offset_ = at;
  }

  std::string EndsInside() const {
    const OpenBrace& last = open_.braces.back();
    return absl::StrCat("the file ends inside of '", last.field,
                        "', which begins on line ", last.line,
                        ": a '}' is missing");
  }

  // `token` was found where something else is expected.
  std::string Other(absl::string_view token, absl::string_view wanted) {
    if (token.empty()) {
      return absl::StrCat("the file ends where ", wanted, " is wanted");
    }
    if (token == "}" && open_.braces.empty()) {
      return "a '}' too many: no block is open here";
    }
    const std::string number = NumberWithComma(text_, offset_);
    if (number.empty()) {
      return absl::StrCat(wanted, " is wanted, not ", QuoteToken(token));
    }
    const size_t comma = number.find(',');
    offset_ -= comma + 1;
    const std::string whole = number.substr(0, comma);
    const std::string rest = number.substr(comma + 1);
    return absl::StrCat(
        "'", number, "' is not a number: write ", whole, ".", rest,
        rest.size() == 3 ? absl::StrCat(", or ", whole, rest) : "");
  }

  std::string ForeignCharacter() const {
    const absl::string_view rest = text_.substr(offset_);
    for (const absl::string_view quote : kCurlyQuotes) {
      if (!absl::StartsWith(rest, quote)) continue;
      return absl::StrCat("'", quote, "' is not a quote here: write \" or '");
    }
    size_t bytes = 1;
    while (bytes < rest.size() && (rest[bytes] & 0xC0) == 0x80) ++bytes;
    return absl::StrCat("the character ", QuoteToken(rest.substr(0, bytes)),
                        " (", absl::CHexEscape(rest.substr(0, bytes)),
                        ") is outside of quotes");
  }

  std::string UnknownField(absl::string_view message) {
    const std::string type(TakeQuoted(message));
    const absl::string_view name = TakeQuoted(message);
    GoBackTo(name);
    const Descriptor* const in =
        root_.file()->pool()->FindMessageTypeByName(type);
    if (in == nullptr) return absl::StrCat("unknown field '", name, "'");
    const FieldDescriptor* const of_root =
        root_.FindFieldByName(std::string(name));
    if (!open_.braces.empty() && of_root != nullptr &&
        of_root->message_type() != nullptr) {
      const OpenBrace& last = open_.braces.back();
      return absl::StrCat("'", name, "' is inside '", last.field,
                          "', which begins on line ", last.line,
                          ": a '}' is missing before it");
    }
    return absl::StrCat(
        "unknown field '", name, "'",
        open_.braces.size() < 2
            ? ""
            : absl::StrCat(" of '", open_.braces.back().field, "'"),
        WhatIsRight(*in, name));
  }

  // Says which field has the name, which name is nearest, or all names.
  static std::string WhatIsRight(const Descriptor& in, absl::string_view name) {
    std::vector<absl::string_view> fields;
    for (int i = 0; i < in.field_count(); ++i) {
      const FieldDescriptor& field = *in.field(i);
      fields.push_back(field.name());
      if (field.message_type() != nullptr && !field.is_repeated() &&
          field.message_type()->FindFieldByName(std::string(name))) {
        return absl::StrCat("; '", field.name(), "' has it");
      }
    }
    const std::vector<absl::string_view> near = NearNames(name, fields, 1);
    if (!near.empty()) return absl::StrCat(", perhaps '", near[0], "'");
    return absl::StrCat("; the fields are '", absl::StrJoin(fields, "', '"),
                        "'");
  }

  const absl::string_view text_;
  const Descriptor& root_;
  std::vector<MessageFault>& faults_;
  int last_line_ = -2;  // of the last fault; the library has -1 for none
  // Of the current fault.
  size_t offset_ = 0;
  OpenBraces open_;
  bool ends_ = false;
};

// Checks the file as it is, before its escapes are read.
std::optional<MessageFault> FindFileFault(absl::string_view text) {
  if (const std::optional<FileKind> kind = FindFileKind(text)) {
    return MessageFault{.what =
                            absl::StrCat("is ", kind->name,
                                         ", not text; save it as plain text")};
  }
  if (const absl::string_view fault = FindTextFault(text); !fault.empty()) {
    return MessageFault{.what = std::string(fault)};
  }
  const size_t at = FindInvalidUtf8(text);
  if (at == absl::string_view::npos) return std::nullopt;
  return FaultAt(
      text, at,
      absl::StrCat("the byte '", absl::CHexEscape(text.substr(at, 1)),
                   "' is not UTF-8: the file must be UTF-8 text"));
}

}  // namespace

std::string DescribeFault(absl::string_view name, const MessageFault& fault) {
  return absl::StrCat(name, ":", fault.line,
                      fault.column > 0 ? absl::StrCat(":", fault.column) : "",
                      ": ", fault.what);
}

std::vector<MessageFault> ParseMessage(absl::string_view file,
                                       google::protobuf::Message& message,
                                       TextFormat::ParseInfoTree& places,
                                       const MessageOptions& options) {
  const absl::string_view text = WithoutByteOrderMark(file);
  if (auto fault = FindFileFault(text)) return {*std::move(fault)};
  std::vector<MessageFault> faults;
  Translator translator(text, *message.GetDescriptor(), faults);
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&translator);
  parser.WriteLocationsTo(&places);
  parser.SetRecursionLimit(kMaxDepth);
  parser.AllowUnknownField(options.skips_unknown_fields);
  // A message that was parsed in part is not used, even if the parser gives no
  // error.
  if (!parser.ParseFromString(std::string(text), &message) && faults.empty()) {
    faults.push_back({.what = "can not be parsed"});
  }
  return faults;
}

}  // namespace marquee
