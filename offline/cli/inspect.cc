// marquee inspect and marquee verify: show the content of a snapshot, and check
// it.
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/features/schema.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"
#include "marquee/config/manifest.pb.h"
#include "nlohmann/json.hpp"
#include "offline/cli/commands.h"
#include "offline/cli/examine.h"
#include "offline/cli/print_json.h"
#include "offline/cli/recall_text.h"

namespace marquee {
namespace {

struct InspectCall {
  std::string path;
  bool features = false;
  bool allow_empty = false;
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
  nlohmann::ordered_json engines = nlohmann::ordered_json::array();
  for (const auto& engine : manifest.engines()) {
    engines.push_back({{"name", engine.name()},
                       {"recall", engine.recall()},
                       {"parameter", engine.parameter()}});
  }
  nlohmann::ordered_json features = nlohmann::ordered_json::array();
  for (const auto& feature : manifest.ranker_features()) {
    features.push_back({{"name", feature.name()},
                        {"source", feature.source()},
                        {"default", feature.default_()}});
  }
  nlohmann::ordered_json ranker;  // null without one
  if (manifest.has_ranker_model()) {
    ranker = {{"trainer", manifest.ranker_model().trainer()},
              {"objective", manifest.ranker_model().objective()},
              {"trees", manifest.ranker_model().trees()}};
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
          {"engines", engines},
          {"ranker", ranker},
          {"ranker_features", features},
          {"sections", sections}};
}

// "7 of an item, 8 of a candidate"
std::string FeaturesBySource(const config::Manifest& manifest) {
  std::map<std::string, int> counts;
  for (const auto& feature : manifest.ranker_features()) {
    ++counts[feature.source()];
  }
  return absl::StrJoin(counts, ", ", [](std::string* out, const auto& count) {
    absl::StrAppend(out, count.second, " of ",
                    count.first == "item" ? "an " : "a ", count.first);
  });
}

void PrintManifest(const config::Manifest& manifest) {
  std::string text = absl::StrFormat(
      "version    %d, created %s by %s\n"
      "items      %d, %d with a vector of %d\n"
      "users      %d, %d with a vector\n"
      "golden     %d requests\n",
      manifest.version(), Created(manifest), manifest.builder(),
      manifest.items(), manifest.items_with_vector(), manifest.dimension(),
      manifest.users(), manifest.users_with_vector(), manifest.golden_size());
  for (const auto& engine : manifest.engines()) {
    absl::StrAppendFormat(
        &text,
        "engine     %-12s finds at least %s of the nearest 500 with %s %.4g\n",
        engine.name(), RecallText(engine.recall()),
        engine.name() == "cells" ? "stop share" : "width per k",
        engine.parameter());
  }
  if (manifest.has_ranker_model()) {
    const auto& ranker = manifest.ranker_model();
    absl::StrAppendFormat(
        &text, "ranker     %d trees of %s, objective %s\n", ranker.trees(),
        ranker.trainer(),
        ranker.objective().empty() ? "unknown" : ranker.objective());
  }
  if (manifest.ranker_features_size() > 0) {
    absl::StrAppendFormat(&text, "ranker     %d features: %s\n",
                          manifest.ranker_features_size(),
                          FeaturesBySource(manifest));
  }
  for (const auto& section : manifest.sections()) {
    absl::StrAppendFormat(&text, "section    %-12s %12d bytes  %s\n",
                          section.name(), section.bytes(), section.digest());
  }
  std::fputs(text.c_str(), stdout);
}

absl::Status PrintFeatures(const std::string& version, bool json) {
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  nlohmann::ordered_json features = nlohmann::ordered_json::array();
  const FeatureSchema schema(snapshot->catalog());
  for (const FeatureSpec& spec : schema.features()) {
    const std::string source(ScopeName(ScopeOf(spec.kind)));
    const std::string meaning(MeaningOf(spec.kind));
    features.push_back(
        {{"name", spec.name}, {"source", source}, {"meaning", meaning}});
    if (!json) {
      std::printf("%-26s  %-9s  %s\n", spec.name.c_str(), source.c_str(),
                  meaning.c_str());
    }
  }
  if (json) PrintJson(features);
  return absl::OkStatus();
}

absl::Status Inspect(const InspectCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(call.path));
  if (call.features) return PrintFeatures(version, call.json);
  MARQUEE_ASSIGN_OR_RETURN(const config::Manifest manifest,
                           ReadManifest(version));
  if (call.json) {
    PrintJson(Describe(manifest));
  } else {
    PrintManifest(manifest);
  }
  return absl::OkStatus();
}

nlohmann::ordered_json AsJson(const std::string& path, const Finding& finding) {
  return {{"path", path},
          {"version", finding.version},
          {"digest", finding.digest},
          {"bytes", finding.bytes},
          {"golden_requests", finding.golden_requests},
          {"warnings", finding.warnings}};
}

void PrintSound(const std::string& path, const Finding& finding) {
  std::printf(
      "%s: sound: %.1f MB, digest %s, %d golden requests answered as stored\n",
      path.c_str(), static_cast<double>(finding.bytes) / 1e6,
      finding.digest.c_str(), finding.golden_requests);
  for (const std::string& warning : finding.warnings) {
    std::fprintf(stderr, "marquee: warning: %s: %s\n", path.c_str(),
                 warning.c_str());
  }
}

EmptyShelves Empty(const InspectCall& call) {
  return call.allow_empty ? EmptyShelves::kAllow : EmptyShelves::kRefuse;
}

absl::Status VerifyOne(const std::string& path, const InspectCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const Finding finding, Examine(path, Empty(call)));
  if (call.json) {
    PrintJson(AsJson(path, finding));
  } else {
    PrintSound(path, finding);
  }
  return absl::OkStatus();
}

// Prints a line per version, the newest first. Goes on after a faulty one,
// because an older one may be needed for a rollback.
absl::Status VerifyAll(const std::string& snapshots,
                       const std::vector<uint64_t>& versions,
                       const InspectCall& call) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  size_t faulty = 0;
  for (const uint64_t version : versions) {
    const std::string path = VersionPath(snapshots, version);
    const absl::StatusOr<Finding> finding = Examine(path, Empty(call));
    const std::string fault(finding.status().message());
    faulty += !finding.ok();
    if (call.json) {
      list.push_back(finding.ok() ? AsJson(path, *finding)
                                  : nlohmann::ordered_json{
                                        {"path", path}, {"version", version}});
      list.back()["sound"] = finding.ok();
      if (!finding.ok()) list.back()["fault"] = fault;
    } else if (finding.ok()) {
      PrintSound(path, *finding);
    } else {
      std::printf("%s: faulty: %s\n", path.c_str(), fault.c_str());
    }
  }
  if (call.json) PrintJson(list);
  if (faulty == 0) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(snapshots, ": ", faulty, " of ",
                                          versions.size(),
                                          " versions are faulty"));
}

absl::Status Verify(const InspectCall& call) {
  const absl::StatusOr<std::string> one = ResolveVersion(call.path);
  if (one.ok() && *one == call.path) return VerifyOne(*one, call);
  // All versions, including the blocked ones.
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(call.path));
  if (versions.empty()) return one.status();
  MARQUEE_RETURN_IF_ERROR(VerifyAll(call.path, versions, call));
  // A server does not start beside an unreadable ledger.
  return VersionLedger::Read(call.path).status();
}

}  // namespace

void RegisterInspect(Command program) {
  const auto call = std::make_shared<InspectCall>();
  Command inspect = program.Add("inspect", "Show what is in a snapshot");
  inspect
      .AddOption("SNAPSHOT", call->path,
                 "A version, or the directory of the versions: the newest "
                 "that is not blocked")
      .Required();
  inspect.AddFlag("--features", call->features,
                  "List the features that a ranker of this catalogue may use");
  inspect.AddFlag("--json", call->json, "Print JSON");
  inspect.Does([call] { return Inspect(*call); });
}

void RegisterVerify(Command program) {
  const auto call = std::make_shared<InspectCall>();
  Command verify =
      program.Add("verify",
                  "Check every byte and every reference of snapshots, "
                  "and their golden answers");
  verify
      .AddOption("SNAPSHOT", call->path,
                 "A version, or the directory of the versions: all of them")
      .Required();
  verify.AddFlag("--allow-empty", call->allow_empty,
                 "Accept a snapshot that can show some users nothing, now or "
                 "within 14 days");
  verify.AddFlag("--json", call->json, "Print JSON");
  verify.Does([call] { return Verify(*call); });
}

}  // namespace marquee
