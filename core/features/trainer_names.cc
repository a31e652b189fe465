#include "core/features/trainer_names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace marquee {

// LightGBM does not take the signs of JSON, XGBoost neither '[', ']' nor '<'.
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

bool KeepsCharacters(std::span<const std::string> names) {
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return NameForTrainers(name) != name;
  });
}

TrainerNames::TrainerNames(std::span<const std::string> known) : known_(known) {
  for (size_t i = 0; i < known.size(); ++i) {
    if (same_.emplace(known[i], i).second) {
      written_[NameForTrainers(known[i])].push_back(i);
    }
  }
}

absl::StatusOr<size_t> TrainerNames::Find(absl::string_view name,
                                          bool keeps_characters) const {
  const auto same = same_.find(name);
  const auto written = written_.find(name);
  const size_t count = written == written_.end() ? 0 : written->second.size();
  if (same != same_.end() && (keeps_characters || count <= 1)) {
    return same->second;
  }
  if (count == 0) {
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
