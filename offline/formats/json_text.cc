#include "offline/formats/json_text.h"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "nlohmann/json.hpp"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

using nlohmann::json;

// The callbacks of the library's parser. A function that returns false stops
// the parser.
class ValueBuilder {
 public:
  explicit ValueBuilder(json& root) : root_(root) {}

  bool null() { return Put(nullptr); }
  bool boolean(bool value) { return Put(value); }
  bool number_integer(int64_t value) { return Put(value); }
  bool number_unsigned(uint64_t value) { return Put(value); }
  bool number_float(double value, const std::string&) { return Put(value); }
  bool string(std::string& value) { return Put(std::move(value)); }
  bool binary(json::binary_t&) { return false; }  // text never has it
  bool start_object(size_t) { return Put(json::value_t::object, true); }
  bool end_object() { return Close(); }
  bool start_array(size_t) { return Put(json::value_t::array, true); }
  bool end_array() { return Close(); }

  bool key(std::string& name) {
    Level& level = open_.back();
    const auto [field, is_new] =
        level.value->get_ref<json::object_t&>().try_emplace(std::move(name));
    level.name = &field->first;
    level.slot = &field->second;
    if (is_new) return true;
    fault_ = {.what = absl::StrCat("field ", QuoteForError(Path()),
                                   ": occurs twice in its object; write it "
                                   "once"),
              .twice = true};
    return false;
  }

  bool parse_error(size_t byte, const std::string&,
                   const json::exception& error) {
    // The message begins with the library's name and its own form of the place.
    absl::string_view what = error.what();
    const auto drop_until = [&what](absl::string_view end) {
      const size_t found = what.find(end);
      if (found != what.npos) what.remove_prefix(found + end.size());
    };
    drop_until("] ");
    if (absl::StartsWith(what, "parse error")) drop_until(": ");
    fault_ = {.byte = byte, .what = absl::StrCat("is not JSON: ", what)};
    return false;
  }

  JsonFault TakeFault() { return std::move(fault_); }

 private:
  // An object or list that is not closed yet.
  struct Level {
    json* value = nullptr;
    json* slot = nullptr;  // in an object: where the next value goes
    const std::string* name = nullptr;
  };

  template <typename Value>
  bool Put(Value&& value, bool opens = false) {
    json* to = &root_;
    if (!open_.empty()) {
      Level& level = open_.back();
      to = level.value->is_array() ? &level.value->emplace_back() : level.slot;
    }
    *to = json(std::forward<Value>(value));
    if (opens) open_.push_back({.value = to});
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  // Returns the path of the value that is being read: "licences[2].start".
  std::string Path() const {
    std::string path;
    for (const Level& level : open_) {
      if (level.value->is_array()) {
        absl::StrAppend(&path, "[", level.value->size() - 1, "]");
      } else {
        absl::StrAppend(&path, path.empty() ? "" : ".", *level.name);
      }
    }
    return path;
  }

  json& root_;
  std::vector<Level> open_;
  JsonFault fault_;
};

// Returns the place where the name begins at which parsing stops. The library
// does not report places of names, so a text with a fault is parsed again, from
// a stream that knows its position.
size_t PlaceOfName(absl::string_view text) {
  std::istringstream in{std::string(text)};
  json value;
  ValueBuilder builder(value);
  json::sax_parse(in, &builder);
  // The parser has just read the closing quote of the name.
  const auto end = static_cast<size_t>(in.tellg());
  return text.rfind('"', end - 2) + 1;
}

// Words that programs write but JSON does not have, and what would be right.
constexpr std::pair<absl::string_view, absl::string_view> kForeignWords[] = {
    {"nan", "write the value, or null where it is not known"},
    {"infinity", "write the value, or null where it is not known"},
    {"inf", "write the value, or null where it is not known"},
    {"none", "write the value, or null where it is not known"},
    {"null", "write null"},
    {"true", "write true"},
    {"false", "write false"},
};

// Returns the fault of a word that JSON does not have, at its first letter.
// Absent if there is no such word where the library stopped, at the byte `stop`
// from 1.
std::optional<JsonFault> ForeignWord(absl::string_view text, size_t stop) {
  if (stop == 0 || stop > text.size() || !absl::ascii_isalpha(text[stop - 1])) {
    return std::nullopt;
  }
  size_t begin = stop - 1;
  size_t end = stop;
  while (begin > 0 && absl::ascii_isalpha(text[begin - 1])) --begin;
  while (end < text.size() && absl::ascii_isalpha(text[end])) ++end;
  const absl::string_view word = text.substr(begin, end - begin);
  if (begin > 0 && absl::StrContains("+-", text[begin - 1])) --begin;
  // Otherwise the word is in a string.
  const bool is_value =
      begin == 0 || absl::StrContains(":,[ \t\n", text[begin - 1]);
  if (!is_value || json::accept(word)) return std::nullopt;
  for (const auto& [foreign, remedy] : kForeignWords) {
    if (!absl::EqualsIgnoreCase(word, foreign)) continue;
    return JsonFault{.byte = begin + 1,
                     .what = absl::StrCat(text.substr(begin, end - begin),
                                          " is not JSON: ", remedy)};
  }
  return std::nullopt;
}

// Returns the library's fault, in plain words for the cases that people often
// meet.
JsonFault InPlainWords(JsonFault fault, absl::string_view text) {
  const size_t at = FindInvalidUtf8(text);
  if (at < fault.byte) {
    return {.byte = at + 1,
            .what = absl::StrCat("is not JSON: the byte '",
                                 absl::CHexEscape(text.substr(at, 1)),
                                 "' is not UTF-8: save the file as UTF-8")};
  }
  if (auto word = ForeignWord(text, fault.byte)) return *std::move(word);
  if (fault.byte > 0 && fault.byte <= text.size() &&
      text[fault.byte - 1] == '\'') {
    fault.what =
        "is not JSON: a single quote; names and strings are in double "
        "quotes, as Python's json.dumps writes them";
  }
  // The library quotes only the first byte of a character.
  if (FindInvalidUtf8(fault.what) != absl::string_view::npos) {
    fault.what = "is not JSON: a character that JSON has in strings alone";
  }
  return fault;
}

}  // namespace

std::optional<JsonFault> ParseJson(absl::string_view text, json& value) {
  ValueBuilder builder(value);
  if (json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  JsonFault fault = builder.TakeFault();
  if (!fault.twice) return InPlainWords(std::move(fault), text);
  fault.byte = PlaceOfName(text);
  return fault;
}

size_t LineOf(absl::string_view text, size_t byte) {
  const absl::string_view before = text.substr(0, byte);
  return 1 +
         static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace marquee
