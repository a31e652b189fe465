// marquee inspect and marquee verify: what is in a snapshot, and whether it is
// sound.
#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/features/schema.h"
#include "core/pipeline/golden.h"
#include "core/pipeline/pipeline.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "nlohmann/json.hpp"
#include "offline/cli/command.h"

namespace marquee {
namespace {

struct InspectCall {
  std::string path;
  bool features = false;
  bool json = false;
};

std::string Created(const config::Manifest& manifest) {
  return absl::FormatTime(
      absl::RFC3339_sec, absl::FromUnixSeconds(manifest.created_unix_seconds()),
      absl::UTCTimeZone());
}

nlohmann::ordered_json Describe(const config::Manifest& manifest) {
  nlohmann::ordered_json sections = nlohmann::ordered_json::array();
  for (const auto& section : manifest.sections()) {
    sections.push_back({{"name", section.name()},
                        {"bytes", section.bytes()},
                        {"digest", section.digest()}});
  }
  return {{"version", manifest.version()},
          {"created", Created(manifest)},
          {"builder", manifest.builder()},
          {"items", manifest.items()},
          {"items_with_vector", manifest.items_with_vector()},
          {"users", manifest.users()},
          {"users_with_vector", manifest.users_with_vector()},
          {"dimension", manifest.dimension()},
          {"golden_requests", manifest.golden_size()},
          {"sections", sections}};
}

void PrintManifest(const config::Manifest& manifest) {
  std::string text = absl::StrFormat(
      "version    %d, created %s by %s\n"
      "titles     %d, %d with a vector of %d\n"
      "users      %d, %d with a vector\n"
      "golden     %d requests\n",
      manifest.version(), Created(manifest), manifest.builder(),
      manifest.items(), manifest.items_with_vector(), manifest.dimension(),
      manifest.users(), manifest.users_with_vector(), manifest.golden_size());
  for (const auto& section : manifest.sections()) {
    absl::StrAppendFormat(&text, "section    %-12s %12d bytes  %s\n",
                          section.name(), section.bytes(), section.digest());
  }
  std::fputs(text.c_str(), stdout);
}

absl::Status PrintFeatures(const std::string& version, bool json) {
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  nlohmann::json names = nlohmann::json::array();
  const FeatureSchema schema(snapshot->catalog());
  for (const FeatureSpec& spec : schema.features()) {
    names.push_back(spec.name);
    if (!json) std::printf("%s\n", spec.name.c_str());
  }
  if (json) std::printf("%s\n", names.dump(2).c_str());
  return absl::OkStatus();
}

absl::Status Inspect(const InspectCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(call.path));
  if (call.features) return PrintFeatures(version, call.json);
  MARQUEE_ASSIGN_OR_RETURN(const config::Manifest manifest,
                           ReadManifest(version));
  if (call.json) {
    std::printf("%s\n", Describe(manifest).dump(2).c_str());
  } else {
    PrintManifest(manifest);
  }
  return absl::OkStatus();
}

absl::Status Verify(const InspectCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(call.path));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  const Pipeline pipeline(*snapshot, {}, Clock::Real());
  MARQUEE_RETURN_IF_ERROR(CheckGolden(pipeline, snapshot->manifest()));
  if (call.json) {
    const nlohmann::ordered_json result = {
        {"path", version},
        {"version", snapshot->version()},
        {"digest", snapshot->digest()},
        {"bytes", snapshot->size_bytes()},
        {"golden_requests", snapshot->manifest().golden_size()}};
    std::printf("%s\n", result.dump(2).c_str());
  } else {
    std::printf(
        "%s: sound: %.1f MB, digest %s, %d golden requests answered as "
        "stored\n",
        version.c_str(), static_cast<double>(snapshot->size_bytes()) / 1e6,
        snapshot->digest().c_str(), snapshot->manifest().golden_size());
  }
  return absl::OkStatus();
}

}  // namespace

void RegisterInspect(CLI::App& app, Action* action) {
  const auto call = std::make_shared<InspectCall>();
  CLI::App* const inspect =
      app.add_subcommand("inspect", "Show what is in a snapshot");
  inspect
      ->add_option("SNAPSHOT", call->path,
                   "A version, or the directory of the versions: the newest")
      ->required();
  inspect->add_flag(
      "--features", call->features,
      "List the features that a ranker of this catalogue may use");
  inspect->add_flag("--json", call->json, "Print JSON");
  inspect->callback(
      [call, action] { *action = [call] { return Inspect(*call); }; });
}

void RegisterVerify(CLI::App& app, Action* action) {
  const auto call = std::make_shared<InspectCall>();
  CLI::App* const verify =
      app.add_subcommand("verify",
                         "Check every byte and every reference of a snapshot, "
                         "and its golden answers");
  verify
      ->add_option("SNAPSHOT", call->path,
                   "A version, or the directory of the versions: the newest")
      ->required();
  verify->add_flag("--json", call->json, "Print JSON");
  verify->callback(
      [call, action] { *action = [call] { return Verify(*call); }; });
}

}  // namespace marquee
