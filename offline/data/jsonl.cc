#include "offline/data/jsonl.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "offline/data/id_dictionary.h"
#include "offline/data/record_json.h"
#include "offline/formats/json_text.h"
#include "offline/formats/line_reader.h"
#include "offline/formats/parse_number.h"
#include "offline/formats/progress.h"

namespace marquee {
namespace {

using nlohmann::json;

constexpr size_t kMaxLineBytes = size_t{16} << 20;

constexpr absl::string_view kOneOnEachLine =
    "write one object on each line, as pandas' to_json(orient=\"records\", "
    "lines=True) does";

// Returns the place, from 1, of the quote that opens a string which the line
// does not close; 0 if there is none.
size_t OpenQuote(absl::string_view text) {
  size_t open = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (open > 0 && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      open = open > 0 ? 0 : i + 1;
  }
  return open;
}

absl::StatusOr<json> Parse(const LineReader& lines) {
  const absl::string_view text = lines.text();
  if (absl::StripLeadingAsciiWhitespace(text)[0] == '[') {
    return lines.Fault(
        absl::StrCat("is a list, not an object: ", kOneOnEachLine));
  }
  json value;
  const std::optional<JsonFault> fault = ParseJson(text, value);
  if (!fault) return value;
  // The parser reached the end of the line inside of a value.
  const bool is_cut = fault->byte > text.size();
  const size_t quote = is_cut ? OpenQuote(text) : 0;
  if (is_cut && quote == 0 && absl::StrContains(text, '{')) {
    return lines.Fault(
        absl::StrCat("the line ends inside of an object: ", kOneOnEachLine));
  }
  return absl::DataLossError(absl::StrCat(
      lines.path(), ":", lines.line(), ":", quote > 0 ? quote : fault->byte,
      ": ",
      quote > 0 ? "is not JSON: the quote that opens here is "
                  "never closed; an object and its strings must be on one line"
                : fault->what));
}

template <typename Record>
absl::Status ReadRecords(
    const std::string& path, absl::StatusOr<Record> (*from_json)(const json&),
    const std::function<absl::Status(Record, uint64_t)>& add) {
  MARQUEE_ASSIGN_OR_RETURN(auto lines, LineReader::Open(path, kMaxLineBytes));
  Progress progress(absl::StrCat("reading ", path), lines->size_bytes(), "B");
  IdDictionary ids;
  // By the id's number. Blank lines have no id, so the number does not give the
  // line.
  std::vector<uint64_t> line_of;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, lines->Next());
    if (!more) return absl::OkStatus();
    if (absl::StripAsciiWhitespace(lines->text()).empty()) continue;
    MARQUEE_ASSIGN_OR_RETURN(const json value, Parse(*lines));
    absl::StatusOr<Record> record = from_json(value);
    if (!record.ok()) return lines->Fault(record.status().message());
    const uint32_t number = ids.FindOrAdd(record->id);
    if (number < line_of.size()) {
      return lines->Fault(absl::StrCat("the id ", QuoteForError(record->id),
                                       " is also on line ", line_of[number]));
    }
    line_of.push_back(lines->line());
    const absl::Status added = add(*std::move(record), lines->line());
    if (!added.ok()) {
      return absl::Status(added.code(),
                          lines->Fault(added.message()).message());
    }
    progress.Update(lines->consumed_bytes());
  }
}

}  // namespace

absl::Status ReadItems(
    const std::string& path,
    const std::function<absl::Status(ItemRecord, uint64_t)>& add) {
  return ReadRecords<ItemRecord>(path, ItemFromJson, add);
}

absl::Status ReadUsers(
    const std::string& path,
    const std::function<absl::Status(UserRecord, uint64_t)>& add) {
  return ReadRecords<UserRecord>(path, UserFromJson, add);
}

}  // namespace marquee
