// marquee build: builds a new version of the snapshot.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/snapshot_writer.h"
#include "nlohmann/json.hpp"
#include "offline/build/snapshot_builder.h"
#include "offline/cli/commands.h"
#include "offline/cli/iterations.h"
#include "offline/cli/print_json.h"
#include "offline/cli/recall_text.h"
#include "offline/cli/warn.h"
#include "offline/command_line/value_check.h"
#include "offline/formats/parse_number.h"
#include "offline/formats/timestamp.h"

namespace marquee {
namespace {

struct BuildCall {
  BuildOptions options;
  std::string now, until;
  bool graph = true;
  GraphOptions graph_options;
  bool shapes_graph = false;  // an option of the graph was given
  bool names_graph = false;
  bool json = false;
};

nlohmann::ordered_json AsJson(const BuildSummary& summary) {
  nlohmann::ordered_json engines = nlohmann::ordered_json::array();
  for (const BuildSummary::Engine& engine : summary.engines) {
    engines.push_back({{"name", engine.name}, {"recall", engine.recall}});
  }
  nlohmann::ordered_json json = {
      {"version", summary.version},
      {"from_version", summary.from_version},
      {"path", summary.path},
      {"bytes", summary.bytes},
      {"items", summary.items},
      {"items_with_vector", summary.items_with_vector},
      {"unrated_items", summary.unrated_items},
      {"users", summary.users},
      {"users_with_vector", summary.users_with_vector},
      {"vectors", summary.vectors},
      {"trees", summary.trees},
      {"ranker_vectors", summary.ranker_vectors},
      {"rules", summary.rules},
      {"engines", engines},
      {"unknown_embedded_items", summary.unknown_embedded_items.size()},
      {"unknown_interactions", summary.unknown_interactions},
      {"zero_item_vectors", summary.zero_item_vectors},
      {"zero_user_vectors", summary.zero_user_vectors}};
  if (summary.from_version == 0) json["folded_users"] = summary.folded_users;
  return json;
}

std::string TellRanker(const BuildSummary& summary) {
  if (summary.trees == 0) return "none";
  return absl::StrCat(summary.trees, " trees",
                      summary.ranker_vectors.empty()
                          ? ", which do not tell of what vectors they are"
                          : absl::StrCat(", of ", summary.ranker_vectors));
}

void PrintText(const BuildSummary& summary) {
  std::string engines;
  for (const BuildSummary::Engine& engine : summary.engines) {
    absl::StrAppendFormat(&engines,
                          "%-9s finds at least %s of the nearest 500\n",
                          engine.name, RecallText(engine.recall));
  }
  std::string text = absl::StrFormat(
      "version   %d%s, %.1f MB, in %s\n"
      "items     %d, %d with a vector\n"
      "users     %d, %d with a vector%s\n"
      "%s"
      "ranker    %s\n"
      "rules     %d\n",
      summary.version,
      summary.from_version == 0
          ? ""
          : absl::StrCat(", from version ", summary.from_version),
      static_cast<double>(summary.bytes) / 1e6, summary.path, summary.items,
      summary.items_with_vector, summary.users, summary.users_with_vector,
      summary.folded_users == 0
          ? ""
          : absl::StrCat(", ", summary.folded_users,
                         " of them by their history alone"),
      engines, TellRanker(summary), summary.rules);
  if (!summary.unknown_embedded_items.empty()) {
    absl::StrAppend(
        &text, "left out: ", summary.unknown_embedded_items.size(),
        " items with a vector that the catalogue does not have, for example '",
        summary.unknown_embedded_items.front(), "'\n");
  }
  if (summary.unrated_items > 0) {
    absl::StrAppend(
        &text, "unrated:  ", summary.unrated_items, " items have no age rating",
        summary.unrated_is
            ? absl::StrCat(" and count as ", *summary.unrated_is, " years\n")
            : ": no user with an age limit is shown them (--unrated-is)\n");
  }
  if (summary.zero_item_vectors + summary.zero_user_vectors > 0) {
    absl::StrAppend(&text, "left out: vectors of zeros, ",
                    summary.zero_item_vectors, " of items and ",
                    summary.zero_user_vectors, " of users\n");
  }
  if (summary.unknown_interactions > 0) {
    absl::StrAppend(
        &text, "left out: ", summary.unknown_interactions,
        " interactions with items that the catalogue does not have, for "
        "example ",
        QuoteForError(summary.unknown_interaction), "\n");
  }
  std::fputs(text.c_str(), stdout);
}

// Returns the path without a slash at its end.
std::filesystem::path DirectoryOf(const std::string& path) {
  const std::filesystem::path whole =
      std::filesystem::absolute(path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

// Whether the path is a build that could not be published and was kept.
bool IsUnpublished(const std::string& path) {
  return absl::StartsWith(DirectoryOf(path).filename().string(), kUnpublished);
}

// Finds the version to build from, and the directory of the new one, beside it.
absl::Status ResolveFrom(BuildOptions& options) {
  uint64_t number = 0;
  if (!options.snapshots.empty() && absl::SimpleAtoi(options.from, &number)) {
    options.from = VersionPath(options.snapshots, number);
  }
  MARQUEE_ASSIGN_OR_RETURN(options.from, ResolveVersion(options.from));
  if (options.snapshots.empty()) {
    options.snapshots = DirectoryOf(options.from).parent_path().string();
  }
  return absl::OkStatus();
}

absl::Status CheckSources(BuildOptions& options) {
  if (!options.from.empty()) {
    MARQUEE_RETURN_IF_ERROR(ResolveFrom(options));
    // Building from an unpublished build publishes it, even if nothing is
    // replaced.
    if (options.policy.empty() && options.ranker.empty() &&
        !IsUnpublished(options.from)) {
      return absl::InvalidArgumentError(
          "--from: needs --policy, --ranker or both; with neither the new "
          "version would be the old one");
    }
    return absl::OkStatus();
  }
  const std::pair<absl::string_view, const std::string&> required[] = {
      {"--data", options.data},
      {"--embeddings", options.embeddings},
      {"--out", options.snapshots}};
  for (const auto& [name, value] : required) {
    if (!value.empty()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is required, or --from a version with --policy"));
  }
  return absl::OkStatus();
}

absl::Status Build(BuildCall& call) {
  MARQUEE_RETURN_IF_ERROR(CheckSources(call.options));
  if (!call.now.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(call.options.now, ParseNow("--now", call.now));
  }
  if (!call.until.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(call.options.until,
                             ParseTimestamp("--until", call.until));
  }
  if (call.graph) call.options.retrieval.graph = call.graph_options;
  call.options.retrieval.graph_may_be_left_out =
      !call.names_graph && !call.shapes_graph;
  if (!call.graph && call.shapes_graph) {
    return absl::InvalidArgumentError(
        "--no-graph: goes with neither --links nor --build-width");
  }
  MARQUEE_ASSIGN_OR_RETURN(const BuildSummary summary,
                           BuildSnapshot(call.options));
  for (const std::string& line : summary.conversions) Warn(line);
  for (const std::string& warning : summary.data_warnings) Warn(warning);
  for (const std::string& warning : summary.warnings) Warn(warning);
  if (call.json) {
    PrintJson(AsJson(summary));
  } else {
    PrintText(summary);
  }
  return absl::OkStatus();
}

void AddRetrieval(BuildCall& call, Command build) {
  RetrievalOptions& options = call.options.retrieval;
  build
      .AddOption("--recall", options.recall,
                 "Share of the best 500 items that every engine must find on "
                 "sampled users and items")
      .ShowDefault()
      .Check(RealNumber(0, 1));
  build
      .AddFlag("--graph,!--no-graph", call.graph,
               "Whether the neighbour graph (HNSW) is built, for the graph "
               "engine: minutes at 500 thousand items. A server measures "
               "which engine answers sooner. One that finds too little is "
               "left out, unless this flag requests it")
      .Marks(call.names_graph);
  build
      .AddOption("--links", call.graph_options.links,
                 "Links an item of the graph")
      .ShowDefault()
      .Check(WholeNumber(4, 128))
      .Marks(call.shapes_graph);
  build
      .AddOption(
          "--build-width", call.graph_options.build_width,
          "Width of the search for neighbours while the graph is built, not "
          "less than --links")
      .ShowDefault()
      .Check(WholeNumber(4, 10000))
      .Marks(call.shapes_graph);
  build
      .AddOption(
          "--threads", options.threads,
          "0: all cores; 1: the same graph on every run (cells always are)")
      .ShowDefault()
      .Check(WholeNumber(0, 256));
  build.AddOption("--seed", options.seed, "Of the cells and the graph")
      .ShowDefault()
      .Check(Seed());
}

// The options for what a version that is built from another may replace.
void AddModels(BuildOptions& options, Command build) {
  build.AddOption(
      "--ranker", options.ranker,
      "LightGBM or XGBoost model file; none: the order of retrieval");
  build
      .AddOption("--ranker-iterations", options.ranker_iterations,
                 "Use only the first so many iterations of the ranker; best: "
                 "those up to the best of early stopping, which the model "
                 "must name")
      .Check(Iterations())
      .Needs("--ranker");
  build.AddOption("--policy", options.policy,
                  "Rules in protobuf text format; none: no rules");
}

}  // namespace

void RegisterBuild(Command program) {
  Command build = program.Add(
      "build", "Write a new version of the snapshot that a server loads");
  const auto call = std::make_shared<BuildCall>();
  BuildOptions& options = call->options;
  build.AddOption("--data", options.data,
                  "Directory of items.jsonl, users.jsonl, interactions.csv");
  build.AddOption("--embeddings", options.embeddings,
                  "Directory that a trainer wrote");
  build.AddOption("--from", options.from,
                  "In place of --data and --embeddings: a version, of which "
                  "everything but --policy and --ranker stays as it is; takes "
                  "seconds, and no disk for what stays");
  AddModels(options, build);
  build.AddOption("--out", options.snapshots,
                  "Directory of the versions; with --from by default the one "
                  "of that version");
  build.AddFlag("--allow-empty", options.allow_empty,
                "Build even if some users can be shown nothing, now or within "
                "14 days");
  build
      .AddOption("--unrated-is", options.unrated_is,
                 "The age that items without one count as; by default "
                 "no user with an age limit is shown them")
      .Check(WholeNumber(0, kMaxMaturity));
  build.AddFlag("--allow-unmatched", options.allow_unmatched,
                "Build although most ids of one file are not in the others");
  build.AddFlag("--allow-other-vectors", options.allow_other_vectors,
                "Build although the ranker was trained on vectors that were "
                "made in another way");
  AddRetrieval(*call, build);
  build.AddOption(
      "--now", call->now,
      "The moment of the golden requests (RFC 3339, a day or Unix seconds); "
      "what users can be shown is checked then and today");
  build.AddOption("--until", call->until,
                  "Only interactions before this moment");
  build
      .AddOption("--events", options.events,
                 "The events that are signs of liking, for example like,play; "
                 "by default those that `train als` learnt from")
      .Split(',');
  for (const char* const option :
       {"--data", "--embeddings", "--unrated-is", "--events",
        "--allow-unmatched", "--recall", "--graph", "--links", "--build-width",
        "--threads", "--seed", "--until"}) {
    build.Exclude("--from", option);
  }
  build.AddFlag("--json", call->json, "Print the summary as JSON");
  build.Does([call] { return Build(*call); });
}

}  // namespace marquee
