#include "offline/data/id_dictionary.h"

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/checksum.h"
#include "core/base/ids.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "offline/formats/line_reader.h"
#include "offline/formats/parse_number.h"

namespace marquee {

absl::Status CheckId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes) {
    return absl::DataLossError(absl::StrCat(
        "an id has 1 to ", kMaxIdBytes, " bytes, this one has ", id.size()));
  }
  bool is_ascii = true;
  for (const char c : id) {
    is_ascii &= absl::ascii_isascii(static_cast<unsigned char>(c));
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      return absl::DataLossError(absl::StrCat(
          "the id ", QuoteForError(id), " has a control character in it"));
    }
  }
  if (!is_ascii && FindInvalidUtf8(id) != absl::string_view::npos) {
    return absl::DataLossError(absl::StrCat(
        "the id ", QuoteForError(id),
        " is not UTF-8, which requests are in: is the file in Latin-1?"));
  }
  return absl::OkStatus();
}

absl::string_view IdDictionary::operator[](uint32_t number) const {
  const uint64_t begin = number == 0 ? 0 : ends_[number - 1];
  return absl::string_view(text_).substr(begin, ends_[number] - begin);
}

// Linear probing. At least a third of the slots are empty, so the search ends.
size_t IdDictionary::SlotOf(absl::string_view id) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = Checksum64(id) & mask;
  while (slots_[slot] != kEmpty && (*this)[slots_[slot]] != id) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void IdDictionary::Grow() {
  slots_.assign(slots_.size() * 2, kEmpty);
  for (uint32_t number = 0; number < ends_.size(); ++number) {
    slots_[SlotOf((*this)[number])] = number;
  }
}

uint32_t IdDictionary::FindOrAdd(absl::string_view id) {
  size_t slot = SlotOf(id);
  if (slots_[slot] != kEmpty) return slots_[slot];
  if ((ends_.size() + 1) * 3 > slots_.size() * 2) {
    Grow();
    slot = SlotOf(id);
  }
  const uint32_t number = static_cast<uint32_t>(ends_.size());
  MARQUEE_CHECK(ends_.size() < kEmpty);
  text_.append(id.data(), id.size());
  ends_.push_back(text_.size());
  slots_[slot] = number;
  return number;
}

std::optional<uint32_t> IdDictionary::Find(absl::string_view id) const {
  const uint32_t number = slots_[SlotOf(id)];
  if (number == kEmpty) return std::nullopt;
  return number;
}

absl::StatusOr<IdDictionary> ReadIdList(const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(auto lines, LineReader::Open(path, kMaxIdBytes));
  IdDictionary ids;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, lines->Next());
    if (!more) return ids;
    if (absl::Status status = CheckId(lines->text()); !status.ok()) {
      return lines->Fault(status.message());
    }
    const uint32_t number = ids.FindOrAdd(lines->text());
    // Until here every line has an id of its own, so a new id's number is its
    // line less 1.
    if (number + 1 != lines->line()) {
      return lines->Fault(absl::StrCat("the id ", QuoteForError(lines->text()),
                                       " is also on line ", number + 1));
    }
  }
}

}  // namespace marquee
