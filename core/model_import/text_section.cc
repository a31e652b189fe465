#include "core/model_import/text_section.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr size_t kMaxQuoted = 40;

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::CHexEscape(text.substr(0, kMaxQuoted)), "'");
}

template <typename T>
bool ParseNumber(absl::string_view word, T* value) {
  const char* const end = word.data() + word.size();
  const auto result = std::from_chars(word.data(), end, *value);
  if constexpr (std::is_floating_point_v<T>) {
    if (result.ec == std::errc::result_out_of_range && result.ptr == end) {
      // from_chars gives no value for 1e999 and 1e-999; LightGBM's reader
      // takes them as infinity and zero.
      *value = std::strtod(std::string(word).c_str(), nullptr);
      return true;
    }
  }
  return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

bool ModelLines::Next() {
  if (rest_.empty()) return false;
  ++number_;
  const size_t end = rest_.find('\n');
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(end == absl::string_view::npos ? rest_.size() : end + 1);
  if (absl::EndsWith(line_, "\r")) line_.remove_suffix(1);
  return true;
}

absl::Status TextSection::Add(const ModelLines& reader) {
  const absl::string_view line = reader.line();
  const size_t equals = line.find('=');
  const absl::string_view key = line.substr(0, equals);
  const auto place = std::find(keys_.begin(), keys_.end(), key);
  if (place == keys_.end()) return absl::OkStatus();
  Field& field = fields_[place - keys_.begin()];
  if (field.line != 0) {
    return absl::DataLossError(absl::StrCat(
        name_, ":", reader.number(), ": the field '", key, "' occurs twice"));
  }
  field.line = reader.number();
  if (equals != absl::string_view::npos) field.value = line.substr(equals + 1);
  return absl::OkStatus();
}

const TextSection::Field& TextSection::Find(absl::string_view key) const {
  const auto place = std::find(keys_.begin(), keys_.end(), key);
  MARQUEE_CHECK(place != keys_.end());
  return fields_[place - keys_.begin()];
}

std::string TextSection::Place(absl::string_view key) const {
  const size_t line = Find(key).line;
  return absl::StrCat(name_, ":", line == 0 ? begin_ : line, ": ");
}

absl::Status TextSection::Fault(absl::string_view key,
                                absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(Place(key), what));
}

absl::Status TextSection::Unsupported(absl::string_view key,
                                      absl::string_view what) const {
  return absl::UnimplementedError(absl::StrCat(Place(key), what));
}

template <typename T>
absl::StatusOr<std::vector<T>> TextSection::Numbers(absl::string_view key,
                                                    size_t count) const {
  if (!Has(key)) {
    return Fault(key, absl::StrCat("the field '", key, "' is missing"));
  }
  std::vector<T> numbers;
  for (const absl::string_view word :
       absl::StrSplit(Text(key), ' ', absl::SkipEmpty())) {
    T number{};
    if (!ParseNumber(word, &number)) {
      return Fault(key, absl::StrCat("'", key, "' has the word ", Quoted(word),
                                     ", which is not a number of its kind"));
    }
    numbers.push_back(number);
  }
  if (numbers.size() != count) {
    return Fault(key, absl::StrCat("'", key, "' has ", numbers.size(),
                                   " numbers instead of ", count));
  }
  return numbers;
}

absl::StatusOr<int64_t> TextSection::Int(absl::string_view key) const {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers,
                           Numbers<int64_t>(key, 1));
  return numbers[0];
}

absl::StatusOr<std::vector<int32_t>> TextSection::Ints(absl::string_view key,
                                                       size_t count) const {
  return Numbers<int32_t>(key, count);
}

absl::StatusOr<std::vector<uint32_t>> TextSection::Words(absl::string_view key,
                                                         size_t count) const {
  return Numbers<uint32_t>(key, count);
}

absl::StatusOr<std::vector<double>> TextSection::Doubles(absl::string_view key,
                                                         size_t count) const {
  return Numbers<double>(key, count);
}

}  // namespace marquee
