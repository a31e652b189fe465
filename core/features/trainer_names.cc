#include "core/features/trainer_names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace marquee {

// LightGBM refuses the special characters of JSON; XGBoost refuses '[', ']' and
// '<'.
std::string NameForTrainers(absl::string_view name) {
  std::string plain(name);
  for (char& c : plain) {
    if (absl::ascii_isspace(static_cast<unsigned char>(c)) ||
        absl::StrContains("\",:[]{}<>", c)) {
      c = '_';
    }
  }
  return plain;
}

namespace {

// Appends the bytes of `name` that are '_' in its plain form, those that were
// '_' before too: of "a b", "a:b" and "a_b", which all become a_b, it makes
// a_b__20, a_b__3a and a_b__5f.
std::string NameToldApart(absl::string_view name) {
  const std::string plain = NameForTrainers(name);
  std::string codes;
  for (size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] == '_')
      absl::StrAppend(&codes, absl::BytesToHexString(name.substr(i, 1)));
  }
  return absl::StrCat(plain, "__", codes);
}

}  // namespace

std::vector<std::string> NamesForTrainers(std::span<const std::string> names) {
  absl::flat_hash_map<std::string, size_t> alike;
  for (const std::string& name : names) ++alike[NameForTrainers(name)];
  std::vector<std::string> written;
  for (const std::string& name : names) {
    const std::string plain = NameForTrainers(name);
    written.push_back(alike[plain] > 1 ? NameToldApart(name) : plain);
  }
  return written;
}

bool KeepsCharacters(std::span<const std::string> names) {
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return NameForTrainers(name) != name;
  });
}

TrainerNames::TrainerNames(std::span<const std::string> known) : known_(known) {
  for (size_t i = 0; i < known.size(); ++i) {
    if (same_.emplace(known[i], i).second) {
      written_[NameForTrainers(known[i])].push_back(i);
      told_apart_.emplace(NameToldApart(known[i]), i);
    }
  }
}

absl::StatusOr<size_t> TrainerNames::Find(absl::string_view name,
                                          bool keeps_characters) const {
  const auto same = same_.find(name);
  const auto written = written_.find(name);
  const size_t count = written == written_.end() ? 0 : written->second.size();
  // A trainer that replaces characters writes a_b for "a b", too.
  if (same != same_.end() && (keeps_characters || count <= 1)) {
    return same->second;
  }
  if (count == 0) {
    const auto told_apart = told_apart_.find(name);
    if (told_apart != told_apart_.end()) return told_apart->second;
    return absl::NotFoundError(absl::StrCat("there is no '", name, "'"));
  }
  if (count > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", name, "' may mean '", known_[written->second[0]], "' or '",
        known_[written->second[1]], "', which trainers write alike"));
  }
  return written->second[0];
}

}  // namespace marquee
