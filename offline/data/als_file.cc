#include "offline/data/als_file.h"

#include <cmath>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/checksum.h"
#include "core/base/status_macros.h"
#include "core/files/atomic_file.h"
#include "core/forest/forest.h"
#include "nlohmann/json.hpp"
#include "offline/data/seen_json.h"
#include "offline/formats/json_text.h"

namespace marquee {
namespace {

using ::nlohmann::json;

// Returns the content of als.json; null if there is no such file. A damaged
// file must not count as an absent one: without it a snapshot has no fold-in,
// and a ranker may learn from interactions that its embeddings have seen.
absl::StatusOr<json> ReadJson(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path, 1 << 20);
  if (absl::IsNotFound(text.status())) return json();
  if (!text.ok()) return text.status();
  json als;
  const std::optional<JsonFault> fault = ParseJson(*text, als);
  if (fault && fault->twice) {
    return absl::DataLossError(
        absl::StrCat(path, ":", LineOf(*text, fault->byte), ": ", fault->what));
  }
  if (!fault && als.is_object()) return als;
  return absl::DataLossError(absl::StrCat(
      path,
      ": is damaged, it must be one JSON object: train again, or remove "
      "the file if the vectors are not of ALS"));
}

absl::StatusOr<float> PositiveNumber(const json& als, const std::string& path,
                                     const char* name) {
  if (!als.contains(name) || !als[name].is_number()) {
    return absl::DataLossError(
        absl::StrCat(path, ": needs a number '", name, "'"));
  }
  const float value = als[name].get<float>();
  if (!std::isfinite(value) || value <= 0) {
    return absl::DataLossError(
        absl::StrCat(path, ": '", name, "' is ", als[name].dump(),
                     ", must be more than 0 and at most 3.4e38"));
  }
  return value;
}

// Absent in files of other programs.
absl::StatusOr<std::optional<SeenInteractions>> ReadSeen(
    const json& als, const std::string& path) {
  if (!als.contains("seen")) return std::nullopt;
  return SeenFromJson(als["seen"], absl::StrCat(path, ": 'seen'"));
}

absl::StatusOr<std::optional<uint64_t>> ReadCount(const json& als,
                                                  const std::string& path,
                                                  const char* name) {
  if (!als.contains(name)) return std::nullopt;
  if (als[name].is_number_unsigned()) return als[name].get<uint64_t>();
  return absl::DataLossError(absl::StrCat(path, ": '", name, "' is ",
                                          als[name].dump(),
                                          ", must be a whole number"));
}

absl::StatusOr<std::optional<VectorProbe>> ReadProbe(const json& als,
                                                     const std::string& path,
                                                     const char* name) {
  if (!als.contains(name)) return std::nullopt;
  return ProbeFromJson(als[name], absl::StrCat(path, ": '", name, "'"));
}

// Returns the parameters that change the features of retrained vectors. The end
// of the interactions, the seed and the number of users are not among them.
std::string RecipeOf(const json& als, const AlsFile& file) {
  std::string recipe = "als";
  for (const char* const name :
       {"factors", "iterations", "regularization", "alpha"}) {
    if (!als.contains(name) || !als[name].is_number()) continue;
    // Numbers, so that 10 and 10.0 are equal.
    absl::StrAppend(&recipe, " ", name, "=", als[name].get<double>());
  }
  // Sorted, so that the order in which events were named does not matter.
  const std::set<std::string> events(file.events.begin(), file.events.end());
  if (events.empty()) return recipe;
  const std::string with =
      absl::StrCat(recipe, " events=", json(events).dump());
  // A recipe is one short line. The digest of the events replaces those
  // that do not fit.
  if (IsRecipe(with)) return with;
  return absl::StrFormat("%s, %d events of digest %016x", recipe, events.size(),
                         Checksum64(json(events).dump()));
}

absl::StatusOr<std::string> ReadUntil(const json& als,
                                      const std::string& path) {
  if (!als.contains("until") || als["until"].is_null()) return std::string();
  if (als["until"].is_string()) return als["until"].get<std::string>();
  return absl::DataLossError(absl::StrCat(
      path, ": 'until' is ", als["until"].dump(),
      ", must be null or a string such as \"2026-05-01T12:00:00Z\""));
}

absl::StatusOr<std::vector<std::string>> ReadEvents(const json& als,
                                                    const std::string& path) {
  std::vector<std::string> events;
  if (!als.contains("events")) return events;
  const auto damaged = absl::DataLossError(
      absl::StrCat(path, ": 'events' is ", als["events"].dump(),
                   ", must be a list of texts"));
  if (!als["events"].is_array()) return damaged;
  for (const json& event : als["events"]) {
    if (!event.is_string()) return damaged;
    events.push_back(event.get<std::string>());
  }
  return events;
}

}  // namespace

absl::StatusOr<std::optional<AlsFile>> ReadAlsFile(const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(const json als, ReadJson(path));
  if (als.is_null()) return std::nullopt;
  AlsFile file;
  MARQUEE_ASSIGN_OR_RETURN(file.parameters.alpha,
                           PositiveNumber(als, path, "alpha"));
  MARQUEE_ASSIGN_OR_RETURN(file.parameters.regularization,
                           PositiveNumber(als, path, "regularization"));
  MARQUEE_ASSIGN_OR_RETURN(file.until, ReadUntil(als, path));
  MARQUEE_ASSIGN_OR_RETURN(file.seen, ReadSeen(als, path));
  MARQUEE_ASSIGN_OR_RETURN(file.events, ReadEvents(als, path));
  MARQUEE_ASSIGN_OR_RETURN(file.factors, ReadCount(als, path, "factors"));
  MARQUEE_ASSIGN_OR_RETURN(file.iterations, ReadCount(als, path, "iterations"));
  MARQUEE_ASSIGN_OR_RETURN(file.seed, ReadCount(als, path, "seed"));
  MARQUEE_ASSIGN_OR_RETURN(file.users, ReadCount(als, path, "users"));
  MARQUEE_ASSIGN_OR_RETURN(file.items, ReadCount(als, path, "items"));
  MARQUEE_ASSIGN_OR_RETURN(file.user_vectors,
                           ReadProbe(als, path, "user_vectors"));
  MARQUEE_ASSIGN_OR_RETURN(file.item_vectors,
                           ReadProbe(als, path, "item_vectors"));
  file.recipe = RecipeOf(als, file);
  return file;
}

}  // namespace marquee
