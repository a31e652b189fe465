#include "offline/doubts/id_match.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "offline/formats/parse_number.h"

namespace marquee {

absl::Status CheckMatch(const IdMatch& match) {
  if (match.there_example.empty() || 2 * match.unmatched <= match.count) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      match.file, ": ", match.unmatched, " of its ", match.count, " ",
      match.what, " are not in ", match.where, ", such as ",
      QuoteForError(match.example), "; ids there look like ",
      QuoteForError(match.there_example),
      "; export both files from one system.", HintOfId(match.example),
      " (--allow-unmatched continues anyway)"));
}

absl::string_view HintOfId(absl::string_view id) {
  return absl::EndsWith(id, ".0")
             ? " Ids that end with .0 were numbers once: write them as text."
             : "";
}

std::string TellUnmatched(const IdMatch& match) {
  return absl::StrCat(match.file, ": ", match.unmatched, " of its ",
                      match.count, " ", match.what, " are not in ", match.where,
                      ", such as ", QuoteForError(match.example));
}

}  // namespace marquee
